// Source: Developer Guide, "Key condition expressions for the Query operation in DynamoDB".
#include <gtest/gtest.h>

#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

const KeySchema kSchema{{{"pk", Type::kString}}, {{"sk", Type::kNumber}}};
const KeySchema kTextSchema{{{"pk", Type::kString}}, {{"sk", Type::kString}}};
const KeySchema kPartitionOnly{{{"pk", Type::kString}}, {}};
const KeySchema kMany{{{"t", Type::kString}, {"u", Type::kNumber}},
                      {{"x", Type::kString}, {"y", Type::kNumber}, {"z", Type::kString}}};

std::string describe_condition(const KeyCondition& condition) {
  static constexpr const char* kOperators[] = {"", " =", " <", " <=", " >", " >=", " between", " begins_with"};
  std::string text;
  for (const Value& value : condition.partition) text += to_text(value) + ";";
  for (const Value& value : condition.sort_equal) text += " = " + to_text(value);
  text += kOperators[static_cast<std::size_t>(condition.sort_operator)];
  if (condition.sort_operator != SortOperator::kNone) text += " " + to_text(condition.low);
  if (condition.sort_operator == SortOperator::kBetween) text += " " + to_text(condition.high);
  return text;
}

std::string reduced(std::string_view text, Values values, const KeySchema& schema = kSchema, Names names = {}) {
  const auto condition = bind(text, values, names, Parameter::kKeyCondition);
  if (!condition) return condition.error().message;
  const auto key = reduce_key_condition(**condition, schema, arena());
  return key ? describe_condition(*key) : key.error().message;
}

TEST(KeyCondition, IsThePartitionKeyAndOneTestOfTheSortKey) {
  EXPECT_EQ(reduced("pk = :p", {{":p", S("a")}}), "S \"a\";");
  EXPECT_EQ(reduced("pk = :p AND sk = :s", {{":p", S("a")}, {":s", N(1)}}), "S \"a\"; = N 1");
  EXPECT_EQ(reduced("pk = :p AND sk < :s", {{":p", S("a")}, {":s", N(1)}}), "S \"a\"; < N 1");
  EXPECT_EQ(reduced("pk = :p AND sk <= :s", {{":p", S("a")}, {":s", N(1)}}), "S \"a\"; <= N 1");
  EXPECT_EQ(reduced("pk = :p AND sk > :s", {{":p", S("a")}, {":s", N(1)}}), "S \"a\"; > N 1");
  EXPECT_EQ(reduced("pk = :p AND sk >= :s", {{":p", S("a")}, {":s", N(1)}}), "S \"a\"; >= N 1");
  EXPECT_EQ(reduced("pk = :p AND sk BETWEEN :s AND :t", {{":p", S("a")}, {":s", N(1)}, {":t", N(2)}}),
            "S \"a\"; between N 1 N 2");
  EXPECT_EQ(reduced("pk = :p AND begins_with(sk, :s)", {{":p", S("a")}, {":s", S("x")}}, kTextSchema),
            "S \"a\"; begins_with S \"x\"");
}

TEST(KeyCondition, TakesEitherOrderEitherSideAndParentheses) {
  const std::initializer_list<Attribute> values = {{":p", S("a")}, {":s", N(1)}};
  EXPECT_EQ(reduced("sk > :s AND pk = :p", values), "S \"a\"; > N 1");
  EXPECT_EQ(reduced(":s > sk AND :p = pk", values), "S \"a\"; < N 1");
  EXPECT_EQ(reduced(":s <= sk AND :p = pk", values), "S \"a\"; >= N 1");
  EXPECT_EQ(reduced("((sk = :s) AND (#k = :p))", values, kSchema, {{"#k", "pk"}}), "S \"a\"; = N 1");
}

TEST(KeyCondition, NeedsThePartitionKey) {
  EXPECT_EQ(reduced("sk = :s", {{":s", N(1)}}), "Query condition missed key schema element: pk");
  EXPECT_EQ(reduced("extra = :s AND sk = :s", {{":s", N(1)}}), "Query condition missed key schema element: pk");
  EXPECT_EQ(reduced("pk = :p AND extra = :s", {{":p", S("a")}, {":s", N(1)}}),
            "Query condition missed key schema element: sk");
  EXPECT_EQ(reduced("pk = :p AND extra = :s", {{":p", S("a")}, {":s", N(1)}}, kPartitionOnly),
            "Query key condition not supported");
}

TEST(KeyCondition, TestsThePartitionKeyForEqualityOnly) {
  EXPECT_EQ(reduced("pk > :p", {{":p", S("a")}}), "Query key condition not supported");
  EXPECT_EQ(reduced("begins_with(pk, :p)", {{":p", S("a")}}), "Query key condition not supported");
}

