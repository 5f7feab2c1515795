// Source: API Reference, "CreateTable".
#include <fmt/format.h>

#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/resource_policy_change.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {

Result<void> authorize_creation(const RequestContext& context, const TableDefinition& draft) {
  const std::string arn = table_resource(context, draft.name);
  const auto facts = [&](AccessFacts* facts) {
    for (const auto& [key, value] : draft.tags) facts->add_request_tag(key, value);
  };
  TRY(authorize(context, arn, facts));
  if (!draft.tags.empty()) TRY(authorize(context, "dynamodb:TagResource", arn, facts));
  if (draft.resource_policy != nullptr) TRY(authorize(context, "dynamodb:PutResourcePolicy", arn));
  return {};
}

// A name that is taken is the better answer than a limit that is reached.
Result<void> check_room(const Services& services, const TableDefinition& draft) {
  const std::int64_t limit = services.options.max_tables_per_region;
  if (static_cast<std::int64_t>(services.catalog.table_count(draft.region)) < limit) return {};
  if (services.catalog.find(draft.region, TableName{{}, {}, draft.name}) != nullptr) return {};
  return fail(ErrorCode::kLimitExceeded,
              fmt::format("Subscriber limit exceeded: There is a limit of {} tables per subscriber", limit));
}

}  // namespace

Task<Result<CreateTableResponse>> create_table(Services& services, RequestContext& context,
                                               const CreateTableRequest& request) {
  CO_TRY_ASSIGN(TableDefinition draft, plan_create_table(request, plan_context(services)));
  draft.region = context.region;
  if (request.resource_policy) {
    const std::string arn = table_resource(context, draft.name);
    CO_TRY_ASSIGN(draft.resource_policy,
                  make_resource_policy(*request.resource_policy, arn, policy_revision_id(services.clock.now_ms(), 0)));
  }
  CO_TRY(authorize_creation(context, draft));
  CO_TRY(check_room(services, draft));
  begin_transition(services, TableStatus::kCreating, &draft);
  CO_TRY_ASSIGN(TableRef table, co_await services.catalog.create(std::move(draft), StreamStore::add_first_shards));
  schedule_transition(services, *table);
  CO_TRY_ASSIGN(TableDescription description, co_await describe(services, std::move(table), DescriptionKind::kChanged));
  co_return CreateTableResponse{std::move(description)};
}

void encode(const CreateTableResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("TableDescription");
  encode(response.description, writer);
  writer->end_object();
}

}  // namespace armature::api
