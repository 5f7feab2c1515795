// What is wrong with a request, word for word, in the order in which it is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

struct Case {
  std::string_view operation;
  std::string_view request;
  std::string expected;  // The body.
};

// No table exists: everything here is found before tables are looked up.
void expect_all(std::initializer_list<Case> cases) {
  Service service;
  for (const Case& one : cases) {
    const Reply reply = service.call(one.operation, one.request);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, one.expected) << one.operation << ' ' << one.request;
  }
}

TEST(RequestErrors, WrongJsonTypesNameWhatCannotBeConverted) {
  expect_all({
      {"GetItem", R"({"TableName":5})", serialization("NUMBER_VALUE cannot be converted to String")},
      {"GetItem", R"({"TableName":5.5})", serialization("DECIMAL_VALUE cannot be converted to String")},
      {"GetItem", R"({"TableName":true})", serialization("TRUE_VALUE cannot be converted to String")},
      {"GetItem", R"({"TableName":{}})", serialization("Start of structure or map found where not expected")},
      {"GetItem", R"({"TableName":[]})", serialization("Unrecognized collection type class java.lang.String")},
      {"GetItem", R"({"Key":5})", serialization("Unexpected field type")},
      {"GetItem", R"({"Key":[]})",
       serialization("Unrecognized collection type java.util.Map<java.lang.String, "
                     "com.amazonaws.dynamodb.v20120810.AttributeValue>")},
      {"GetItem", R"({"ConsistentRead":"maybe"})", serialization("Unexpected token received from parser")},
      {"GetItem", R"({"ConsistentRead":1})", serialization("NUMBER_VALUE cannot be converted to Boolean")},
      {"GetItem", R"({"AttributesToGet":{}})", serialization("Start of structure or map found where not expected")},
      {"Query", R"({"Limit":"5"})", serialization("STRING_VALUE cannot be converted to Integer")},
      {"PutItem", R"({"Expected":{"a":[]}})",
       serialization("Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ExpectedAttributeValue")},
      {"PutItem", R"({"Item":{"a":{"S":5}}})", serialization("NUMBER_VALUE cannot be converted to String")},
  });
}

TEST(RequestErrors, JsonTypesComeBeforeEverythingElse) {
  expect_all({{"PutItem", R"({"Item":{"a":{"N":"x"},"b":{"S":5}},"ReturnValues":"BAD"})",
               serialization("NUMBER_VALUE cannot be converted to String")}});
}

TEST(RequestErrors, BadTableNameIsToldAlone) {
  const std::string prefix = "1 validation error detected: Value ";
  expect_all({
      {"GetItem", "{}",
       validation(prefix + "null at 'tableName' failed to satisfy constraint: Member must not be null")},
      {"GetItem", R"({"TableName":null})",
       validation(prefix + "null at 'tableName' failed to satisfy constraint: Member must not be null")},
      {"GetItem", R"({"TableName":""})",
       validation(
           prefix +
           "'' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1")},
      {"GetItem", R"({"TableName":"a b"})",
       validation(prefix + "'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression "
                           "pattern: [a-zA-Z0-9_.-]+")},
  });
}

TEST(RequestErrors, ConstraintsAreGathered) {
  expect_all(
      {{"PutItem", R"({"TableName":"Orders","ReturnValues":"A","ReturnConsumedCapacity":"B"})",
        validation("3 validation errors detected: "
                   "Value null at 'item' failed to satisfy constraint: Member must not be null; "
                   "Value 'A' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: "
                   "[ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; "
                   "Value 'B' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum "
                   "value set: [INDEXES, TOTAL, NONE]")},
       {"UpdateItem", R"({"TableName":"Orders","Key":{},"ReturnValues":"A","ReturnConsumedCapacity":"B"})",
        validation("1 validation error detected: Value 'A' at 'returnValues' failed to satisfy constraint: Member "
                   "must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")}});
}

TEST(RequestErrors, AtMostTenConstraintsAreGathered) {
  std::string expected;
  for (int i = 0; i < 12; ++i) {
    expected += (i > 0 ? "," : "") + std::string("\"a") + std::to_string(i) + R"(":{"ComparisonOperator":"X"})";
  }
  Service service;
  const Reply reply = service.call("PutItem", R"({"TableName":"Orders","Item":{},"Expected":{)" + expected + "}}");
  EXPECT_THAT(reply.body, HasSubstr("10 validation errors detected: "));
  EXPECT_THAT(reply.body, HasSubstr("Value 'X' at 'expected.a9.member.comparisonOperator' failed"));
}

TEST(RequestErrors, LimitsAreWordedByOperation) {
  expect_all({
      {"Query", R"({"TableName":"Orders","Limit":0})",
       validation("1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value "
                  "greater than or equal to 1")},
      {"Scan", R"({"TableName":"Orders","Limit":0})",
       validation(
           "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value "
           "greater than or equal to 1")},
  });
}

