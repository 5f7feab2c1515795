// TransactWriteItems: up to 100 writes and conditions over many tables, all or none.
// Source: API Reference, "TransactWriteItems", "TransactWriteItem".
#pragma once

#include <vector>

#include "api/context.h"
#include "api/dynamodb/guard.h"
#include "api/dynamodb/transact.h"
#include "api/dynamodb/usage.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

struct TransactConditionCheck : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
};
template <>
struct Shape<TransactConditionCheck> : ShapeOf<TransactConditionCheck> {
  static constexpr std::string_view name = "ConditionCheck";
  static constexpr Member members[] = {
      member<&TransactConditionCheck::table_name>("TableName", kTableNameOrArn),
      member<&TransactConditionCheck::key>("Key", kRequired),
      member<&TransactConditionCheck::condition_expression>("ConditionExpression", kRequired),
      member<&TransactConditionCheck::expression_names>("ExpressionAttributeNames"),
      member<&TransactConditionCheck::expression_values>("ExpressionAttributeValues"),
      member<&TransactConditionCheck::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct TransactPut : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> item;
};
template <>
struct Shape<TransactPut> : ShapeOf<TransactPut> {
  static constexpr std::string_view name = "Put";
  static constexpr Member members[] = {
      member<&TransactPut::table_name>("TableName", kTableNameOrArn),
      member<&TransactPut::item>("Item", kRequired),
      member<&TransactPut::condition_expression>("ConditionExpression"),
      member<&TransactPut::expression_names>("ExpressionAttributeNames"),
      member<&TransactPut::expression_values>("ExpressionAttributeValues"),
      member<&TransactPut::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct TransactDelete : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
};
template <>
struct Shape<TransactDelete> : ShapeOf<TransactDelete> {
  static constexpr std::string_view name = "Delete";
  static constexpr Member members[] = {
      member<&TransactDelete::table_name>("TableName", kTableNameOrArn),
      member<&TransactDelete::key>("Key", kRequired),
      member<&TransactDelete::condition_expression>("ConditionExpression"),
      member<&TransactDelete::expression_names>("ExpressionAttributeNames"),
      member<&TransactDelete::expression_values>("ExpressionAttributeValues"),
      member<&TransactDelete::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

struct TransactUpdate : GuardParameters {
  std::string_view table_name;
  std::span<const Attribute> key;
  std::string_view update_expression;
};
template <>
struct Shape<TransactUpdate> : ShapeOf<TransactUpdate> {
  static constexpr std::string_view name = "Update";
  static constexpr Member members[] = {
      member<&TransactUpdate::table_name>("TableName", kTableNameOrArn),
      member<&TransactUpdate::key>("Key", kRequired),
      member<&TransactUpdate::update_expression>("UpdateExpression", kRequired),
      member<&TransactUpdate::condition_expression>("ConditionExpression"),
      member<&TransactUpdate::expression_names>("ExpressionAttributeNames"),
      member<&TransactUpdate::expression_values>("ExpressionAttributeValues"),
      member<&TransactUpdate::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

// Exactly one of its members.
struct TransactWriteItem {
  std::optional<TransactConditionCheck> check;
  std::optional<TransactPut> put;
  std::optional<TransactDelete> remove;
  std::optional<TransactUpdate> update;

  // Calls visit(entry) for the one that is there.
  template <class Visit>
  decltype(auto) visit(Visit visit) const {
    if (put) return visit(*put);
    if (update) return visit(*update);
    if (remove) return visit(*remove);
    return visit(*check);
  }
  std::string_view table_name() const {
    return visit([](const auto& entry) { return entry.table_name; });
  }
};
template <>
struct Shape<TransactWriteItem> : ShapeOf<TransactWriteItem> {
  static constexpr std::string_view name = "TransactWriteItem";
  static constexpr Member members[] = {
      member<&TransactWriteItem::check>("ConditionCheck"),
      member<&TransactWriteItem::put>("Put"),
      member<&TransactWriteItem::remove>("Delete"),
      member<&TransactWriteItem::update>("Update"),
  };
};

struct TransactWriteItemsRequest {
  std::span<const TransactWriteItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  std::optional<std::string_view> client_request_token;
};
template <>
struct Shape<TransactWriteItemsRequest> : ShapeOf<TransactWriteItemsRequest> {
  static constexpr std::string_view name = "TransactWriteItemsInput";
  static constexpr Member members[] = {
      member<&TransactWriteItemsRequest::transact_items>("TransactItems", kTransactItems),
      member<&TransactWriteItemsRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&TransactWriteItemsRequest::return_item_collection_metrics>("ReturnItemCollectionMetrics"),
      member<&TransactWriteItemsRequest::client_request_token>("ClientRequestToken", {.minimum = 1, .maximum = 36}),
  };
};

struct TransactWriteItemsResponse {
  struct Collections {
    std::string_view table_name;
    std::vector<CollectionReport> reports;
  };
  std::vector<Collections> collections;
  std::vector<CapacityReport> consumed;
};

Result<void> check_before_values(const TransactWriteItemsRequest& request);
Task<Result<TransactWriteItemsResponse>> transact_write_items(Services& services, RequestContext& context,
                                                              const TransactWriteItemsRequest& request);
void encode(const TransactWriteItemsResponse& response, wire::JsonWriter* writer);

}  // namespace armature::api
