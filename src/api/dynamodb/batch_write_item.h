// BatchWriteItem: up to 25 puts and deletes over many tables, each for itself. Source: API Reference, "BatchWriteItem".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/batch.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct PutRequest {
  std::span<const Attribute> item;
};
template <>
struct Shape<PutRequest> : ShapeOf<PutRequest> {
  static constexpr std::string_view name = "PutRequest";
  static constexpr Member members[] = {member<&PutRequest::item>("Item", kRequired)};
};

struct DeleteRequest {
  std::span<const Attribute> key;
};
template <>
struct Shape<DeleteRequest> : ShapeOf<DeleteRequest> {
  static constexpr std::string_view name = "DeleteRequest";
  static constexpr Member members[] = {member<&DeleteRequest::key>("Key", kRequired)};
};

struct WriteRequest {
  std::optional<PutRequest> put;
  std::optional<DeleteRequest> remove;
};
template <>
struct Shape<WriteRequest> : ShapeOf<WriteRequest> {
  static constexpr std::string_view name = "WriteRequest";
  static constexpr Member members[] = {
      member<&WriteRequest::put>("PutRequest"),
      member<&WriteRequest::remove>("DeleteRequest"),
  };
};

struct BatchWriteItemRequest {
  Map<std::span<const WriteRequest>> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
};
template <>
struct Shape<BatchWriteItemRequest> : ShapeOf<BatchWriteItemRequest> {
  static constexpr std::string_view name = "BatchWriteItemInput";
  static constexpr Constraint kWrites{.minimum = 1, .maximum = kMaxBatchWrites};
  static constexpr Member members[] = {
      // An empty or missing map has a text of its own.
      member<&BatchWriteItemRequest::request_items>(
          "RequestItems", {.maximum = kMaxBatchWrites, .element = &kWrites, .key = &kBatchTableName}),
      member<&BatchWriteItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&BatchWriteItemRequest::return_item_collection_metrics>("ReturnItemCollectionMetrics"),
  };
};

struct BatchWriteItemResponse {
  struct Unprocessed {
    std::string_view table_name;
    std::vector<const WriteRequest*> requests;
  };
  struct Collections {
    std::string_view table_name;
    std::vector<CollectionReport> reports;
  };
  std::vector<Unprocessed> unprocessed;
  std::vector<Collections> collections;
  std::vector<CapacityReport> consumed;
};

Result<void> check_before_values(const BatchWriteItemRequest& request);
Task<Result<BatchWriteItemResponse>> batch_write_item(Services& services, RequestContext& context,
                                                      const BatchWriteItemRequest& request);
void encode(const BatchWriteItemResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