TEST(RequestErrors, BatchSizes) {
  std::string writes;
  for (int i = 0; i < 26; ++i)
    writes += std::string(i > 0 ? "," : "") + R"({"DeleteRequest":{"Key":{"id":{"S":"1"}}}})";
  std::string keys;
  for (int i = 0; i < 101; ++i) keys += std::string(i > 0 ? "," : "") + R"({"id":{"S":"1"}})";
  Service service;
  EXPECT_THAT(
      service.call("BatchWriteItem", R"({"RequestItems":{"Orders":[)" + writes + "]}}").body,
      HasSubstr("at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have "
                "length less than or equal to 25, Member must have length greater than or equal to 1]"));
  EXPECT_EQ(service.call("BatchGetItem", R"({"RequestItems":{"Orders":{"Keys":[)" + keys + "]}}}").body,
            validation("1 validation error detected: Value at 'RequestItems.Orders.member.Keys' failed to satisfy "
                       "constraint: Member must have length less than or equal to 100"));
  expect_all({{"BatchWriteItem", "{}", validation("The requestItems parameter is required for BatchWriteItem")},
              {"BatchGetItem", R"({"RequestItems":{}})",
               validation("The requestItems parameter is required for BatchGetItem")}});
}

TEST(RequestErrors, ExpressionAndLegacyParametersDoNotMix) {
  expect_all({
      {"GetItem", R"({"TableName":"Orders","Key":{},"AttributesToGet":["a"],"ProjectionExpression":"a"})",
       validation("Can not use both expression and non-expression parameters in the same request: Non-expression "
                  "parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}")},
      {"UpdateItem",
       R"({"TableName":"Orders","Key":{},"AttributeUpdates":{},"Expected":{},"UpdateExpression":"","ConditionExpression":""})",
       validation("1 validation error detected: Can not use both expression and non-expression parameters in the same "
                  "request: Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: "
                  "{UpdateExpression, ConditionExpression}")},
  });
}

TEST(RequestErrors, PlaceholdersNeedAnExpression) {
  expect_all({
      {"PutItem", R"({"TableName":"Orders","Item":{},"ExpressionAttributeNames":{"#a":"a"}})",
       validation(
           "1 validation error detected: ExpressionAttributeNames can only be specified when using expressions")},
      {"DeleteItem", R"({"TableName":"Orders","Key":{},"ExpressionAttributeValues":{":a":{"S":""}}})",
       validation(
           "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null")},
      {"UpdateItem", R"({"TableName":"Orders","Key":{},"ExpressionAttributeValues":{":a":{"S":""}}})",
       validation(
           "1 validation error detected: ExpressionAttributeValues can only be specified when using expressions: "
           "UpdateExpression and ConditionExpression are null")},
      {"Scan", R"({"TableName":"Orders","FilterExpression":"a = :a","ExpressionAttributeValues":{}})",
       validation("ExpressionAttributeValues must not be empty")},
      {"Scan", R"({"TableName":"Orders","FilterExpression":"a = :a","ExpressionAttributeNames":{"a":"b"}})",
       validation("ExpressionAttributeNames contains invalid key: Syntax error; key: \\\"a\\\"")},
      {"Scan", R"json({"TableName":"Orders","FilterExpression":"attribute_exists(a)",
                   "ExpressionAttributeNames":{"#a":"b"}})json",
       validation("Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}")},
      {"Scan", R"({"TableName":"Orders","FilterExpression":"a = :a","ExpressionAttributeValues":{":a":{"N":"x"}}})",
       validation("ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric "
                  "value: x for key :a")},
  });
}

