// The parameters DynamoDB had before expressions, lowered to the same trees.
// Source: Developer Guide, "Legacy conditional parameters".
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "expression/condition.h"
#include "expression/projection.h"
#include "expression/update.h"

namespace armature::expression {

// One entry of Expected (all members) or of KeyConditions, QueryFilter, ScanFilter (operator and list only), as sent.
struct LegacyCondition {
  std::string_view attribute;
  std::optional<Value> value;
  std::optional<bool> exists;
  std::optional<std::string_view> comparison_operator;  // Already checked against the enum by the caller.
  std::optional<std::span<const Value>> value_list;
};

// `any`: ConditionalOperator OR.
Result<const Condition*> bind_expected(std::span<const LegacyCondition> expected, bool any, Arena* arena);
Result<const Condition*> bind_filter(std::span<const LegacyCondition> filter, bool any, Arena* arena);
Result<KeyCondition> bind_key_conditions(std::span<const LegacyCondition> conditions, const KeySchema& schema,
                                         Arena* arena);

// One entry of AttributeUpdates, as sent. `action`: "PUT", "ADD", "DELETE"; PUT when absent.
struct LegacyUpdate {
  std::string_view attribute;
  std::optional<Value> value;
  std::optional<std::string_view> action;
};
Result<const UpdateProgram*> bind_attribute_updates(std::span<const LegacyUpdate> updates, Arena* arena);

// AttributesToGet: top-level names, no duplicates.
Result<const Projection*> bind_attributes_to_get(std::span<const std::string_view> names, Arena* arena);

}  // namespace armature::expression
