// The data operations end to end: JSON in, JSON out, over the memory engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kNotFound = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";
constexpr std::string_view kConditionFailed = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";

// Tables "Orders" (id) and "Events" (p, s) with a local and two global indexes.
class DataOperations : public testing::Test {
 protected:
  DataOperations() {
    create(R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]})");
    create(R"({"TableName":"Events","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"},
            {"AttributeName":"l","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
        "LocalSecondaryIndexes":[{"IndexName":"by_l","Projection":{"ProjectionType":"KEYS_ONLY"},
            "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}],
        "GlobalSecondaryIndexes":[
            {"IndexName":"by_g","Projection":{"ProjectionType":"KEYS_ONLY"},
             "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]},
            {"IndexName":"all_by_g","Projection":{"ProjectionType":"ALL"},
             "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}]})");
  }

  void create(std::string_view json) {
    const Reply reply = service_.call("CreateTable", json);
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  std::string call(std::string_view operation, std::string_view json) { return service_.call(operation, json).body; }
  void put(std::string_view table, std::string_view item) {
    EXPECT_EQ(call("PutItem", "{\"TableName\":\"" + std::string(table) + "\",\"Item\":" + std::string(item) + "}"),
              "{}");
  }

  Service service_;
};

// --- PutItem, GetItem, DeleteItem ---

TEST_F(DataOperations, GetReturnsWhatWasPut) {
  put("Orders", R"({"id":{"S":"1"},"n":{"N":"1.50"},"l":{"L":[{"BOOL":true},{"NULL":true}]},"b":{"B":"AAE="}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"),
            R"({"Item":{"b":{"B":"AAE="},"id":{"S":"1"},"l":{"L":[{"BOOL":true},{"NULL":true}]},"n":{"N":"1.5"}}})");
}

TEST_F(DataOperations, GetOfAMissingItemHasNoItem) {
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"), "{}");
}

TEST_F(DataOperations, TablesCanBeNamedByArn) {
  put("arn:aws:dynamodb:us-east-1:000000000000:table/Orders", R"({"id":{"S":"1"}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"), R"({"Item":{"id":{"S":"1"}}})");
}

TEST_F(DataOperations, ProjectionKeepsTheNamedPaths) {
  put("Orders", R"({"id":{"S":"1"},"m":{"M":{"a":{"S":"x"},"b":{"S":"y"}}}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"ProjectionExpression":"m.#b",
                  "ExpressionAttributeNames":{"#b":"b"}})"),
            R"({"Item":{"m":{"M":{"b":{"S":"y"}}}}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"AttributesToGet":["nothing"]})"),
            R"({"Item":{}})");
}

TEST_F(DataOperations, PutReturnsTheOldItemWhenAsked) {
  put("Orders", R"({"id":{"S":"1"},"v":{"S":"old"}})");
  EXPECT_EQ(call("PutItem", R"({"TableName":"Orders","Item":{"id":{"S":"1"}},"ReturnValues":"ALL_OLD"})"),
            R"({"Attributes":{"id":{"S":"1"},"v":{"S":"old"}}})");
}

TEST_F(DataOperations, DeleteReturnsTheOldItemWhenAskedAndNothingTheSecondTime) {
  put("Orders", R"({"id":{"S":"1"},"v":{"S":"old"}})");
  constexpr std::string_view kDelete = R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"ReturnValues":"ALL_OLD"})";
  EXPECT_EQ(call("DeleteItem", kDelete), R"({"Attributes":{"id":{"S":"1"},"v":{"S":"old"}}})");
  EXPECT_EQ(call("DeleteItem", kDelete), "{}");
}

