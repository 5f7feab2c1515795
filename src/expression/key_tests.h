// Key conditions, whether they came as a KeyConditionExpression or as the legacy KeyConditions: a list of tests on
// single attributes, matched against a key schema. Source: Developer Guide, "Key condition expressions for the Query
// operation in DynamoDB".
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "expression/ast.h"
#include "expression/condition.h"
#include "model/error.h"
#include "model/key_schema.h"

namespace armature::expression {

struct KeyTest {
  std::string_view attribute;
  SortOperator test = SortOperator::kEqual;
  Value low;   // The operand, or the lower bound of kBetween.
  Value high;  // The upper bound of kBetween.
};

// Whether `condition` has the shape of a key condition, whatever the schema.
Result<void> check_key_condition_shape(const Condition& condition);

// Matches `tests`, at most one for an attribute, against `schema`.
Result<KeyCondition> reduce_key_tests(std::span<const KeyTest> tests, const KeySchema& schema, Arena* arena);

}  // namespace armature::expression