TEST(KeyCondition, RefusesOtherOperators) {
  const auto refused = [](std::string_view name) {
    return "Invalid operator used in KeyConditionExpression: " + std::string(name);
  };
  const std::initializer_list<Attribute> values = {{":p", S("a")}};
  EXPECT_EQ(reduced("pk = :p OR sk = :p", values), refused("OR"));
  EXPECT_EQ(reduced("NOT pk = :p", values), refused("NOT"));
  EXPECT_EQ(reduced("pk IN (:p)", values), refused("IN"));
  EXPECT_EQ(reduced("pk <> :p", values), refused("<>"));
  EXPECT_EQ(reduced("pk = :p AND attribute_exists(sk)", values), refused("attribute_exists"));
  EXPECT_EQ(reduced("pk = :p AND attribute_not_exists(sk)", values), refused("attribute_not_exists"));
  EXPECT_EQ(reduced("pk = :p AND contains(sk, :p)", values), refused("contains"));
  EXPECT_EQ(reduced("attribute_type(pk, :t)", {{":t", S("S")}}), refused("attribute_type"));
}

TEST(KeyCondition, RefusesOtherShapes) {
  const Attribute text{":p", S("a")};
  const Attribute one{":s", N(1)};
  EXPECT_EQ(reduced("pk = :p AND pk = :p", {text}), "KeyConditionExpressions must only contain one condition per key");
  EXPECT_EQ(reduced("pk = :p AND sk = :s AND x = :s", {text, one}), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(reduced("pk = :p AND sk.a = :s", {text, one}),
            "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes");
  EXPECT_EQ(reduced("pk = :p AND size(sk) = :s", {text, one}),
            "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(reduced("pk = :p AND sk = size(:p)", {text}), "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(reduced("pk = sk", {}),
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  EXPECT_EQ(reduced(":p = :s", {text, one}), "Invalid condition in KeyConditionExpression: No key attribute specified");
  EXPECT_EQ(reduced("pk = :p AND begins_with(:p, sk)", {text}),
            "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its "
            "first operand");
  EXPECT_EQ(
      reduced("pk = :p AND :s BETWEEN sk AND :s", {text, one}),
      "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand");
}

TEST(KeyCondition, ValuesAreOfTheSchemasTypes) {
  const std::string mismatch =
      "One or more parameter values were invalid: Condition parameter type does not match schema type";
  EXPECT_EQ(reduced("pk = :p", {{":p", N(1)}}), mismatch);
  EXPECT_EQ(reduced("pk = :p AND sk = :s", {{":p", S("a")}, {":s", S("b")}}), mismatch);
  EXPECT_EQ(reduced("pk = :p AND begins_with(sk, :s)", {{":p", S("a")}, {":s", S("b")}}), mismatch);
  EXPECT_EQ(reduced("pk = :p", {{":p", L({})}}), mismatch);
  EXPECT_EQ(reduced("pk = :p AND begins_with(sk, :s)", {{":p", S("a")}, {":s", N(1)}}),
            "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: "
            "begins_with, operand type: N");
}

TEST(KeyCondition, ValuesAreNeitherEmptyNorTooLong) {
  EXPECT_EQ(reduced("pk = :p", {{":p", S("")}}),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string "
            "value. Key: pk");
  EXPECT_EQ(reduced("pk = :p AND sk BETWEEN :s AND :s", {{":p", S("a")}, {":s", S("")}}, kTextSchema),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string "
            "value. Key: sk");
  EXPECT_EQ(
      reduced("pk = :p", {{":p", S(std::string(2049, 'x'))}}),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(reduced("pk = :p AND sk = :s", {{":p", S("a")}, {":s", S(std::string(1025, 'x'))}}, kTextSchema),
            "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit "
            "of 1024 "
            "bytes");
}

TEST(MultiAttributeKey, TakesEveryPartitionAttributeAndLeadingSortAttributes) {
  const std::initializer_list<Attribute> values = {
      {":t", S("t")}, {":u", N(1)}, {":x", S("x")}, {":y", N(2)}, {":z", S("z")}};
  EXPECT_EQ(reduced("u = :u AND t = :t", values, kMany), "S \"t\";N 1;");
  EXPECT_EQ(reduced("y > :y AND x = :x AND u = :u AND t = :t", values, kMany), "S \"t\";N 1; = S \"x\" > N 2");
  EXPECT_EQ(reduced("t = :t AND u = :u AND x = :x AND y = :y AND begins_with(z, :z)", values, kMany),
            "S \"t\";N 1; = S \"x\" = N 2 begins_with S \"z\"");
  EXPECT_EQ(reduced("t = :t", values, kMany), "Query condition missed key schema element: u");
  EXPECT_EQ(reduced("t = :t AND u = :u AND y = :y", values, kMany), "Query condition missed key schema element: x");
  EXPECT_EQ(reduced("t = :t AND u = :u AND x > :x AND y = :y", values, kMany), "Query key condition not supported");
  EXPECT_EQ(reduced("t = :t AND u > :u", values, kMany), "Query key condition not supported");
}

}  // namespace
}  // namespace armature::test