TEST_F(DataOperations, FailedConditionReturnsTheItemOnlyWhenAsked) {
  put("Orders", R"({"id":{"S":"1"},"v":{"S":"x"}})");
  constexpr std::string_view kMessage = "The conditional request failed";
  EXPECT_EQ(call("PutItem", R"json({"TableName":"Orders","Item":{"id":{"S":"1"}},
                  "ConditionExpression":"attribute_not_exists(id)"})json"),
            error_body(kConditionFailed, kMessage));
  EXPECT_EQ(call("PutItem", R"json({"TableName":"Orders","Item":{"id":{"S":"1"}},
                  "ConditionExpression":"attribute_not_exists(id)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"})json"),
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed","Item":{"id":{"S":"1"},"v":{"S":"x"}}})");
}

TEST_F(DataOperations, ExpectedGuardsLikeACondition) {
  put("Orders", R"({"id":{"S":"1"},"v":{"N":"1"}})");
  EXPECT_EQ(call("DeleteItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"Expected":{"v":{"Value":{"N":"2"}}}})"),
            error_body(kConditionFailed, "The conditional request failed"));
  EXPECT_EQ(call("DeleteItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},
                  "Expected":{"v":{"ComparisonOperator":"GE","AttributeValueList":[{"N":"1.0"}]}}})"),
            "{}");
}

TEST_F(DataOperations, MissingTableIsNotFound) {
  EXPECT_EQ(call("PutItem", R"({"TableName":"Nothing","Item":{"id":{"S":"1"}}})"),
            error_body(kNotFound, "Requested resource not found"));
}

TEST_F(DataOperations, ConsumedCapacityIsToldAsAsked) {
  EXPECT_EQ(call("PutItem", R"({"TableName":"Orders","Item":{"id":{"S":"1"}},"ReturnConsumedCapacity":"TOTAL"})"),
            R"({"ConsumedCapacity":{"TableName":"Orders","CapacityUnits":1.0}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"ReturnConsumedCapacity":"TOTAL"})"),
            R"({"Item":{"id":{"S":"1"}},"ConsumedCapacity":{"TableName":"Orders","CapacityUnits":0.5}})");
  EXPECT_EQ(call("PutItem", R"({"TableName":"Events","Item":{"p":{"S":"1"},"s":{"N":"1"},"l":{"S":"a"},"g":{"S":"b"}},
                  "ReturnConsumedCapacity":"INDEXES"})"),
            R"({"ConsumedCapacity":{"TableName":"Events","CapacityUnits":4.0,"Table":{"CapacityUnits":1.0},)"
            R"("LocalSecondaryIndexes":{"by_l":{"CapacityUnits":1.0}},)"
            R"("GlobalSecondaryIndexes":{"by_g":{"CapacityUnits":1.0},"all_by_g":{"CapacityUnits":1.0}}}})");
}

TEST_F(DataOperations, ItemCollectionMetricsAreForTablesWithLocalIndexes) {
  EXPECT_EQ(call("PutItem", R"({"TableName":"Orders","Item":{"id":{"S":"1"}},"ReturnItemCollectionMetrics":"SIZE"})"),
            "{}");
  EXPECT_EQ(call("PutItem", R"({"TableName":"Events","Item":{"p":{"S":"1"},"s":{"N":"1"}},
                  "ReturnItemCollectionMetrics":"SIZE"})"),
            R"({"ItemCollectionMetrics":{"ItemCollectionKey":{"p":{"S":"1"}},"SizeEstimateRangeGB":[0.0,1.0]}})");
}

// --- UpdateItem ---

TEST_F(DataOperations, UpdateCreatesTheItem) {
  EXPECT_EQ(call("UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"), "{}");
  EXPECT_EQ(call("UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"2"}},"UpdateExpression":"SET v = :v",
                  "ExpressionAttributeValues":{":v":{"N":"1"}},"ReturnValues":"ALL_NEW"})"),
            R"({"Attributes":{"id":{"S":"2"},"v":{"N":"1"}}})");
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"), R"({"Item":{"id":{"S":"1"}}})");
}

