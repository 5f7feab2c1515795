// What a WHERE says of single attributes: the conditions that all have to hold, and the values it pins attributes to.
// Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "expression/ast.h"

namespace armature::partiql {

// The conditions that `condition` joins with AND, at any depth; nullptr has none.
std::vector<const expression::Condition*> conjuncts_of(const expression::Condition* condition);

// The value of `attribute = value` or `value = attribute`, if that is what the condition is.
const Value* equal_value(const expression::Condition& condition, std::string_view attribute);

// The values the attribute must have one of wherever the condition holds, each once, in text order: from `=`, IN, and
// OR of such. nullopt: it may have others.
std::optional<std::vector<Value>> possible_values(const expression::Condition& condition, std::string_view attribute);

// `attribute < value` and so on, with the attribute on the left; nullopt: no comparison of the attribute with a value.
struct AttributeComparison {
  expression::Comparison comparison;
  Value value;
};
std::optional<AttributeComparison> comparison_with_value(const expression::Condition& condition,
                                                         std::string_view attribute);

// Whether an operand is the attribute itself.
bool is_attribute(const expression::Operand& operand, std::string_view attribute);

}  // namespace armature::partiql
