#include <algorithm>
#include <string>

#include "expression/condition.h"
#include "expression/key_tests.h"
#include "expression/parse_cache.h"
#include "model/key_codec.h"

namespace armature::expression {
namespace {

// --- From a condition to tests on single attributes ---

Unexpected<Error> invalid_operator(std::string_view name) {
  return invalid("Invalid operator used in KeyConditionExpression: " + std::string(name));
}

Unexpected<Error> invalid_test(std::string_view text) {
  return invalid("Invalid condition in KeyConditionExpression: " + std::string(text));
}

SortOperator sort_operator(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess: return SortOperator::kLess;
    case Comparison::kLessOrEqual: return SortOperator::kLessOrEqual;
    case Comparison::kGreater: return SortOperator::kGreater;
    case Comparison::kGreaterOrEqual: return SortOperator::kGreaterOrEqual;
    case Comparison::kEqual:
    case Comparison::kNotEqual: break;
  }
  return SortOperator::kEqual;
}

// `:v < a` is `a > :v`.
SortOperator flipped(SortOperator test) {
  switch (test) {
    case SortOperator::kLess: return SortOperator::kGreater;
    case SortOperator::kLessOrEqual: return SortOperator::kGreaterOrEqual;
    case SortOperator::kGreater: return SortOperator::kLess;
    case SortOperator::kGreaterOrEqual: return SortOperator::kLessOrEqual;
    default: return test;
  }
}

class TestCollector {
 public:
  Result<void> collect(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kAnd:
        for (const Condition* child : condition.children) TRY(collect(*child));
        return {};
      case Condition::Kind::kOr: return invalid_operator("OR");
      case Condition::Kind::kNot: return invalid_operator("NOT");
      case Condition::Kind::kIn: return invalid_operator("IN");
      case Condition::Kind::kAttributeExists: return invalid_operator("attribute_exists");
      case Condition::Kind::kAttributeNotExists: return invalid_operator("attribute_not_exists");
      case Condition::Kind::kAttributeType: return invalid_operator("attribute_type");
      case Condition::Kind::kContains: return invalid_operator("contains");
      case Condition::Kind::kComparison: return collect_comparison(condition);
      case Condition::Kind::kBetween: return collect_function(condition, SortOperator::kBetween, "BETWEEN");
      case Condition::Kind::kBeginsWith: return collect_function(condition, SortOperator::kBeginsWith, "begins_with");
    }
    return {};
  }

  std::span<const KeyTest> tests() const { return tests_; }

 private:
  Result<void> collect_comparison(const Condition& condition) {
    if (condition.comparison == Comparison::kNotEqual) return invalid_operator("<>");
    TRY(check_operands(condition.operands));
    const bool attribute_first = condition.operands[0].kind == Operand::Kind::kPath;
    const Operand& attribute = condition.operands[attribute_first ? 0 : 1];
    const Operand& value = condition.operands[attribute_first ? 1 : 0];
    const SortOperator test = sort_operator(condition.comparison);
    return add({attribute.path.top_level_name(), attribute_first ? test : flipped(test), value.value, Value()});
  }

  Result<void> collect_function(const Condition& condition, SortOperator test, std::string_view name) {
    TRY(check_operands(condition.operands));
    if (condition.operands[0].kind != Operand::Kind::kPath) {
      return invalid_test(std::string(name) + " operator must have the key attribute as its first operand");
    }
    const Value high = test == SortOperator::kBetween ? condition.operands[2].value : Value();
    return add({condition.operands[0].path.top_level_name(), test, condition.operands[1].value, high});
  }

  // One of the operands is a whole attribute, the others are values.
  static Result<void> check_operands(std::span<const Operand> operands) {
    std::size_t paths = 0;
    for (const Operand& operand : operands) {
      switch (operand.kind) {
        case Operand::Kind::kValue: break;
        case Operand::Kind::kSizeOfPath:
        case Operand::Kind::kSizeOfValue: return invalid("KeyConditionExpressions cannot contain nested operations");
        case Operand::Kind::kPath:
          if (operand.path.is_nested()) {
            return invalid_expression(Parameter::kKeyCondition,
                                      "KeyConditionExpressions cannot have conditions on nested attributes");
          }
          ++paths;
      }
    }
    if (paths > 1) return invalid_test("Multiple attribute names used in one condition");
    if (paths == 0) return invalid_test("No key attribute specified");
    return {};
  }

  Result<void> add(const KeyTest& test) {
    const bool seen = std::any_of(tests_.begin(), tests_.end(),
                                  [&](const KeyTest& other) { return other.attribute == test.attribute; });
    if (seen) return invalid("KeyConditionExpressions must only contain one condition per key");
    tests_.push_back(test);
    return {};
  }

  std::vector<KeyTest> tests_;
};

// --- From tests to a schema's keys ---

Unexpected<Error> missed(const KeyAttribute& attribute) {
  return invalid("Query condition missed key schema element: " + attribute.name);
}

