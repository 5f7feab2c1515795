// Source: API Reference, "UpdateTable".
#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {

bool switches_stream(const UpdateTableRequest& request) { return request.stream_specification.has_value(); }

// A new stream begins after the one before it has ended for good.
Task<Result<void>> end_former_stream(Services& services, const TableRef& table) {
  if (!table->stream || table->stream->enabled) co_return Result<void>();
  CO_TRY_ASSIGN(const bool ended, co_await services.streams.settle(*table));
  if (ended) co_return Result<void>();
  co_return fail(ErrorCode::kResourceInUse,
                 "Attempt to change a resource which is still in use: Table is being updated: " + table->name);
}

}  // namespace

Task<Result<UpdateTableResponse>> update_table(Services& services, RequestContext& context,
                                               const UpdateTableRequest& request) {
  const PlanContext plan = plan_context(services);
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(check_update_table(request));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  if (switches_stream(request)) {
    CO_TRY_ASSIGN(const TableRef current, services.catalog.described_table(context.region, name));
    CO_TRY(co_await end_former_stream(services, current));
  }
  const Catalog::Change change = [&](const TableDefinition& current) -> Result<TableDefinition> {
    TRY(check_may_update(request, current));
    TRY_ASSIGN(TableDefinition changed, plan_update_table(request, current, plan));
    begin_transition(services, TableStatus::kUpdating, &changed);
    return changed;
  };
  CO_TRY_ASSIGN(TableRef table, co_await services.catalog.update(context.region, name, change));
  if (switches_stream(request)) CO_TRY(co_await services.streams.settle_soon(*table));
  schedule_transition(services, *table);
  CO_TRY_ASSIGN(TableDescription description, co_await describe(services, std::move(table), DescriptionKind::kChanged));
  co_return UpdateTableResponse{std::move(description)};
}

void encode(const UpdateTableResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("TableDescription");
  encode(response.description, writer);
  writer->end_object();
}

}  // namespace armature::api
