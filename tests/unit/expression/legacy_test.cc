// Source: Developer Guide, "Legacy conditional parameters".
#include "expression/legacy.h"

#include <gtest/gtest.h>

#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

std::string invalid_value(std::string_view text) {
  return "One or more parameter values were invalid: " + std::string(text);
}

std::span<const Value> list(std::initializer_list<Value> values) {
  return arena()->copy_array(std::span<const Value>(values.begin(), values.size()));
}

LegacyCondition test_of(std::string_view attribute, std::string_view comparison, std::initializer_list<Value> values) {
  return {.attribute = attribute, .comparison_operator = comparison, .value_list = list(values)};
}

std::string show(const Result<const Condition*>& condition, const Bytes& encoded) {
  if (!condition) return condition.error().message;
  const std::optional<ItemView> item = view(encoded);
  return evaluate(**condition, item ? &*item : nullptr, arena()) ? "true" : "false";
}

std::string expected(const LegacyCondition& entry, const Bytes& encoded = kNoItem) {
  return show(bind_expected({&entry, 1}, false, arena()), encoded);
}

// --- Expected ---

TEST(Expected, TestsForAValueOrForNone) {
  EXPECT_EQ(expected({.attribute = "a", .value = N(1)}, item({{"a", N("1.0")}})), "true");
  EXPECT_EQ(expected({.attribute = "a", .value = N(1), .exists = true}, item({{"a", N(2)}})), "false");
  EXPECT_EQ(expected({.attribute = "a", .exists = false}, item({{"a", N(2)}})), "false");
  EXPECT_EQ(expected({.attribute = "a", .exists = false}, kNoItem), "true");
}

TEST(Expected, NamesAreWholeAttributes) {
  EXPECT_EQ(expected({.attribute = "a.b", .value = N(1)}, item({{"a.b", N(1)}})), "true");
}

TEST(Expected, RefusesContradictions) {
  EXPECT_EQ(expected({.attribute = "a", .exists = true}),
            invalid_value("Value must be provided when Exists is true for Attribute: a"));
  EXPECT_EQ(expected({.attribute = "a"}), invalid_value("Value must be provided when Exists is null for Attribute: a"));
  EXPECT_EQ(expected({.attribute = "a", .value = N(1), .exists = false}),
            invalid_value("Value cannot be used when Exists is false for Attribute: a"));
  EXPECT_EQ(expected({.attribute = "a", .exists = true, .comparison_operator = "EQ"}),
            invalid_value("Exists and ComparisonOperator cannot be used together for Attribute: a"));
  EXPECT_EQ(expected({.attribute = "a", .value = N(1), .comparison_operator = "EQ", .value_list = list({N(1)})}),
            invalid_value("Value and AttributeValueList cannot be used together for Attribute: a"));
  EXPECT_EQ(expected({.attribute = "a", .value_list = list({N(1)})}),
            invalid_value("AttributeValueList can only be used with a ComparisonOperator for Attribute: a"));
}

TEST(Expected, TakesAComparisonWithValueOrList) {
  EXPECT_EQ(expected({.attribute = "a", .value = N(1), .comparison_operator = "GT"}, item({{"a", N(2)}})), "true");
  EXPECT_EQ(expected(test_of("a", "BETWEEN", {N(1), N(3)}), item({{"a", N(2)}})), "true");
}

TEST(Expected, JoinsEntriesByAndOrOr) {
  const LegacyCondition entries[] = {{.attribute = "a", .value = N(1)}, {.attribute = "b", .value = N(1)}};
  const Bytes subject = item({{"a", N(1)}});
  EXPECT_EQ(show(bind_expected(entries, false, arena()), subject), "false");
  EXPECT_EQ(show(bind_expected(entries, true, arena()), subject), "true");
  EXPECT_EQ(show(bind_expected({}, false, arena()), subject), "true");
}

// --- Operators ---

