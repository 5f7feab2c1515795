#include "api/dynamodb/put_item.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"

namespace armature::api {

Result<void> check_before_values(const PutItemRequest& request) {
  return check_expression_parameters({{"ConditionExpression", request.condition_expression.has_value()}},
                                     {{"Expected", request.expected.has_value()}}, request);
}

namespace {

// Every check that needs no table. The order is visible to clients.
Result<WriteGuard> bind_parameters(const PutItemRequest& request, Arena* arena) {
  TRY(check_attributes(request.item));
  TRY(check_old_values_only(request.return_values));
  TRY(check_item_size(request.item));
  return bind_only_guard(request, arena);
}

}  // namespace

Task<Result<ItemWriteResponse>> put_item(Services& services, RequestContext& context, const PutItemRequest& request) {
  PutIntent put{.key = {}, .item = request.item, .guard = {}};
  CO_TRY_ASSIGN(put.guard, bind_parameters(request, context.arena));
  const auto facts = [&](AccessFacts* facts) {
    ItemFacts(facts)
        .item(request.item)
        .attributes(put.guard.condition)
        .return_values(request.return_values)
        .return_consumed_capacity(request.return_consumed_capacity);
  };
  CO_TRY_ASSIGN(const TableRef table, data_table(services, context, request.table_name, facts));
  CO_TRY(check_key_paths(*table, put.guard.condition));
  CO_TRY_ASSIGN(put.key, bind_item_key(*table, request.item, context.arena));
  CO_TRY(check_index_keys(*table, request.item));

  CO_TRY_ASSIGN(WriteOutcome written, co_await services.items.put(*table, put, context.arena));
  ReturnedItem attributes = returned_old_item(request, &written);
  co_return item_write_response(context, *table, request, put.key.attributes, std::move(attributes),
                                std::move(written));
}

}  // namespace armature::api
