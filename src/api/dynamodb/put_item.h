// PutItem: creates or replaces one item. Source: API Reference, "PutItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/item_write.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct PutItemRequest : ItemWriteParameters {
  std::span<const Attribute> item;
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

Result<void> check_before_values(const PutItemRequest& request);
Task<Result<ItemWriteResponse>> put_item(Services& services, RequestContext& context, const PutItemRequest& request);

}  // namespace armature::api
