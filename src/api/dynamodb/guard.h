// What guards the write of one item: ConditionExpression, or the legacy Expected, and what a failed condition returns.
// Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB".
#pragma once

#include "api/dynamodb/parameters.h"
#include "table/item_store.h"

namespace armature::api {

struct GuardParameters : PlaceholderParameters {
  std::optional<LegacyConditions> expected;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<std::string_view> condition_expression;
  std::optional<ReturnValuesOnFailure> return_values_on_failure;
};

// Binds the condition. `placeholders` are the request's; whoever binds its last expression checks that all were used.
Result<WriteGuard> bind_guard(const GuardParameters& request, expression::Placeholders* placeholders, Arena* arena);

// PutItem and DeleteItem return no new values: "ReturnValues can only be ALL_OLD or NONE".
Result<void> check_old_values_only(const std::optional<ReturnValues>& return_values);

}  // namespace armature::api