TEST(RequestErrors, AttributeValuesAreCheckedAfterTheParameters) {
  expect_all({
      {"PutItem", R"({"TableName":"Orders","Item":{"a":{}}})",
       validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")},
      {"PutItem", R"({"TableName":"Orders","Item":{"a":{"NULL":false}}})",
       validation(
           "1 validation error detected: One or more parameter values were invalid: Null attribute value types must "
           "have the value of true")},
      {"PutItem", R"({"TableName":"Orders","Item":{"a":{"SS":[]}}})",
       validation(
           "1 validation error detected: One or more parameter values were invalid: An string set  may not be empty")},
      {"PutItem", R"({"TableName":"Orders","Item":{"a":{}},"ExpressionAttributeNames":{"#a":"a"}})",
       validation(
           "1 validation error detected: ExpressionAttributeNames can only be specified when using expressions")},
      {"PutItem", R"({"TableName":"Orders","Item":{"a":{}},"ReturnValues":"ALL_NEW"})",
       validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")},
  });
}

TEST(RequestErrors, EnvelopeCanBeTurnedOff) {
  ServiceOptions options;
  options.validation_envelope = false;
  Service service(options);
  EXPECT_EQ(service.call("PutItem", R"({"TableName":"Orders","Item":{},"ReturnValues":"ALL_NEW"})").body,
            validation("ReturnValues can only be ALL_OLD or NONE"));
}

TEST(RequestErrors, NestingEndsAtThirtyTwoLevels) {
  const auto nested = [](int levels) {
    std::string value = R"({"S":"x"})";
    for (int i = 1; i < levels; ++i) value = R"({"L":[)" + value + "]}";
    return R"({"TableName":"Orders","Item":{"a":)" + value + "}}";
  };
  Service service;
  EXPECT_THAT(service.call("PutItem", nested(32)).body, HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(
      service.call("PutItem", nested(33)).body,
      validation("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
                 "supported limit"));
}

TEST(RequestErrors, AttributeNamesHaveOneTo65535Bytes) {
  const auto put = [](std::size_t bytes) {
    return R"({"TableName":"Orders","Item":{"id":{"S":"1"},")" + std::string(bytes, 'x') + R"(":{"BOOL":true}}})";
  };
  const auto update = [](std::size_t bytes) {
    return R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"AttributeUpdates":{")" + std::string(bytes, 'x') +
           R"(":{"Value":{"BOOL":true}}}})";
  };
  expect_all({
      {"PutItem", put(0), validation("Empty attribute name")},
      {"PutItem", put(65536), validation("Attribute name is too large, must be less than 65536 bytes")},
      {"UpdateItem", update(0), validation("Empty attribute name")},
      {"UpdateItem", update(65536), validation("Attribute name is too large, must be less than 65536 bytes")},
  });
  Service service;
  EXPECT_THAT(service.call("PutItem", put(65535)).body, HasSubstr("ResourceNotFoundException"));
}

TEST(RequestErrors, ItemSizeComesBeforeTheTable) {
  const std::string big(400 * 1024, 'x');
  Service service;
  EXPECT_EQ(service.call("PutItem", R"({"TableName":"Orders","Item":{"a":{"S":")" + big + "\"}}}").body,
            validation("Item size has exceeded the maximum allowed size"));
}

TEST(RequestErrors, ExpressionsAreCheckedBeforeTheTable) {
  expect_all({
      {"PutItem", R"({"TableName":"Orders","Item":{},"ConditionExpression":"status = :s",
                      "ExpressionAttributeValues":{":s":{"S":"x"}}})",
       validation("1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; "
                  "reserved keyword: status")},
      {"UpdateItem", R"({"TableName":"Orders","Key":{},"UpdateExpression":"SET a = :a, a = :a",
                         "ExpressionAttributeValues":{":a":{"S":"x"}}})",
       validation(
           "1 validation error detected: Invalid UpdateExpression: Two document paths overlap with each other; must "
           "remove or rewrite one of these paths; path one: [a], path two: [a]")},
      {"DeleteItem", R"({"TableName":"Orders","Key":{},"ConditionExpression":""})",
       validation("Invalid ConditionExpression: The expression can not be empty;")},
  });
}

TEST(RequestErrors, SelectRules) {
  expect_all({
      {"Query", R"({"TableName":"Orders","Select":"SPECIFIC_ATTRIBUTES"})",
       validation(
           "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to "
           "get SPECIFIC_ATTRIBUTES")},
      {"Scan", R"({"TableName":"Orders","Select":"SPECIFIC_ATTRIBUTES"})",
       validation("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")},
      {"Scan", R"({"TableName":"Orders","Select":"COUNT","ProjectionExpression":"a"})",
       validation("Cannot specify the ProjectionExpression when choosing to get only the Count")},
      {"Scan", R"({"TableName":"Orders","Select":"ALL_ATTRIBUTES","AttributesToGet":["a"]})",
       validation("Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES")},
      {"Scan", R"({"TableName":"Orders","Select":"ALL_PROJECTED_ATTRIBUTES"})",
       validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")},
  });
}

TEST(RequestErrors, SegmentsComeInPairs) {
  expect_all({
      {"Scan", R"({"TableName":"Orders","Segment":0})",
       validation(
           "The TotalSegments parameter is required but was not present in the request when Segment parameter is "
           "present")},
      {"Scan", R"({"TableName":"Orders","TotalSegments":2})",
       validation(
           "The Segment parameter is required but was not present in the request when parameter TotalSegments is "
           "present")},
      {"Scan", R"({"TableName":"Orders","TotalSegments":5,"Segment":5})",
       validation(
           "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not "
           "less than TotalSegments: 5")},
  });
}

TEST(RequestErrors, QueryNeedsAKeyCondition) {
  expect_all(
      {{"Query", R"({"TableName":"Orders"})",
        validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")}});
}

TEST(RequestErrors, ConditionalOperatorNeedsConditions) {
  expect_all(
      {{"Scan", R"({"TableName":"Orders","ConditionalOperator":"OR"})",
        validation("One or more parameter values were invalid: ConditionalOperator cannot be used without Filter or "
                   "Expected")}});
}

}  // namespace
}  // namespace armature::api
