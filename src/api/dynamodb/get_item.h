// GetItem: one item by its key. Source: API Reference, "GetItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct GetItemRequest : ProjectionParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
  std::optional<bool> consistent_read;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};

template <>
struct Shape<GetItemRequest> : ShapeOf<GetItemRequest> {
  static constexpr std::string_view name = "GetItemInput";
  static constexpr Member members[] = {
      member<&GetItemRequest::table_name>("TableName", kTableNameOrArn),
      member<&GetItemRequest::key>("Key", kRequired),
      member<&GetItemRequest::attributes_to_get>("AttributesToGet", kAttributesToGet),
      member<&GetItemRequest::consistent_read>("ConsistentRead"),
      member<&GetItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&GetItemRequest::projection_expression>("ProjectionExpression"),
      member<&GetItemRequest::expression_names>("ExpressionAttributeNames"),
  };
};

struct GetItemResponse {
  ReturnedItem item;
  std::optional<CapacityReport> consumed;
};

Result<void> check_before_values(const GetItemRequest& request);
Task<Result<GetItemResponse>> get_item(Services& services, RequestContext& context, const GetItemRequest& request);
void encode(const GetItemResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