TEST_F(DataOperations, UpdateReturnsOnlyTouchedPathsWhenAsked) {
  put("Orders", R"({"id":{"S":"1"},"m":{"M":{"a":{"N":"1"},"b":{"N":"2"}}},"v":{"N":"5"}})");
  constexpr std::string_view kUpdate = R"({"TableName":"Orders","Key":{"id":{"S":"1"}},
      "UpdateExpression":"SET m.a = m.a + :one","ExpressionAttributeValues":{":one":{"N":"1"}},"ReturnValues":")";
  EXPECT_EQ(call("UpdateItem", std::string(kUpdate) + "UPDATED_OLD\"}"),
            R"({"Attributes":{"m":{"M":{"a":{"N":"1"}}}}})");
  EXPECT_EQ(call("UpdateItem", std::string(kUpdate) + "UPDATED_NEW\"}"),
            R"({"Attributes":{"m":{"M":{"a":{"N":"3"}}}}})");
  EXPECT_EQ(call("UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"9"}},"UpdateExpression":"REMOVE v",
                  "ReturnValues":"ALL_OLD"})"),
            "{}");
}

TEST_F(DataOperations, AttributeUpdatesAddAndDelete) {
  put("Orders", R"({"id":{"S":"1"},"n":{"N":"1"},"gone":{"S":"x"}})");
  EXPECT_EQ(
      call("UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"ReturnValues":"ALL_NEW","AttributeUpdates":{
                  "n":{"Action":"ADD","Value":{"N":"2"}},"gone":{"Action":"DELETE"},"new":{"Value":{"S":"y"}}}})"),
      R"({"Attributes":{"id":{"S":"1"},"n":{"N":"3"},"new":{"S":"y"}}})");
}

TEST_F(DataOperations, UpdateOfAKeyIsRefusedWithoutTheEnvelope) {
  EXPECT_EQ(
      call("UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}},"UpdateExpression":"SET id = :v",
                  "ExpressionAttributeValues":{":v":{"S":"2"}}})"),
      validation(
          "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key"));
}

// --- Query and Scan ---

TEST_F(DataOperations, QueryPagesThroughACollectionInOrder) {
  for (const std::string_view n : {"10", "2", "-1"}) {
    put("Events", R"({"p":{"S":"a"},"s":{"N":")" + std::string(n) + "\"}}");
  }
  put("Events", R"({"p":{"S":"b"},"s":{"N":"0"}})");
  const std::string query = R"({"TableName":"Events","KeyConditionExpression":"p = :p","Limit":2,
      "ExpressionAttributeValues":{":p":{"S":"a"}})";
  EXPECT_EQ(call("Query", query + "}"),
            R"({"Items":[{"p":{"S":"a"},"s":{"N":"-1"}},{"p":{"S":"a"},"s":{"N":"2"}}],"Count":2,"ScannedCount":2,)"
            R"("LastEvaluatedKey":{"p":{"S":"a"},"s":{"N":"2"}}})");
  EXPECT_EQ(call("Query", query + R"(,"ExclusiveStartKey":{"p":{"S":"a"},"s":{"N":"2"}}})"),
            R"({"Items":[{"p":{"S":"a"},"s":{"N":"10"}}],"Count":1,"ScannedCount":1})");
  EXPECT_THAT(call("Query", query + R"(,"ScanIndexForward":false})"), HasSubstr(R"([{"p":{"S":"a"},"s":{"N":"10"}})"));
}

TEST_F(DataOperations, QueryTakesLegacyConditionsAndFilters) {
  put("Events", R"({"p":{"S":"a"},"s":{"N":"1"},"v":{"N":"1"}})");
  put("Events", R"({"p":{"S":"a"},"s":{"N":"2"},"v":{"N":"2"}})");
  EXPECT_EQ(call("Query", R"({"TableName":"Events","AttributesToGet":["s"],
                  "KeyConditions":{"p":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}},
                  "QueryFilter":{"v":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"1"}]}}})"),
            R"({"Items":[{"s":{"N":"2"}}],"Count":1,"ScannedCount":2})");
}

