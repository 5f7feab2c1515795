// Keys are scalars: no expression may look into one, whichever parameter it comes in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

// Table "Events" (p, s) with a local index by l and a global one by g.
class KeyPaths : public testing::Test {
 protected:
  static constexpr std::string_view kTable = R"({"TableName":"Events","BillingMode":"PAY_PER_REQUEST",
      "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
      "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"N"},
          {"AttributeName":"l","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
      "LocalSecondaryIndexes":[{"IndexName":"by_l","Projection":{"ProjectionType":"KEYS_ONLY"},
          "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}],
      "GlobalSecondaryIndexes":[{"IndexName":"by_g","Projection":{"ProjectionType":"KEYS_ONLY"},
          "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}]})";

  KeyPaths() {
    const Reply reply = service_.call("CreateTable", kTable);
    EXPECT_EQ(reply.status, 200) << reply.body;
  }

  // The reply to an operation on the table; `members` are the request's others.
  std::string call(std::string_view operation, std::string_view members) {
    return service_.call(operation, R"({"TableName":"Events",)" + std::string(members) + "}").body;
  }
  std::string update(std::string_view expression) {
    return call("UpdateItem", kKey + R"("UpdateExpression":")" + std::string(expression) + "\"");
  }

  const std::string kKey = R"("Key":{"p":{"S":"1"},"s":{"N":"1"}},)";
  const std::string kItem = R"("Item":{"p":{"S":"1"},"s":{"N":"1"}},)";
  const std::string kQuery = R"("KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"1"}},)";
  Service service_;
};

std::string refused(std::string_view key) {
  return validation("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
                    std::string(key));
}

TEST_F(KeyPaths, ConditionsDoNotLookIntoKeys) {
  EXPECT_EQ(call("PutItem", kItem + R"-("ConditionExpression":"attribute_not_exists(p.a)")-"), refused("Key: p"));
  EXPECT_EQ(call("DeleteItem", kKey + R"-("ConditionExpression":"NOT attribute_exists(s[0])")-"), refused("Key: s"));
  EXPECT_EQ(call("UpdateItem", kKey + R"("ConditionExpression":"n = b OR size(p.a) > n")"), refused("Key: p"));
}

TEST_F(KeyPaths, AKeyBehindAPlaceholderIsAKey) {
  const std::string names = R"(,"ExpressionAttributeNames":{"#p":"p"})";
  EXPECT_EQ(call("PutItem", kItem + R"-("ConditionExpression":"attribute_exists(#p.a)")-" + names), refused("Key: p"));
}

TEST_F(KeyPaths, ConditionsDoNotLookIntoIndexKeys) {
  EXPECT_EQ(call("PutItem", kItem + R"-("ConditionExpression":"attribute_exists(l.a)")-"), refused("IndexKey: l"));
  EXPECT_EQ(call("PutItem", kItem + R"-("ConditionExpression":"attribute_exists(g[3])")-"), refused("IndexKey: g"));
}

TEST_F(KeyPaths, UpdatesNeitherReadNorWriteInsideKeys) {
  EXPECT_EQ(update("SET p.a = n"), refused("Key: p"));
  EXPECT_EQ(update("SET n = if_not_exists(p.a, n)"), refused("Key: p"));
  EXPECT_EQ(update("REMOVE g.a"), refused("IndexKey: g"));
  EXPECT_EQ(update("SET n = l[0]"), refused("IndexKey: l"));
}

TEST_F(KeyPaths, ProjectionsDoNotLookIntoKeys) {
  EXPECT_EQ(call("GetItem", kKey + R"("ProjectionExpression":"n, s.a")"), refused("Key: s"));
  EXPECT_EQ(call("Query", kQuery + R"("ProjectionExpression":"p[0]")"), refused("Key: p"));
  EXPECT_EQ(call("Scan", R"("ProjectionExpression":"g.a")"), refused("IndexKey: g"));
  const std::string batch =
      R"({"RequestItems":{"Events":{"Keys":[{"p":{"S":"1"},"s":{"N":"1"}}],"ProjectionExpression":"p.a"}}})";
  EXPECT_EQ(service_.call("BatchGetItem", batch).body, refused("Key: p"));
}

TEST_F(KeyPaths, FiltersDoNotLookIntoKeys) {
  EXPECT_EQ(call("Scan", R"-("FilterExpression":"attribute_exists(s.a)")-"), refused("Key: s"));
  EXPECT_EQ(call("Query", kQuery + R"-("FilterExpression":"attribute_exists(g.a)")-"), refused("IndexKey: g"));
}

TEST_F(KeyPaths, WholeKeysMayBeNamed) {
  EXPECT_EQ(call("PutItem", kItem + R"-("ConditionExpression":"attribute_not_exists(p) AND attribute_not_exists(l)")-"),
            "{}");
  EXPECT_EQ(call("GetItem", kKey + R"("ProjectionExpression":"p, n.a")"), R"({"Item":{"p":{"S":"1"}}})");
}

TEST_F(KeyPaths, TheTableIsLookedUpFirst) {
  const std::string get = R"({"TableName":"Nowhere","Key":{"p":{"S":"1"}},"ProjectionExpression":"p.a"})";
  EXPECT_THAT(service_.call("GetItem", get).body, HasSubstr("ResourceNotFoundException"));
}

}  // namespace
}  // namespace armature::api
