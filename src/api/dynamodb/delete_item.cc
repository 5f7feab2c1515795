#include "api/dynamodb/delete_item.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"
#include "wire/attribute_json.h"

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
  expression::Placeholders placeholders = placeholders_of(request);
  TRY_ASSIGN(const WriteGuard guard, bind_guard(request, &placeholders, arena));
  TRY(placeholders.check_all_used());
  return guard;
}

}  // namespace

Task<Result<DeleteItemResponse>> delete_item(Services& services, RequestContext& context,
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
  context.consume(*table, written.consumed.total());
  DeleteItemResponse response;
  if (request.return_values == ReturnValues::kAllOld) response.old_item = std::move(written.before);
  response.consumed =
      report_capacity(request.return_consumed_capacity, request.table_name, std::move(written.consumed));
  response.collection =
      report_collection(request.return_item_collection_metrics, remove.key.attributes, written.collection_size_bytes);
  co_return response;
}

void encode(const DeleteItemResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  if (response.old_item) {
    writer->key("Attributes");
    wire::write_item(ItemView(*response.old_item), writer);
  }
  write_capacity_member(response.consumed, writer);
  write_collection_member(response.collection, writer);
  writer->end_object();
}

}  // namespace armature::api
