#include "api/dynamodb/get_item.h"

#include "api/dynamodb/item_checks.h"
#include "api/dynamodb/item_facts.h"
#include "api/dynamodb/key_paths.h"
#include "api/dynamodb/table_access.h"

namespace armature::api {

Result<void> check_before_values(const GetItemRequest& request) {
  return check_expression_parameters({{"ProjectionExpression", request.projection_expression.has_value()}},
                                     {{"AttributesToGet", request.attributes_to_get.has_value()}}, request);
}

Task<Result<GetItemResponse>> get_item(Services& services, RequestContext& context, const GetItemRequest& request) {
  CO_TRY(check_attributes(request.key));
  expression::Placeholders placeholders = placeholders_of(request);
  CO_TRY_ASSIGN(const expression::Projection* projection, bind_projection(request, &placeholders, context.arena));
  CO_TRY(placeholders.check_all_used());

  const auto facts = [&](AccessFacts* facts) {
    ItemFacts(facts)
        .item(request.key)
        .attributes(projection)
        .select(std::nullopt, projection != nullptr, /*of_index=*/false)
        .return_consumed_capacity(request.return_consumed_capacity);
  };
  CO_TRY_ASSIGN(const TableRef table, data_table(services, context, request.table_name, facts));
  CO_TRY(check_key_paths(*table, projection));
  GetIntent get{.key = {}, .consistent = request.consistent_read.value_or(false)};
  CO_TRY_ASSIGN(get.key, bind_key(*table, request.key, context.arena));

  CO_TRY_ASSIGN(ReadOutcome read, co_await services.items.get(*table, get));
  context.consume(*table, read.consumed.total());
  GetItemResponse response;
  response.item = project_item(std::move(read.item), projection, context.arena);
  response.consumed = report_capacity(request.return_consumed_capacity, request.table_name, std::move(read.consumed));
  co_return response;
}

void encode(const GetItemResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  write_item_member("Item", response.item, writer);
  write_capacity_member(response.consumed, writer);
  writer->end_object();
}

}  // namespace armature::api
