// PutItem: creates or replaces one item. Source: API Reference, "PutItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/guard.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct PutItemRequest : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> item;
  std::optional<ReturnValues> return_values;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
};

template <>
struct Shape<PutItemRequest> : ShapeOf<PutItemRequest> {
  static constexpr std::string_view name = "PutItemInput";
  static constexpr Member members[] = {
      member<&PutItemRequest::table_name>("TableName", kTableNameOrArn),
      member<&PutItemRequest::item>("Item", kRequired),
      member<&PutItemRequest::expected>("Expected"),
      member<&PutItemRequest::return_values>("ReturnValues"),
      member<&PutItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&PutItemRequest::return_item_collection_metrics>("ReturnItemCollectionMetrics"),
      member<&PutItemRequest::conditional_operator>("ConditionalOperator"),
      member<&PutItemRequest::condition_expression>("ConditionExpression"),
      member<&PutItemRequest::expression_names>("ExpressionAttributeNames"),
      member<&PutItemRequest::expression_values>("ExpressionAttributeValues"),
      member<&PutItemRequest::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct PutItemResponse {
  std::optional<Bytes> old_item;  // ReturnValues ALL_OLD.
  std::optional<CapacityReport> consumed;
  std::optional<CollectionReport> collection;
};

Result<void> check_before_values(const PutItemRequest& request);
Task<Result<PutItemResponse>> put_item(Services& services, RequestContext& context, const PutItemRequest& request);
void encode(const PutItemResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
