#include "api/dynamodb/delete_item.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"

namespace armature::api {

Result<void> check_before_values(const DeleteItemRequest& request) {
  return check_expression_parameters({{"ConditionExpression", request.condition_expression.has_value()}},
                                     {{"Expected", request.expected.has_value()}}, request);
}

namespace {

// Every check that needs no table. The order is visible to clients.
Result<WriteGuard> bind_parameters(const DeleteItemRequest& request, Arena* arena) {
  TRY(check_attributes(request.key));
  TRY(check_old_values_only(request.return_values));
  return bind_only_guard(request, arena);
}

}  // namespace

Task<Result<ItemWriteResponse>> delete_item(Services& services, RequestContext& context,
                                            const DeleteItemRequest& request) {
  DeleteIntent remove{.key = {}, .guard = {}};
  CO_TRY_ASSIGN(remove.guard, bind_parameters(request, context.arena));
  const auto facts = [&](AccessFacts* facts) {
    ItemFacts(facts)
        .item(request.key)
        .attributes(remove.guard.condition)
        .return_values(request.return_values)
        .return_consumed_capacity(request.return_consumed_capacity);
  };
  CO_TRY_ASSIGN(const TableRef table, data_table(services, context, request.table_name, facts));
  CO_TRY(check_key_paths(*table, remove.guard.condition));
  CO_TRY_ASSIGN(remove.key, bind_key(*table, request.key, context.arena));

  CO_TRY_ASSIGN(WriteOutcome written, co_await services.items.remove(*table, remove, context.arena));
  ReturnedItem attributes = returned_old_item(request, &written);
  co_return item_write_response(context, *table, request, remove.key.attributes, std::move(attributes),
                                std::move(written));
}

}  // namespace armature::api
