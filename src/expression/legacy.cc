#include "expression/legacy.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "expression/ast.h"
#include "expression/key_tests.h"

namespace armature::expression {
namespace {

using std::string_view;

Unexpected<Error> invalid_value(std::string text) {
  return invalid("One or more parameter values were invalid: " + std::move(text));
}

// Source: API Reference, "Condition".
enum class Operator : std::uint8_t {
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kBetween,
  kIn,
  kBeginsWith,
  kContains,
  kNotContains,
  kNull,
  kNotNull,
};

bool any_type(Type) { return true; }
bool is_string_or_binary(Type type) { return type == Type::kString || type == Type::kBinary; }

struct OperatorRow {
  string_view name;
  Operator op;
  std::size_t min_values;
  std::size_t max_values;
  bool (*takes)(Type);
};

constexpr std::size_t kAnyNumber = ~std::size_t{0};

constexpr OperatorRow kOperators[] = {
    {"EQ", Operator::kEq, 1, 1, any_type},
    {"NE", Operator::kNe, 1, 1, any_type},
    {"LT", Operator::kLt, 1, 1, is_ordered},
    {"LE", Operator::kLe, 1, 1, is_ordered},
    {"GT", Operator::kGt, 1, 1, is_ordered},
    {"GE", Operator::kGe, 1, 1, is_ordered},
    {"BETWEEN", Operator::kBetween, 2, 2, is_ordered},
    {"IN", Operator::kIn, 1, kAnyNumber, is_ordered},
    {"BEGINS_WITH", Operator::kBeginsWith, 1, 1, is_string_or_binary},
    {"CONTAINS", Operator::kContains, 1, 1, is_ordered},
    {"NOT_CONTAINS", Operator::kNotContains, 1, 1, is_ordered},
    {"NULL", Operator::kNull, 0, 0, any_type},
    {"NOT_NULL", Operator::kNotNull, 0, 0, any_type},
};

const OperatorRow* find_operator(string_view name) {
  for (const OperatorRow& row : kOperators) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string for_attribute(string_view text, string_view attribute) {
  return std::string(text) + " for Attribute: " + std::string(attribute);
}

// The operands of a condition with a comparison operator, checked against the operator's row.
struct CheckedComparison {
  const OperatorRow* row;
  std::span<const Value> values;
};

Result<CheckedComparison> check_comparison(const LegacyCondition& condition) {
  const OperatorRow* const row = find_operator(*condition.comparison_operator);
  if (row == nullptr) return invalid_value("Unsupported operator: " + std::string(*condition.comparison_operator));
  std::span<const Value> values;
  if (condition.value_list) {
    values = *condition.value_list;
  } else if (condition.value) {
    values = {&*condition.value, 1};
  }
  if (values.size() < row->min_values || values.size() > row->max_values) {
    return invalid_value("Invalid number of argument(s) for the " + std::string(row->name) + " ComparisonOperator");
  }
  for (const Value& value : values) {
    if (value.type() != values.front().type()) {
      return invalid_value("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  if (!values.empty() && !row->takes(values.front().type())) {
    return invalid_value("ComparisonOperator " + std::string(row->name) + " is not valid for " +
                         std::string(type_name(values.front().type())) + " AttributeValue type");
  }
  if (row->op == Operator::kBetween && compare_ordered(values[0], values[1]) > 0) {
    return invalid("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  }
  return CheckedComparison{row, values};
}

// --- Lowering to conditions ---

class Lowering {
 public:
  Lowering(string_view attribute, Arena* arena)
      : path_(path_operand(make_top_level_path(attribute, arena))), arena_(arena) {}

  const Condition* exists() const { return make_test(Condition::Kind::kAttributeExists, {path_}, arena_); }
  const Condition* not_exists() const { return make_test(Condition::Kind::kAttributeNotExists, {path_}, arena_); }
  const Condition* equals(const Value& value) const { return compare(Comparison::kEqual, value); }

  const Condition* lower(const CheckedComparison& comparison) const {
    const std::span<const Value> values = comparison.values;
    switch (comparison.row->op) {
      case Operator::kEq: return equals(values[0]);
      case Operator::kNe: return compare(Comparison::kNotEqual, values[0]);
      case Operator::kLt: return compare(Comparison::kLess, values[0]);
      case Operator::kLe: return compare(Comparison::kLessOrEqual, values[0]);
      case Operator::kGt: return compare(Comparison::kGreater, values[0]);
      case Operator::kGe: return compare(Comparison::kGreaterOrEqual, values[0]);
      case Operator::kBetween: return test(Condition::Kind::kBetween, values);
      case Operator::kIn: return test(Condition::Kind::kIn, values);
      case Operator::kBeginsWith: return test(Condition::Kind::kBeginsWith, values);
      case Operator::kContains: return test(Condition::Kind::kContains, values);
      case Operator::kNotContains: {
        // False, unlike NOT contains(), for an attribute that is not there.
        const Condition* const lacks = make_not(test(Condition::Kind::kContains, values), arena_);
        return make_and(std::array{exists(), lacks}, arena_);
      }
      case Operator::kNull: return not_exists();
      case Operator::kNotNull: return exists();
    }
    return exists();
  }

 private:
  const Condition* compare(Comparison comparison, const Value& value) const {
    return make_comparison(comparison, path_, value_operand(value), arena_);
  }

  const Condition* test(Condition::Kind kind, std::span<const Value> values) const {
    std::vector<Operand> operands{path_};
    for (const Value& value : values) operands.push_back(value_operand(value));
    return make_test(kind, operands, arena_);
  }

  Operand path_;
  Arena* arena_;
};

const Condition* join(const std::vector<const Condition*>& conditions, bool any, Arena* arena) {
  if (conditions.size() == 1) return conditions.front();
  return any && !conditions.empty() ? make_or(conditions, arena) : make_and(conditions, arena);
}

Result<const Condition*> bind_entry(const LegacyCondition& entry, Arena* arena) {
  TRY_ASSIGN(const CheckedComparison comparison, check_comparison(entry));
  return Lowering(entry.attribute, arena).lower(comparison);
}

// --- Expected ---

Result<const Condition*> bind_existence(const LegacyCondition& entry, Arena* arena) {
  const bool must_exist = entry.exists.value_or(true);
  if (must_exist && !entry.value) {
    return invalid_value(for_attribute(
        std::string("Value must be provided when Exists is ") + (entry.exists ? "true" : "null"), entry.attribute));
  }
  if (!must_exist && entry.value) {
    return invalid_value(for_attribute("Value cannot be used when Exists is false", entry.attribute));
  }
  const Lowering lowering(entry.attribute, arena);
  return must_exist ? lowering.equals(*entry.value) : lowering.not_exists();
}

Result<const Condition*> bind_expectation(const LegacyCondition& entry, Arena* arena) {
  if (entry.value && entry.value_list) {
    return invalid_value(for_attribute("Value and AttributeValueList cannot be used together", entry.attribute));
  }
  if (!entry.comparison_operator) {
    if (entry.value_list) {
      return invalid_value(
          for_attribute("AttributeValueList can only be used with a ComparisonOperator", entry.attribute));
    }
    return bind_existence(entry, arena);
  }
  if (entry.exists) {
    return invalid_value(for_attribute("Exists and ComparisonOperator cannot be used together", entry.attribute));
  }
  return bind_entry(entry, arena);
}

template <class BindOne>
Result<const Condition*> bind_all(std::span<const LegacyCondition> entries, bool any, Arena* arena, BindOne bind_one) {
  std::vector<const Condition*> conditions;
  conditions.reserve(entries.size());
  for (const LegacyCondition& entry : entries) {
    TRY_ASSIGN(const Condition* const condition, bind_one(entry, arena));
    conditions.push_back(condition);
  }
  return join(conditions, any, arena);
}

// --- KeyConditions ---

std::optional<SortOperator> indexable(Operator op) {
  switch (op) {
    case Operator::kEq: return SortOperator::kEqual;
    case Operator::kLt: return SortOperator::kLess;
    case Operator::kLe: return SortOperator::kLessOrEqual;
    case Operator::kGt: return SortOperator::kGreater;
    case Operator::kGe: return SortOperator::kGreaterOrEqual;
    case Operator::kBetween: return SortOperator::kBetween;
    case Operator::kBeginsWith: return SortOperator::kBeginsWith;
    case Operator::kNe:
    case Operator::kIn:
    case Operator::kContains:
    case Operator::kNotContains:
    case Operator::kNull:
    case Operator::kNotNull: return std::nullopt;
  }
  return std::nullopt;
}

// --- AttributeUpdates ---

Result<UpdateAction> bind_update_entry(const LegacyUpdate& update, Arena* arena) {
  const string_view name = update.action.value_or("PUT");
  UpdateAction action{.kind = UpdateAction::Kind::kRemove, .path = make_top_level_path(update.attribute, arena)};
  if (!update.value) {
    if (name == "DELETE") return action;
    return invalid_value("Only DELETE action is allowed when no attribute value is specified");
  }
  const Type type = update.value->type();
  action.value = *update.value;
  if (name == "DELETE") {
    action.kind = UpdateAction::Kind::kDelete;
    if (is_set(type)) return action;
    return invalid_value("DELETE action with value is not supported for the type " + std::string(type_name(type)));
  }
  if (name == "ADD") {
    action.kind = UpdateAction::Kind::kAdd;
    if (is_set(type) || type == Type::kNumber || type == Type::kList) return action;
    return invalid_value("ADD action is not supported for the type " + std::string(type_name(type)));
  }
  action.kind = UpdateAction::Kind::kSet;
  action.term = make_value_term(*update.value, arena);
  return action;
}

std::optional<string_view> first_duplicate(std::span<const string_view> names) {
  std::vector<string_view> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  const auto found = std::adjacent_find(sorted.begin(), sorted.end());
  return found == sorted.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Result<const Condition*> bind_expected(std::span<const LegacyCondition> expected, bool any, Arena* arena) {
  return bind_all(expected, any, arena, bind_expectation);
}

Result<const Condition*> bind_filter(std::span<const LegacyCondition> filter, bool any, Arena* arena) {
  return bind_all(filter, any, arena, bind_entry);
}

Result<KeyCondition> bind_key_conditions(std::span<const LegacyCondition> conditions, const KeySchema& schema,
                                         Arena* arena) {
  std::vector<KeyTest> tests;
  for (const LegacyCondition& condition : conditions) {
    TRY_ASSIGN(const CheckedComparison comparison, check_comparison(condition));
    const std::optional<SortOperator> test = indexable(comparison.row->op);
    if (!test) return invalid("Attempted conditional constraint is not an indexable operation");
    const Value high = *test == SortOperator::kBetween ? comparison.values[1] : Value();
    tests.push_back({condition.attribute, *test, comparison.values[0], high});
  }
  return reduce_key_tests(tests, schema, arena);
}

Result<const UpdateProgram*> bind_attribute_updates(std::span<const LegacyUpdate> updates, Arena* arena) {
  std::vector<UpdateAction> actions;
  for (const LegacyUpdate& update : updates) {
    TRY_ASSIGN(const UpdateAction action, bind_update_entry(update, arena));
    actions.push_back(action);
  }
  const auto program = make_update_program(actions, /*legacy=*/true, arena);
  if (program) return *program;
  const PathClash clash = program.error();
  return invalid(clash_text(actions[clash.first].path, actions[clash.second].path));
}

Result<const Projection*> bind_attributes_to_get(std::span<const std::string_view> names, Arena* arena) {
  if (const std::optional<string_view> duplicate = first_duplicate(names)) {
    return invalid_value("Duplicate value in attribute name: " + std::string(*duplicate));
  }
  auto* const paths = arena->allocate_array<DocumentPath>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) paths[i] = make_top_level_path(names[i], arena);
  return make_projection({paths, names.size()}, arena);
}

}  // namespace armature::expression
