// Source: API Reference, "DeleteTable".
#include <utility>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/naming.h"
#include "api/dynamodb/tables/tables.h"

namespace armature::api {
namespace {

Result<void> check_deletable(const TableDefinition& table) {
  TRY(check_not_in_transition(table));
  if (!table.deletion_protection) return {};
  return invalid(
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
}

Task<Result<TableRef>> remove_now(Services& services, const RequestContext& context, const TableName& name) {
  const Catalog::Check check = check_deletable;
  co_return co_await services.catalog.remove(context.region, name, check);
}

// Marks the table; the end of the transition removes it.
Task<Result<TableRef>> remove_later(Services& services, const RequestContext& context, const TableName& name) {
  const Catalog::Change change = [&services](const TableDefinition& current) -> Result<TableDefinition> {
    TRY(check_deletable(current));
    TableDefinition changed = current;
    begin_transition(services, TableStatus::kDeleting, &changed);
    return changed;
  };
  CO_TRY_ASSIGN(TableRef table, co_await services.catalog.update(context.region, name, change));
  schedule_transition(services, *table);
  co_return table;
}

}  // namespace

Task<Result<DeleteTableResponse>> delete_table(Services& services, RequestContext& context,
                                               const DeleteTableRequest& request) {
  CO_TRY_ASSIGN(const TableName name, named_table(request.table_name));
  CO_TRY(authorize(context, table_resource(context, request.table_name)));
  CO_TRY_ASSIGN(TableRef last, services.catalog.described_table(context.region, name));
  // The figures go with the table.
  CO_TRY_ASSIGN(TableDescription description, co_await describe(services, std::move(last), DescriptionKind::kDeleted));
  if (transitions_take_time(services)) {
    CO_TRY_ASSIGN(description.table, co_await remove_later(services, context, name));
  } else {
    CO_TRY_ASSIGN(description.table, co_await remove_now(services, context, name));
  }
  co_return DeleteTableResponse{std::move(description)};
}

void encode(const DeleteTableResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("TableDescription");
  encode(response.description, writer);
  writer->end_object();
}

}  // namespace armature::api