Unexpected<Error> not_supported() { return invalid("Query key condition not supported"); }

Result<void> check_type(const KeyAttribute& attribute, const KeyTest& test) {
  const bool fits = test.low.is(attribute.type) &&
                    (test.test != SortOperator::kBetween || test.high.is(attribute.type)) &&
                    (test.test != SortOperator::kBeginsWith || attribute.type != Type::kNumber);
  if (fits) return {};
  return invalid("One or more parameter values were invalid: Condition parameter type does not match schema type");
}

// Key values are never empty, and of bounded size, in reads too.
Result<void> check_key_value(const KeyAttribute& attribute, const Value& value, bool of_partition) {
  if (value.is(Type::kNumber)) return {};
  const std::size_t bytes = value.bytes().size();
  if (bytes == 0) {
    return invalid(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " +
        std::string(value.is(Type::kString) ? "string" : "binary") + " value. Key: " + attribute.name);
  }
  if (of_partition && bytes > kMaxPartitionKeyBytes) {
    return invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of" +
                   std::to_string(kMaxPartitionKeyBytes) + " bytes");
  }
  if (!of_partition && bytes > kMaxSortKeyBytes) {
    return invalid(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of " +
        std::to_string(kMaxSortKeyBytes) + " bytes");
  }
  return {};
}

Result<void> check_test(const KeyAttribute& attribute, const KeyTest& test, bool of_partition) {
  TRY(check_type(attribute, test));
  TRY(check_key_value(attribute, test.low, of_partition));
  return test.test == SortOperator::kBetween ? check_key_value(attribute, test.high, of_partition) : Result<void>();
}

const KeyTest* find_test(std::span<const KeyTest> tests, const KeyAttribute& attribute) {
  const auto found =
      std::find_if(tests.begin(), tests.end(), [&](const KeyTest& test) { return test.attribute == attribute.name; });
  return found == tests.end() ? nullptr : &*found;
}

Result<void> reduce_partition(std::span<const KeyTest> tests, const KeySchema& schema, Arena* arena,
                              KeyCondition* condition) {
  for (const KeyAttribute& attribute : schema.partition) {
    if (find_test(tests, attribute) == nullptr) return missed(attribute);
  }
  auto* const values = arena->allocate_array<Value>(schema.partition.size());
  for (std::size_t i = 0; i < schema.partition.size(); ++i) {
    const KeyTest& test = *find_test(tests, schema.partition[i]);
    if (test.test != SortOperator::kEqual) return not_supported();
    TRY(check_test(schema.partition[i], test, true));
    values[i] = test.low;
  }
  condition->partition = {values, schema.partition.size()};
  return {};
}

// Equalities on the leading sort key attributes, then at most one other test. `*used` counts the tests that found their
// place.
Result<void> reduce_sort(std::span<const KeyTest> tests, const KeySchema& schema, Arena* arena, KeyCondition* condition,
                         std::size_t* used) {
  auto* const values = arena->allocate_array<Value>(schema.sort.size());
  std::size_t equal = 0;
  const KeyAttribute* gap = nullptr;
  for (const KeyAttribute& attribute : schema.sort) {
    const KeyTest* const test = find_test(tests, attribute);
    if (test == nullptr) {
      if (gap == nullptr) gap = &attribute;
      continue;
    }
    if (gap != nullptr) return missed(*gap);
    if (condition->sort_operator != SortOperator::kNone) return not_supported();
    TRY(check_test(attribute, *test, false));
    ++*used;
    if (test->test == SortOperator::kEqual) {
      values[equal++] = test->low;
      continue;
    }
    condition->sort_operator = test->test;
    condition->low = test->low;
    condition->high = test->high;
  }
  condition->sort_equal = {values, equal};
  // A test on an attribute that is no key at all, where a sort key attribute could have stood.
  if (*used < tests.size() && gap != nullptr) return missed(*gap);
  return {};
}

}  // namespace

Result<void> check_key_condition_shape(const Condition& condition) { return TestCollector().collect(condition); }

Result<KeyCondition> reduce_key_tests(std::span<const KeyTest> tests, const KeySchema& schema, Arena* arena) {
  const bool multi_attribute = schema.partition.size() > 1 || schema.sort.size() > 1;
  if (!multi_attribute && (tests.empty() || tests.size() > 2))
    return invalid("Conditions can be of length 1 or 2 only");
  KeyCondition condition;
  TRY(reduce_partition(tests, schema, arena, &condition));
  std::size_t used = schema.partition.size();
  TRY(reduce_sort(tests, schema, arena, &condition, &used));
  if (used < tests.size()) return not_supported();
  return condition;
}

Result<KeyCondition> reduce_key_condition(const Condition& condition, const KeySchema& schema, Arena* arena) {
  TestCollector collector;
  TRY(collector.collect(condition));
  return reduce_key_tests(collector.tests(), schema, arena);
}

}  // namespace armature::expression
