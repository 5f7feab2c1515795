// BatchGetItem: up to 100 items of many tables. Source: API Reference, "BatchGetItem".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/batch.h"
#include "api/dynamodb/projection.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

inline constexpr std::size_t kMaxBatchReplyBytes = 16 * 1024 * 1024;

struct KeysAndAttributes : ProjectionParameters {
  std::span<const std::span<const Attribute>> keys;
  std::optional<bool> consistent_read;
};
template <>
struct Shape<KeysAndAttributes> : ShapeOf<KeysAndAttributes> {
  static constexpr std::string_view name = "KeysAndAttributes";
  static constexpr Member members[] = {
      member<&KeysAndAttributes::keys>("Keys",
                                       {.required = true, .minimum = 1, .maximum = kMaxBatchGets, .terse = true}),
      member<&KeysAndAttributes::attributes_to_get>("AttributesToGet", kAttributesToGet),
      member<&KeysAndAttributes::consistent_read>("ConsistentRead"),
      member<&KeysAndAttributes::projection_expression>("ProjectionExpression"),
      member<&KeysAndAttributes::expression_names>("ExpressionAttributeNames"),
  };
};

struct BatchGetItemRequest {
  Map<KeysAndAttributes> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};
template <>
struct Shape<BatchGetItemRequest> : ShapeOf<BatchGetItemRequest> {
  static constexpr std::string_view name = "BatchGetItemInput";
  static constexpr Member members[] = {
      // An empty or missing map has a text of its own.
      member<&BatchGetItemRequest::request_items>("RequestItems", {.maximum = kMaxBatchGets, .key = &kBatchTableName}),
      member<&BatchGetItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
  };
};

struct BatchGetItemResponse {
  struct PerTable {
    std::string_view table_name;
    const KeysAndAttributes* request = nullptr;
    std::vector<ReturnedItem> items;
    std::vector<std::span<const Attribute>> unprocessed;  // Keys.
  };
  std::vector<PerTable> tables;
  std::vector<CapacityReport> consumed;
};

Result<void> check_before_values(const BatchGetItemRequest& request);
Task<Result<BatchGetItemResponse>> batch_get_item(Services& services, RequestContext& context,
                                                  const BatchGetItemRequest& request);
void encode(const BatchGetItemResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
