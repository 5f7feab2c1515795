// DeleteItem: removes one item. Source: API Reference, "DeleteItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/guard.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct DeleteItemRequest : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
  std::optional<ReturnValues> return_values;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
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

struct DeleteItemResponse {
  std::optional<Bytes> old_item;  // ReturnValues ALL_OLD.
  std::optional<CapacityReport> consumed;
  std::optional<CollectionReport> collection;
};

Result<void> check_before_values(const DeleteItemRequest& request);
Task<Result<DeleteItemResponse>> delete_item(Services& services, RequestContext& context,
                                             const DeleteItemRequest& request);
void encode(const DeleteItemResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