TEST_F(DataOperations, CountHasNoItems) {
  put("Events", R"({"p":{"S":"a"},"s":{"N":"1"}})");
  EXPECT_EQ(call("Query", R"({"TableName":"Events","Select":"COUNT","KeyConditionExpression":"p = :p",
                  "ExpressionAttributeValues":{":p":{"S":"a"}}})"),
            R"({"Count":1,"ScannedCount":1})");
}

TEST_F(DataOperations, LocalIndexFetchesWhatItDoesNotProject) {
  put("Events", R"({"p":{"S":"a"},"s":{"N":"1"},"l":{"S":"x"},"v":{"S":"far"}})");
  const std::string query = R"({"TableName":"Events","IndexName":"by_l","KeyConditionExpression":"p = :p",
      "ExpressionAttributeValues":{":p":{"S":"a"}})";
  EXPECT_THAT(call("Query", query + "}"), Not(HasSubstr("far")));
  EXPECT_THAT(call("Query", query + R"(,"Select":"ALL_ATTRIBUTES"})"), HasSubstr("far"));
  EXPECT_THAT(call("Query", query + R"(,"ProjectionExpression":"v"})"), HasSubstr(R"([{"v":{"S":"far"}}])"));
}

TEST_F(DataOperations, GlobalIndexAnswersFromItsProjectionOnly) {
  put("Events", R"({"p":{"S":"a"},"s":{"N":"1"},"g":{"S":"x"},"v":{"S":"far"}})");
  const std::string key = R"(,"KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}})";
  const auto query = [&](std::string_view rest) {
    return call("Query", R"({"TableName":"Events","IndexName":"by_g")" + key + std::string(rest) + "}");
  };
  EXPECT_EQ(query(""), R"({"Items":[{"g":{"S":"x"},"p":{"S":"a"},"s":{"N":"1"}}],"Count":1,"ScannedCount":1})");
  EXPECT_EQ(query(R"(,"ProjectionExpression":"v")"),
            validation("One or more parameter values were invalid: Global secondary index by_g does not project [v]"));
  EXPECT_EQ(
      query(R"(,"Select":"ALL_ATTRIBUTES")"),
      validation("One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
                 "secondary index by_g because its projection type is not ALL"));
  EXPECT_EQ(query(R"(,"ConsistentRead":true)"),
            validation("Consistent reads are not supported on global secondary indexes"));
}

TEST_F(DataOperations, UnknownIndexIsAValidationError) {
  EXPECT_EQ(call("Query", R"({"TableName":"Orders","IndexName":"foo","KeyConditionExpression":"id = :p",
                  "ExpressionAttributeValues":{":p":{"S":"a"}}})"),
            validation("The table does not have the specified index: foo"));
}

TEST_F(DataOperations, FilterOnAKeyIsRefused) {
  EXPECT_EQ(call("Query", R"({"TableName":"Events","KeyConditionExpression":"p = :p","FilterExpression":"s > :n",
                  "ExpressionAttributeValues":{":p":{"S":"a"},":n":{"N":"1"}}})"),
            validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: s"));
}

TEST_F(DataOperations, ScanSegmentsCoverTheTableOnce) {
  for (char id = 'a'; id <= 'z'; ++id) put("Orders", std::string(R"({"id":{"S":")") + id + "\"}}");
  std::string all;
  for (int segment = 0; segment < 4; ++segment) {
    all += call("Scan", R"({"TableName":"Orders","TotalSegments":4,"Segment":)" + std::to_string(segment) + "}");
  }
  for (char id = 'a'; id <= 'z'; ++id) {
    const std::string item = std::string(R"({"id":{"S":")") + id + "\"}}";
    const std::size_t first = all.find(item);
    EXPECT_NE(first, std::string::npos) << id;
    EXPECT_EQ(all.find(item, first + 1), std::string::npos) << id;
  }
}

