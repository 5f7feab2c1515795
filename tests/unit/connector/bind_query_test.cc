#include "connector/bind_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace armature::connector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class BindQuery : public testing::Test {
 protected:
  BindQuery() {
    query_.name = "q";
    query_.operation = "Query";
    context_.now_ms = 1'700'000'000'123;
    context_.uuid = "u-u";
    context_.user = "ann";
  }
  void declare(std::string name, VariableType type) {
    query_.variables.push_back({std::move(name), type, std::nullopt, true, {}});
  }
  // The request, or "error: " and why there is none.
  std::string bound(std::string body, std::map<std::string, std::string> values = {}) {
    query_.body = std::move(body);
    const auto result = bind_query(query_, values, context_);
    return result ? result->body : "error: " + result.error().message;
  }
  std::string statement(std::string text, std::map<std::string, std::string> values = {}) {
    query_.language = QueryLanguage::kPartiQl;
    return bound(std::move(text), std::move(values));
  }
  SavedQuery query_;
  BindContext context_;
};

TEST_F(BindQuery, AWholeValueTakesTheVariablesType) {
  declare("id", VariableType::kNumber);
  EXPECT_EQ(bound(R"({"Key":{"p":"{{id}}"}})", {{"id", "12345678901234567890123456789012345678"}}),
            R"({"Key":{"p":{"N":"12345678901234567890123456789012345678"}}})");
}

