// TransactGetItems: up to 100 items of many tables as they were at one moment.
// Source: API Reference, "TransactGetItems".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/transact.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct TransactGetEntry : ProjectionParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
};
template <>
struct Shape<TransactGetEntry> : ShapeOf<TransactGetEntry> {
  static constexpr std::string_view name = "Get";
  static constexpr Member members[] = {
      member<&TransactGetEntry::table_name>("TableName", kTableNameOrArn),
      member<&TransactGetEntry::key>("Key", kRequired),
      member<&TransactGetEntry::projection_expression>("ProjectionExpression"),
      member<&TransactGetEntry::expression_names>("ExpressionAttributeNames"),
  };
};

struct TransactGetItem {
  TransactGetEntry get;
};
template <>
struct Shape<TransactGetItem> : ShapeOf<TransactGetItem> {
  static constexpr std::string_view name = "TransactGetItem";
  static constexpr Member members[] = {member<&TransactGetItem::get>("Get", kRequired)};
};

struct TransactGetItemsRequest {
  std::span<const TransactGetItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};
template <>
struct Shape<TransactGetItemsRequest> : ShapeOf<TransactGetItemsRequest> {
  static constexpr std::string_view name = "TransactGetItemsInput";
  static constexpr Member members[] = {
      member<&TransactGetItemsRequest::transact_items>("TransactItems", kTransactItems),
      member<&TransactGetItemsRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
  };
};

struct TransactGetItemsResponse {
  std::vector<ReturnedItem> items;  // In the order of the request; neither bytes nor attributes: no item.
  std::vector<CapacityReport> consumed;
};

Result<void> check_before_values(const TransactGetItemsRequest& request);
Task<Result<TransactGetItemsResponse>> transact_get_items(Services& services, RequestContext& context,
                                                          const TransactGetItemsRequest& request);
void encode(const TransactGetItemsResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