TEST(LegacyOperators, MeanTheSameAsInExpressions) {
  struct Row {
    std::string_view name;
    std::initializer_list<Value> values;
    Value attribute;
    const char* holds;
  };
  const Row rows[] = {
      {"EQ", {N(1)}, N("1.0"), "true"},
      {"NE", {N(1)}, S("1"), "true"},
      {"LT", {N(2)}, N(1), "true"},
      {"LE", {N(1)}, N(1), "true"},
      {"GT", {N(1)}, N(1), "false"},
      {"GE", {N(1)}, N(1), "true"},
      {"BETWEEN", {S("a"), S("c")}, S("c"), "true"},
      {"IN", {N(1), N(2)}, N(2), "true"},
      {"IN", {N(1)}, N(2), "false"},
      {"BEGINS_WITH", {S("he")}, S("hello"), "true"},
      {"CONTAINS", {S("ll")}, S("hello"), "true"},
      {"CONTAINS", {S("a")}, SS({"a", "b"}), "true"},
      {"CONTAINS", {N(1)}, L({N(1)}), "true"},
      {"NOT_CONTAINS", {S("x")}, S("hello"), "true"},
      {"NOT_CONTAINS", {S("ll")}, S("hello"), "false"},
      {"NULL", {}, Null(), "false"},
      {"NOT_NULL", {}, Null(), "true"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(expected(test_of("a", row.name, row.values), item({{"a", row.attribute}})), row.holds) << row.name;
  }
}

TEST(LegacyOperators, OnAMissingAttributeOnlyNeAndNullHold) {
  for (const char* name : {"EQ", "LT", "LE", "GT", "GE", "IN", "BEGINS_WITH", "CONTAINS", "NOT_CONTAINS"}) {
    EXPECT_EQ(expected(test_of("a", name, {S("x")})), "false") << name;
  }
  EXPECT_EQ(expected(test_of("a", "NE", {S("x")})), "true");
  EXPECT_EQ(expected(test_of("a", "NULL", {})), "true");
  EXPECT_EQ(expected(test_of("a", "NOT_NULL", {})), "false");
}

TEST(LegacyOperators, TakeAFixedNumberOfArguments) {
  const auto error = [](std::string_view name) {
    return invalid_value("Invalid number of argument(s) for the " + std::string(name) + " ComparisonOperator");
  };
  for (const char* name : {"EQ", "NE", "LT", "LE", "GT", "GE", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"}) {
    EXPECT_EQ(expected(test_of("a", name, {})), error(name));
    EXPECT_EQ(expected(test_of("a", name, {S("x"), S("y")})), error(name));
  }
  EXPECT_EQ(expected(test_of("a", "BETWEEN", {S("x")})), error("BETWEEN"));
  EXPECT_EQ(expected(test_of("a", "IN", {})), error("IN"));
  EXPECT_EQ(expected(test_of("a", "NULL", {S("x")})), error("NULL"));
  EXPECT_EQ(expected(test_of("a", "NOT_NULL", {S("x")})), error("NOT_NULL"));
}

TEST(LegacyOperators, TakeCertainTypes) {
  const auto error = [](std::string_view name, std::string_view type) {
    return invalid_value("ComparisonOperator " + std::string(name) + " is not valid for " + std::string(type) +
                         " AttributeValue type");
  };
  for (const char* name : {"LT", "LE", "GT", "GE", "IN", "CONTAINS", "NOT_CONTAINS"}) {
    EXPECT_EQ(expected(test_of("a", name, {SS({"x"})})), error(name, "SS"));
    EXPECT_EQ(expected(test_of("a", name, {BOOL(true)})), error(name, "BOOL"));
  }
  EXPECT_EQ(expected(test_of("a", "BEGINS_WITH", {N(1)})), error("BEGINS_WITH", "N"));
  EXPECT_EQ(expected(test_of("a", "EQ", {M({})}), item({{"a", M({})}})), "true");
  EXPECT_EQ(expected(test_of("a", "IN", {S("x"), N(1)})),
            invalid_value("AttributeValues inside AttributeValueList must be of same type"));
  EXPECT_EQ(expected(test_of("a", "BETWEEN", {N(2), N(1)})),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
}

TEST(LegacyFilter, IsAConditionOnWholeAttributes) {
  const LegacyCondition entries[] = {test_of("a", "GT", {N(1)}), test_of("b", "NOT_NULL", {})};
  EXPECT_EQ(show(bind_filter(entries, false, arena()), item({{"a", N(2)}, {"b", Null()}})), "true");
  EXPECT_EQ(show(bind_filter(entries, false, arena()), item({{"a", N(2)}})), "false");
  EXPECT_EQ(show(bind_filter(entries, true, arena()), item({{"a", N(2)}})), "true");
}

// --- KeyConditions ---

std::string key_condition(std::initializer_list<LegacyCondition> conditions) {
  const KeySchema schema{{{"pk", Type::kString}}, {{"sk", Type::kString}}};
  const auto key = bind_key_conditions(std::span(conditions.begin(), conditions.size()), schema, arena());
  if (!key) return key.error().message;
  return to_text(key->partition[0]) + (key->sort_equal.empty() ? "" : " = " + to_text(key->sort_equal[0])) +
         (key->sort_operator == SortOperator::kNone ? "" : " # " + to_text(key->low)) +
         (key->sort_operator == SortOperator::kBetween ? " " + to_text(key->high) : "");
}

TEST(LegacyKeyConditions, ReduceLikeExpressions) {
  const LegacyCondition partition = test_of("pk", "EQ", {S("a")});
  EXPECT_EQ(key_condition({partition}), "S \"a\"");
  EXPECT_EQ(key_condition({test_of("sk", "EQ", {S("b")}), partition}), "S \"a\" = S \"b\"");
  for (const char* name : {"LT", "LE", "GT", "GE", "BEGINS_WITH"}) {
    EXPECT_EQ(key_condition({partition, test_of("sk", name, {S("b")})}), "S \"a\" # S \"b\"") << name;
  }
  EXPECT_EQ(key_condition({partition, test_of("sk", "BETWEEN", {S("b"), S("c")})}), "S \"a\" # S \"b\" S \"c\"");
}

TEST(LegacyKeyConditions, RefuseWhatNoKeyRangeIs) {
  const LegacyCondition partition = test_of("pk", "EQ", {S("a")});
  for (const char* name : {"NE", "CONTAINS", "NOT_CONTAINS", "IN"}) {
    EXPECT_EQ(key_condition({partition, test_of("sk", name, {S("b")})}),
              "Attempted conditional constraint is not an indexable operation");
  }
  EXPECT_EQ(key_condition({partition, test_of("sk", "NULL", {})}),
            "Attempted conditional constraint is not an indexable operation");
  EXPECT_EQ(key_condition({}), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(key_condition({test_of("sk", "EQ", {S("b")})}), "Query condition missed key schema element: pk");
  EXPECT_EQ(key_condition({test_of("pk", "GT", {S("b")})}), "Query key condition not supported");
  EXPECT_EQ(key_condition({test_of("pk", "EQ", {N(1)})}),
            invalid_value("Condition parameter type does not match schema type"));
}

// --- AttributeUpdates ---

std::string attribute_updates(std::initializer_list<LegacyUpdate> updates, const Bytes& before) {
  const auto program = bind_attribute_updates(std::span(updates.begin(), updates.size()), arena());
  return program ? applied(**program, before) : program.error().message;
}

TEST(AttributeUpdates, PutAddAndDelete) {
  const Bytes before = item({{"p", S("k")}, {"n", N(1)}, {"s", SS({"a", "b"})}, {"l", L({N(1)})}, {"x", N(1)}});
  EXPECT_EQ(attribute_updates({{"a.b", N(1), {}},
                               {"n", N(2), "ADD"},
                               {"s", SS({"a"}), "DELETE"},
                               {"l", L({N(2)}), "ADD"},
                               {"x", {}, "DELETE"},
                               {"fresh", N(7), "ADD"}},
                              before),
            "{a.b: N 1, fresh: N 7, l: [N 1, N 2], n: N 3, p: S \"k\", s: SS {\"b\"}}");
}

TEST(AttributeUpdates, RefuseWhatAnActionCannotTake) {
  const Bytes before = item({{"s", S("x")}, {"n", N(1)}});
  EXPECT_EQ(attribute_updates({{"a", N(1), "DELETE"}}, before),
            invalid_value("DELETE action with value is not supported for the type N"));
  EXPECT_EQ(attribute_updates({{"a", S("x"), "ADD"}}, before),
            invalid_value("ADD action is not supported for the type S"));
  EXPECT_EQ(attribute_updates({{"a", {}, "PUT"}}, before),
            invalid_value("Only DELETE action is allowed when no attribute value is specified"));
  EXPECT_EQ(attribute_updates({{"a", {}, {}}}, before),
            invalid_value("Only DELETE action is allowed when no attribute value is specified"));
  EXPECT_EQ(attribute_updates({{"s", N(1), "ADD"}}, before), "Type mismatch for attribute to update");
  EXPECT_EQ(attribute_updates({{"n", SS({"x"}), "DELETE"}}, before), "Type mismatch for attribute to update");
}

TEST(AttributeUpdates, EmptyOnesCreateTheItem) {
  EXPECT_EQ(attribute_updates({}, kNoItem), "{p: S \"k\"}");
  EXPECT_EQ(attribute_updates({}, item({{"p", S("k")}, {"a", N(1)}})), "{a: N 1, p: S \"k\"}");
  EXPECT_EQ(attribute_updates({{"a", {}, "DELETE"}}, kNoItem), "nothing created");
}

// --- AttributesToGet ---

TEST(AttributesToGet, AreWholeDistinctAttributes) {
  const std::string_view names[] = {"a.b", "c"};
  const auto projection = bind_attributes_to_get(names, arena());
  ASSERT_TRUE(projection);
  EXPECT_EQ(to_text(project(**projection, *view(item({{"a.b", N(1)}, {"c", N(2)}, {"d", N(3)}})), arena())),
            "{a.b: N 1, c: N 2}");
  const std::string_view twice[] = {"a", "b", "a"};
  EXPECT_EQ(error_of(bind_attributes_to_get(twice, arena())), invalid_value("Duplicate value in attribute name: a"));
}

}  // namespace
}  // namespace armature::test