TEST_F(BindQuery, APartOfATextMakesAString) {
  EXPECT_EQ(bound(R"({"Key":{"p":{"S":"USER#{{id}}"}}})", {{"id", "\"7\""}}), R"({"Key":{"p":{"S":"USER#7"}}})");
  EXPECT_EQ(bound(R"({"Key":{"p":"USER#{{id}}"}})", {{"id", "\"7\""}}), R"({"Key":{"p":{"S":"USER#7"}}})");
}

TEST_F(BindQuery, ValuesNeverBecomeTextOfAnExpression) {
  declare("attr", VariableType::kName);
  EXPECT_EQ(
      bound(R"({"FilterExpression":"{{attr}} = {{v}}"})", {{"attr", "\"a = b OR c\""}, {"v", R"("x' OR 1=1 \" # 😀")"}}),
      R"({"FilterExpression":"#v1 = :v2","ExpressionAttributeNames":{"#v1":"a = b OR c"},)"
      R"("ExpressionAttributeValues":{":v2":{"S":"x' OR 1=1 \" # 😀"}}})");
}

TEST_F(BindQuery, PlaceholdersKeepClearOfTheRequestsOwn) {
  EXPECT_EQ(
      bound(R"({"FilterExpression":"a = {{x}} AND b = :v1","ExpressionAttributeValues":{":v1":{"N":"1"}}})",
            {{"x", "\"q\""}}),
      R"({"FilterExpression":"a = :v2 AND b = :v1","ExpressionAttributeValues":{":v1":{"N":"1"},":v2":{"S":"q"}}})");
}

TEST_F(BindQuery, AListExpandsInIn) {
  declare("ids", VariableType::kNumberSet);
  EXPECT_EQ(
      bound(R"j({"FilterExpression":"a IN ({{ids}})"})j", {{"ids", "[1, 2]"}}),
      R"j({"FilterExpression":"a IN (:v1, :v2)","ExpressionAttributeValues":{":v1":{"N":"1"},":v2":{"N":"2"}}})j");
  EXPECT_EQ(statement("SELECT * FROM t WHERE a IN ({{ids}})", {{"ids", "[1, 2]"}}),
            R"j({"Statement":"SELECT * FROM t WHERE a IN (?, ?)","Parameters":[{"N":"1"},{"N":"2"}]})j");
}

TEST_F(BindQuery, WhatIsTypedIntoAFieldIsJsonWhereNoTextCanBeMeant) {
  declare("flag", VariableType::kBoolean);
  declare("list", VariableType::kList);
  declare("id", VariableType::kString);
  EXPECT_EQ(bound(R"({"Item":{"a":"{{flag}}","b":"{{list}}","c":"{{id}}"}})",
                  {{"flag", R"("true")"}, {"list", R"("[1, \"x\"]")"}, {"id", R"("true")"}}),
            R"({"Item":{"a":{"BOOL":true},"b":{"L":[{"N":"1"},{"S":"x"}]},"c":{"S":"true"}}})");
  EXPECT_THAT(bound(R"({"Item":{"a":"{{flag}}"}})", {{"flag", R"("yes")"}}), HasSubstr("must be true or false"));
}

TEST_F(BindQuery, StatementsGetParameters) {
  EXPECT_EQ(
      statement(R"(SELECT * FROM "t" WHERE a = {{id}} AND b = 'U#{{id}}')", {{"id", R"("a' OR 1=1")"}}),
      R"({"Statement":"SELECT * FROM \"t\" WHERE a = ? AND b = ?","Parameters":[{"S":"a' OR 1=1"},{"S":"U#a' OR 1=1"}]})");
}

TEST_F(BindQuery, NamesInStatementsAreQuoted) {
  declare("table", VariableType::kName);
  EXPECT_EQ(statement("SELECT * FROM {{table}}", {{"table", R"("a\"b; DROP")"}}),
            R"({"Statement":"SELECT * FROM \"a\"\"b; DROP\""})");
}

TEST_F(BindQuery, PlainValuesAreConverted) {
  query_.value_format = ValueFormat::kPlain;
  EXPECT_EQ(
      bound(R"({"Item":{"a":1.50,"b":["x",null],"c":{"$set":["q"]},"d":{"e":"{{id}}"}}})", {{"id", "\"7\""}}),
      R"({"Item":{"a":{"N":"1.50"},"b":{"L":[{"S":"x"},{"NULL":true}]},"c":{"SS":["q"]},"d":{"M":{"e":{"S":"7"}}}}})");
}

TEST_F(BindQuery, MembersBesideValuesTakeTextsNumbersAndBooleans) {
  declare("n", VariableType::kNumber);
  declare("strong", VariableType::kBoolean);
  EXPECT_EQ(bound(R"({"TableName":"{{table}}","Limit":"{{n}}","ConsistentRead":"{{strong}}"})",
                  {{"table", "\"T\""}, {"n", "5"}, {"strong", "true"}}),
            R"({"TableName":"T","Limit":5,"ConsistentRead":true})");
}

TEST_F(BindQuery, MissingVariablesAreNamed) {
  query_.body = R"({"Key":{"a":"{{x}}","b":"{{y}}"}})";
  const auto result = bind_query(query_, {}, context_);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().missing, ElementsAre("x", "y"));
}

TEST_F(BindQuery, UnknownVariablesAreRefused) {
  EXPECT_EQ(bound(R"({"Key":{"a":"{{user_id}}"}})", {{"user_di", "1"}}),
            "error: the query has no variable 'user_di'; did you mean user_id?");
}

TEST_F(BindQuery, ValuesMustBeOfTheirType) {
  declare("n", VariableType::kNumber);
  EXPECT_THAT(bound(R"({"Key":{"a":"{{n}}"}})", {{"n", "\"x\""}}), HasSubstr("must be a number"));
  declare("b", VariableType::kBinary);
  EXPECT_THAT(bound(R"({"Key":{"a":"{{b}}"}})", {{"b", "\"%\""}}), HasSubstr("base64"));
}

TEST_F(BindQuery, DefaultsAndAllowedValues) {
  query_.variables.push_back({"state", VariableType::kString, "\"open\"", false, {"\"open\"", "\"shut\""}});
  EXPECT_EQ(bound(R"({"Key":{"a":"{{state}}"}})"), R"({"Key":{"a":{"S":"open"}}})");
  EXPECT_THAT(bound(R"({"Key":{"a":"{{state}}"}})", {{"state", "\"ajar\""}}), HasSubstr("must be one of"));
}

TEST_F(BindQuery, BuiltInVariables) {
  EXPECT_EQ(bound(R"({"Item":{"t":"{{$now}}","ms":"{{$nowMs}}","id":"{{$uuid}}","by":"{{$user}}"}})"),
            R"({"Item":{"t":{"N":"1700000000"},"ms":{"N":"1700000000123"},"id":{"S":"u-u"},"by":{"S":"ann"}}})");
  EXPECT_EQ(bound(R"({"ExclusiveStartKey":"{{$page.lastKey}}"})"), "{}");
  context_.last_key_json = R"({"p":{"S":"x"}})";
  EXPECT_EQ(bound(R"({"ExclusiveStartKey":"{{$page.lastKey}}"})"), R"({"ExclusiveStartKey":{"p":{"S":"x"}}})");
}

TEST_F(BindQuery, TransactionsBindEachActionByItself) {
  EXPECT_EQ(
      bound(R"({"TransactItems":[{"Put":{"TableName":"T","Item":{"p":"{{x}}"},"ConditionExpression":"a = {{x}}"}},)"
            R"({"Delete":{"TableName":"T","Key":{"p":{"S":"k"}},"ConditionExpression":"b = {{x}}"}}]})",
            {{"x", "\"1\""}}),
      R"({"TransactItems":[{"Put":{"TableName":"T","Item":{"p":{"S":"1"}},"ConditionExpression":"a = :v1","ExpressionAttributeValues":{":v1":{"S":"1"}}}},)"
      R"({"Delete":{"TableName":"T","Key":{"p":{"S":"k"}},"ConditionExpression":"b = :v1","ExpressionAttributeValues":{":v1":{"S":"1"}}}}]})");
}

}  // namespace
}  // namespace armature::connector