TEST_F(DataOperations, ScanFiltersAfterCounting) {
  put("Orders", R"({"id":{"S":"1"},"v":{"N":"1"}})");
  put("Orders", R"({"id":{"S":"2"},"v":{"N":"2"}})");
  EXPECT_EQ(
      call("Scan",
           R"({"TableName":"Orders","FilterExpression":"v = :v","ExpressionAttributeValues":{":v":{"N":"2.0"}}})"),
      R"({"Items":[{"id":{"S":"2"},"v":{"N":"2"}}],"Count":1,"ScannedCount":2})");
}

// --- Batches ---

TEST_F(DataOperations, BatchWriteAndBatchGetWorkOverManyTables) {
  put("Orders", R"({"id":{"S":"old"}})");
  EXPECT_EQ(call("BatchWriteItem", R"({"ReturnConsumedCapacity":"TOTAL","RequestItems":{
                  "Orders":[{"PutRequest":{"Item":{"id":{"S":"1"}}}},{"DeleteRequest":{"Key":{"id":{"S":"old"}}}}],
                  "Events":[{"PutRequest":{"Item":{"p":{"S":"a"},"s":{"N":"1"}}}}]}})"),
            R"({"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"Orders","CapacityUnits":2.0},)"
            R"({"TableName":"Events","CapacityUnits":1.0}]})");
  EXPECT_EQ(call("BatchGetItem", R"({"RequestItems":{"Orders":{"Keys":[{"id":{"S":"1"}},{"id":{"S":"old"}}]},
                  "Events":{"Keys":[{"p":{"S":"a"},"s":{"N":"1.0"}}],"ConsistentRead":true,"ProjectionExpression":"s"}}})"),
            R"({"Responses":{"Orders":[{"id":{"S":"1"}}],"Events":[{"s":{"N":"1"}}]},"UnprocessedKeys":{}})");
}

TEST_F(DataOperations, BatchWithAnInvalidEntryWritesNothing) {
  EXPECT_EQ(call("BatchWriteItem", R"({"RequestItems":{"Orders":[{"PutRequest":{"Item":{"id":{"S":"1"}}}},
                  {"PutRequest":{"Item":{"id":{"N":"1"}}}}]}})"),
            validation("The provided key element does not match the schema"));
  EXPECT_EQ(call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"), "{}");
}

TEST_F(DataOperations, BatchKeysMustBeDistinct) {
  constexpr std::string_view kDuplicates = "Provided list of item keys contains duplicates";
  EXPECT_EQ(call("BatchWriteItem", R"({"RequestItems":{"Events":[
                  {"PutRequest":{"Item":{"p":{"S":"a"},"s":{"N":"1"}}}},{"DeleteRequest":{"Key":{"s":{"N":"1.0"},"p":{"S":"a"}}}}]}})"),
            validation(kDuplicates));
  EXPECT_EQ(call("BatchGetItem", R"({"RequestItems":{"Nothing":{"Keys":[{"id":{"S":"1"}},{"id":{"S":"1"}}]}}})"),
            validation(kDuplicates));
}

TEST_F(DataOperations, BatchReplyIsAtMostSixteenMegabytes) {
  const std::string big(390 * 1024, 'x');
  std::string keys;
  for (int i = 0; i < 45; ++i) {
    const std::string id = std::to_string(i);
    put("Orders", R"({"id":{"S":")" + id + R"("},"v":{"S":")" + big + "\"}}");
    keys += (i > 0 ? "," : "") + std::string(R"({"id":{"S":")") + id + "\"}}";
  }
  const std::string reply = call("BatchGetItem", R"({"RequestItems":{"Orders":{"Keys":[)" + keys + "]}}}");
  EXPECT_LT(reply.size(), std::size_t{16} * 1024 * 1024 + 4096);
  EXPECT_THAT(reply.substr(reply.size() - 200), HasSubstr(R"({"id":{"S":"44"}}]}}})"));
}

}  // namespace
}  // namespace armature::api
