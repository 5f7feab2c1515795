// UpdateItem: changes attributes of one item, creating it if it is missing. Source: API Reference, "UpdateItem".
#pragma once

#include "api/context.h"
#include "api/dynamodb/item_write.h"
#include "api/services.h"
#include "base/task.h"

namespace armature::api {

enum class AttributeAction : std::uint8_t { kPut, kAdd, kDelete };

template <>
struct EnumShape<AttributeAction> {
  static constexpr EnumValue<AttributeAction> values[] = {
      {"ADD", AttributeAction::kAdd}, {"DELETE", AttributeAction::kDelete}, {"PUT", AttributeAction::kPut}};
};

// One entry of the legacy AttributeUpdates.
struct AttributeValueUpdate {
  std::optional<Value> value;
  std::optional<AttributeAction> action;
};

template <>
struct Shape<AttributeValueUpdate> : ShapeOf<AttributeValueUpdate> {
  static constexpr std::string_view name = "AttributeValueUpdate";
  static constexpr Member members[] = {
      member<&AttributeValueUpdate::value>("Value"),
      member<&AttributeValueUpdate::action>("Action"),
  };
};

struct UpdateItemRequest : ItemWriteParameters {
  std::span<const Attribute> key;
  std::optional<Map<AttributeValueUpdate>> attribute_updates;
  std::optional<std::string_view> update_expression;
};

template <>
struct Shape<UpdateItemRequest> : ShapeOf<UpdateItemRequest> {
  static constexpr std::string_view name = "UpdateItemInput";
  static constexpr bool kFirstViolationOnly = true;
  static constexpr Member members[] = {
      member<&UpdateItemRequest::table_name>("TableName", kTableNameOrArn),
      member<&UpdateItemRequest::key>("Key", kRequired),
      member<&UpdateItemRequest::attribute_updates>("AttributeUpdates"),
      member<&UpdateItemRequest::expected>("Expected"),
      member<&UpdateItemRequest::conditional_operator>("ConditionalOperator"),
      member<&UpdateItemRequest::return_values>("ReturnValues"),
      member<&UpdateItemRequest::return_consumed_capacity>("ReturnConsumedCapacity"),
      member<&UpdateItemRequest::return_item_collection_metrics>("ReturnItemCollectionMetrics"),
      member<&UpdateItemRequest::update_expression>("UpdateExpression"),
      member<&UpdateItemRequest::condition_expression>("ConditionExpression"),
      member<&UpdateItemRequest::expression_names>("ExpressionAttributeNames"),
      member<&UpdateItemRequest::expression_values>("ExpressionAttributeValues"),
      member<&UpdateItemRequest::return_values_on_failure>("ReturnValuesOnConditionCheckFailure"),
  };
};

Result<void> check_before_values(const UpdateItemRequest& request);
Task<Result<ItemWriteResponse>> update_item(Services& services, RequestContext& context,
                                            const UpdateItemRequest& request);

}  // namespace armature::api
