// Source: API Reference, "UpdateTable".
#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {

Task<Result<UpdateTableResponse>> update_table(Services& services, RequestContext& context,
                                               const UpdateTableRequest& request) {
  const PlanContext plan = plan_context(services);
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(check_update_table(request));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  const Catalog::Change change = [&](const TableDefinition& current) -> Result<TableDefinition> {
    TRY(check_may_update(request, current));
    TRY_ASSIGN(TableDefinition changed, plan_update_table(request, current, plan));
    begin_transition(services, TableStatus::kUpdating, &changed);
    return changed;
  };
  CO_TRY_ASSIGN(TableRef table, co_await services.catalog.update(context.region, name, change));
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
