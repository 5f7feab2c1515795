#include "partiql/conjuncts.h"

#include <algorithm>
#include <utility>

namespace armature::partiql {

using expression::Comparison;
using expression::Condition;
using expression::Operand;

namespace {

void collect(const Condition& condition, std::vector<const Condition*>* conjuncts) {
  if (condition.kind != Condition::Kind::kAnd) return conjuncts->push_back(&condition);
  for (const Condition* child : condition.children) collect(*child, conjuncts);
}

// `5 < a` is `a > 5`.
Comparison flipped(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess: return Comparison::kGreater;
    case Comparison::kLessOrEqual: return Comparison::kGreaterOrEqual;
    case Comparison::kGreater: return Comparison::kLess;
    case Comparison::kGreaterOrEqual: return Comparison::kLessOrEqual;
    case Comparison::kEqual:
    case Comparison::kNotEqual: return comparison;
  }
  return comparison;
}

using Values = std::vector<Value>;

void add_once(const Value& value, Values* values) {
  if (std::find(values->begin(), values->end(), value) == values->end()) values->push_back(value);
}

std::optional<Values> values_of_in(const Condition& condition, std::string_view attribute) {
  if (!is_attribute(condition.operands[0], attribute)) return std::nullopt;
  Values values;
  for (const Operand& member : condition.operands.subspan(1)) {
    if (member.kind != Operand::Kind::kValue) return std::nullopt;
    add_once(member.value, &values);
  }
  return values;
}

// Of several conditions that all hold, the one that leaves the fewest values says it best.
std::optional<Values> values_of_and(const Condition& condition, std::string_view attribute) {
  std::optional<Values> fewest;
  for (const Condition* child : condition.children) {
    std::optional<Values> values = possible_values(*child, attribute);
    if (values && (!fewest || values->size() < fewest->size())) fewest = std::move(values);
  }
  return fewest;
}

std::optional<Values> values_of_or(const Condition& condition, std::string_view attribute) {
  Values all;
  for (const Condition* child : condition.children) {
    const std::optional<Values> values = possible_values(*child, attribute);
    if (!values) return std::nullopt;
    for (const Value& value : *values) add_once(value, &all);
  }
  return all;
}

}  // namespace

std::vector<const Condition*> conjuncts_of(const Condition* condition) {
  std::vector<const Condition*> conjuncts;
  if (condition != nullptr) collect(*condition, &conjuncts);
  return conjuncts;
}

bool is_attribute(const Operand& operand, std::string_view attribute) {
  return operand.kind == Operand::Kind::kPath && !operand.path.is_nested() &&
         operand.path.top_level_name() == attribute;
}

std::optional<AttributeComparison> comparison_with_value(const Condition& condition, std::string_view attribute) {
  if (condition.kind != Condition::Kind::kComparison) return std::nullopt;
  const Operand& left = condition.operands[0];
  const Operand& right = condition.operands[1];
  if (is_attribute(left, attribute) && right.kind == Operand::Kind::kValue) {
    return AttributeComparison{condition.comparison, right.value};
  }
  if (is_attribute(right, attribute) && left.kind == Operand::Kind::kValue) {
    return AttributeComparison{flipped(condition.comparison), left.value};
  }
  return std::nullopt;
}

const Value* equal_value(const Condition& condition, std::string_view attribute) {
  if (condition.kind != Condition::Kind::kComparison || condition.comparison != Comparison::kEqual) return nullptr;
  const std::span<const Operand> operands = condition.operands;
  for (const int side : {0, 1}) {
    if (is_attribute(operands[side], attribute) && operands[1 - side].kind == Operand::Kind::kValue) {
      return &operands[1 - side].value;
    }
  }
  return nullptr;
}

std::optional<Values> possible_values(const Condition& condition, std::string_view attribute) {
  switch (condition.kind) {
    case Condition::Kind::kAnd: return values_of_and(condition, attribute);
    case Condition::Kind::kOr: return values_of_or(condition, attribute);
    case Condition::Kind::kIn: return values_of_in(condition, attribute);
    case Condition::Kind::kComparison: {
      const Value* const value = equal_value(condition, attribute);
      return value != nullptr ? std::optional(Values{*value}) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

}  // namespace armature::partiql
