// DeleteItem: removes one item. Source: API Reference, "DeleteItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/item_write.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct DeleteItemRequest : ItemWriteParameters {
  std::span<const Attribute> key;
};

template <>
struct Shape<DeleteItemRequest> : ShapeOf<DeleteItemRequest> {
  static constexpr std::string_view name = "DeleteItemInput";
  static constexpr Member members[] = {
      member<&DeleteItemRequest::table_name>("TableName", kTableNameOrArn),
      member<&DeleteItemRequest::key>("Key", kRequired),
      member<&DeleteItemRequest::expected>("Expected"),
      member<&DeleteItemRequest::conditional_operator>("ConditionalOperator"),
      member<&DeleteItemRequest::return_values>("ReturnValues"),
      member<&DeleteItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&DeleteItemRequest::return_item_collection_metrics>("ReturnItemCollectionMetrics"),
      member<&DeleteItemRequest::condition_expression>("ConditionExpression"),
      member<&DeleteItemRequest::expression_names>("ExpressionAttributeNames"),
      member<&DeleteItemRequest::expression_values>("ExpressionAttributeValues"),
      member<&DeleteItemRequest::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

Result<void> check_before_values(const DeleteItemRequest& request);
Task<Result<ItemWriteResponse>> delete_item(Services& services, RequestContext& context,
                                            const DeleteItemRequest& request);

}  // namespace armature::api
