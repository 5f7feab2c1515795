// What handlers tell policies about their requests, seen through what a user may then do.
// Source: Developer Guide, "Using IAM policy conditions for fine-grained access control"; Service Authorization
// Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
#include "api/iam_authorizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/as_user.h"
#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kOrders = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";

class FineGrainedAccess : public testing::Test {
 protected:
  FineGrainedAccess() : service_(authorizer_) {
    authorizer_.decide_with(service_.catalog(), service_.clock());
    expect_ok("CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"owner","KeyType":"HASH"},{"AttributeName":"id","KeyType":"RANGE"}],
        "AttributeDefinitions":[{"AttributeName":"owner","AttributeType":"S"},{"AttributeName":"id","AttributeType":"N"},
          {"AttributeName":"day","AttributeType":"S"}],
        "GlobalSecondaryIndexes":[{"IndexName":"by_day","KeySchema":[{"AttributeName":"day","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"ALL"}}],
        "Tags":[{"Key":"team","Value":"red"}]})");
  }

  // `statement` without its Effect and braces.
  void allow(const std::string& statement) { authorizer_.set_policy("{'Effect':'Allow'," + statement + "}"); }

  void expect_ok(std::string_view operation, std::string_view request) {
    const Reply reply = service_.call(operation, request);
    EXPECT_EQ(reply.status, 200) << operation << ' ' << request << ' ' << reply.body;
  }
  void expect_denied(std::string_view operation, std::string_view request, std::string_view action = {}) {
    const Reply reply = service_.call(operation, request);
    EXPECT_EQ(reply.status, 400) << operation << ' ' << request;
    EXPECT_THAT(reply.body, HasSubstr("AccessDeniedException")) << request;
    if (!action.empty()) EXPECT_THAT(reply.body, HasSubstr("perform: " + std::string(action) + " on")) << request;
  }

  AsUser authorizer_;
  Service service_;
};

const std::string kOwnItems =
    "'Action':['dynamodb:*'],'Resource':'*','Condition':{'ForAllValues:StringEquals':{"
    "'dynamodb:LeadingKeys':['${aws:username}']}}";

TEST_F(FineGrainedAccess, LeadingKeysAreTheItemsOwners) {
  allow(kOwnItems);
  expect_ok("PutItem", R"({"TableName":"Orders","Item":{"owner":{"S":"ann"},"id":{"N":"1"},"day":{"S":"mon"}}})");
  expect_denied("PutItem", R"({"TableName":"Orders","Item":{"owner":{"S":"bob"},"id":{"N":"1"}}})");
  expect_ok("GetItem", R"({"TableName":"Orders","Key":{"owner":{"S":"ann"},"id":{"N":"1"}}})");
  expect_denied("GetItem", R"({"TableName":"Orders","Key":{"owner":{"S":"bob"},"id":{"N":"1"}}})");
  expect_ok("UpdateItem", R"({"TableName":"Orders","Key":{"owner":{"S":"ann"},"id":{"N":"1"}}})");
  expect_denied("UpdateItem", R"({"TableName":"Orders","Key":{"owner":{"S":"bob"},"id":{"N":"1"}}})");
  expect_denied("DeleteItem", R"({"TableName":"Orders","Key":{"owner":{"S":"bob"},"id":{"N":"1"}}})");
}

TEST_F(FineGrainedAccess, LeadingKeysOfAQueryAreThoseOfWhatItReads) {
  allow(kOwnItems);
  const auto query = [](std::string_view more, std::string_view value) {
    return R"({"TableName":"Orders",)" + std::string(more) + R"("ExpressionAttributeValues":{":v":{"S":")" +
           std::string(value) + R"("}}})";
  };
  const std::string_view by_owner = R"("KeyConditionExpression":"#o = :v","ExpressionAttributeNames":{"#o":"owner"},)";
  const std::string_view by_day = R"("IndexName":"by_day","KeyConditionExpression":"#d = :v",
      "ExpressionAttributeNames":{"#d":"day"},)";
  expect_ok("Query", query(by_owner, "ann"));
  expect_denied("Query", query(by_owner, "bob"));
  expect_denied("Query", query(by_day, "mon"));
  expect_ok("Query", query(by_day, "ann"));
  expect_ok("Query", R"({"TableName":"Orders","KeyConditions":{"owner":{"ComparisonOperator":"EQ",
      "AttributeValueList":[{"S":"ann"}]}}})");
  expect_denied("Query", R"({"TableName":"Orders","KeyConditions":{"owner":{"ComparisonOperator":"EQ",
      "AttributeValueList":[{"S":"bob"}]}}})");
}

TEST_F(FineGrainedAccess, AScanIsAboutEveryKey) {
  allow(kOwnItems);
  expect_denied("Scan", R"({"TableName":"Orders"})", "dynamodb:Scan");
}

TEST_F(FineGrainedAccess, EveryKeyOfABatchCounts) {
  allow(kOwnItems);
  const auto get = [](std::string_view other) {
    return R"({"RequestItems":{"Orders":{"Keys":[{"owner":{"S":"ann"},"id":{"N":"1"}},{"owner":{"S":")" +
           std::string(other) + R"("},"id":{"N":"2"}}]}}})";
  };
  expect_ok("BatchGetItem", get("ann"));
  expect_denied("BatchGetItem", get("bob"), "dynamodb:BatchGetItem");
  const auto write = [](std::string_view other) {
    return R"({"RequestItems":{"Orders":[{"PutRequest":{"Item":{"owner":{"S":"ann"},"id":{"N":"1"}}}},
        {"DeleteRequest":{"Key":{"owner":{"S":")" +
           std::string(other) + R"("},"id":{"N":"2"}}}}]}})";
  };
  expect_ok("BatchWriteItem", write("ann"));
  expect_denied("BatchWriteItem", write("bob"), "dynamodb:BatchWriteItem");
}

TEST_F(FineGrainedAccess, EveryEntryOfATransactionIsAsked) {
  allow(kOwnItems);
  const auto write = [](std::string_view owner) {
    return R"({"TransactItems":[{"Put":{"TableName":"Orders","Item":{"owner":{"S":"ann"},"id":{"N":"1"}}}},
        {"Update":{"TableName":"Orders","UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"N":"1"}},
          "Key":{"owner":{"S":")" +
           std::string(owner) + R"("},"id":{"N":"2"}}}}]})";
  };
  expect_ok("TransactWriteItems", write("ann"));
  expect_denied("TransactWriteItems", write("bob"), "dynamodb:UpdateItem");
  const std::string_view get = R"({"TransactItems":[{"Get":{"TableName":"Orders","Key":{"owner":{"S":"bob"},
      "id":{"N":"1"}}}}]})";
  expect_denied("TransactGetItems", get, "dynamodb:GetItem");
}

TEST_F(FineGrainedAccess, TransactionsCanBeToldFromSingleWrites) {
  allow(
      "'Action':'dynamodb:PutItem','Resource':'*','Condition':{'StringEquals':{"
      "'dynamodb:EnclosingOperation':'TransactWriteItems'}}");
  expect_denied("PutItem", R"({"TableName":"Orders","Item":{"owner":{"S":"ann"},"id":{"N":"1"}}})");
  expect_ok("TransactWriteItems",
            R"({"TransactItems":[{"Put":{"TableName":"Orders","Item":{"owner":{"S":"ann"},"id":{"N":"1"}}}}]})");
}

TEST_F(FineGrainedAccess, AttributesAreAllNamesInTheRequest) {
  allow(
      "'Action':'dynamodb:*','Resource':'*','Condition':{"
      "'ForAllValues:StringEquals':{'dynamodb:Attributes':['owner','id','amount']},"
      "'StringEqualsIfExists':{'dynamodb:Select':['SPECIFIC_ATTRIBUTES','COUNT'],"
      "'dynamodb:ReturnValues':['NONE','UPDATED_OLD','UPDATED_NEW']}}");
  const std::string key = R"("TableName":"Orders","Key":{"owner":{"S":"ann"},"id":{"N":"1"}})";
  expect_ok("GetItem", "{" + key + R"(,"ProjectionExpression":"amount"})");
  expect_denied("GetItem", "{" + key + R"(,"ProjectionExpression":"amount, secret"})");
  expect_denied("GetItem", "{" + key + R"(,"ProjectionExpression":"#s","ExpressionAttributeNames":{"#s":"secret"}})");
  expect_denied("GetItem", "{" + key + "}");
  expect_ok("GetItem", "{" + key + R"(,"AttributesToGet":["amount"]})");
  expect_ok("UpdateItem", "{" + key + R"(,"UpdateExpression":"REMOVE amount"})");
  expect_denied("UpdateItem", "{" + key + R"(,"UpdateExpression":"SET amount = secret"})");
  expect_denied("UpdateItem", "{" + key + R"json(,"UpdateExpression":"REMOVE amount",
      "ConditionExpression":"attribute_exists(secret.inside)"})json");
  expect_denied("UpdateItem", "{" + key + R"(,"UpdateExpression":"REMOVE amount","ReturnValues":"ALL_NEW"})");
  expect_ok("Scan", R"({"TableName":"Orders","Select":"COUNT"})");
  expect_denied("Scan", R"({"TableName":"Orders"})");
  expect_denied("Scan",
                R"json({"TableName":"Orders","Select":"COUNT","FilterExpression":"attribute_exists(secret)"})json");
}

// --- PartiQL ---

std::string statement(std::string_view text, std::string_view more = {}) {
  return R"({"Statement":")" + std::string(text) + '"' + std::string(more) + "}";
}
// As BatchExecuteStatement and ExecuteTransaction take it.
std::string statements(std::string_view member, std::string_view text) {
  return "{\"" + std::string(member) + "\":[" + statement(text) + "]}";
}

TEST_F(FineGrainedAccess, LeadingKeysOfAStatementAreWhatItsWherePins) {
  allow(kOwnItems);
  const std::string select = "SELECT * FROM Orders WHERE ";
  expect_ok("ExecuteStatement", statement(select + "owner = 'ann'"));
  expect_ok("ExecuteStatement", statement(select + "'ann' = owner AND id = 1"));
  expect_ok("ExecuteStatement", statement(select + "owner IN ['ann'] AND day = 'bob'"));
  expect_denied("ExecuteStatement", statement(select + "owner = 'bob'"), "dynamodb:PartiQLSelect");
  expect_denied("ExecuteStatement", statement(select + "owner IN ['ann', 'bob']"));
  expect_denied("ExecuteStatement", statement(select + "owner = 'ann' OR owner = 'bob'"));
  expect_denied("ExecuteStatement", statement(select + "owner = 'ann' OR day = 'mon'"));
  expect_denied("ExecuteStatement", statement("SELECT * FROM Orders"));
  const std::string parameters = R"(,"Parameters":[{"S":"bob"}])";
  expect_denied("ExecuteStatement", statement(select + "owner = ?", parameters));
}

TEST_F(FineGrainedAccess, ContradictionsInAStatementOpenNothing) {
  allow(kOwnItems);
  // Whichever part the key is taken from, the other person's is among them.
  expect_denied("ExecuteStatement",
                statement("DELETE FROM Orders WHERE owner IN ['ann'] AND owner = 'bob' AND id = 1"));
  expect_denied("ExecuteStatement", statement("DELETE FROM Orders WHERE owner = 'ann' AND owner = 'bob' AND id = 1"));
  expect_denied("ExecuteStatement",
                statement("UPDATE Orders SET a = 1 WHERE owner = 'bob' AND id = 1 AND owner = 'ann'"));
}

TEST_F(FineGrainedAccess, StatementsThatWriteNameTheirOwner) {
  allow(kOwnItems);
  expect_ok("ExecuteStatement", statement("INSERT INTO Orders VALUE {'owner': 'ann', 'id': 1}"));
  expect_denied("ExecuteStatement", statement("INSERT INTO Orders VALUE {'owner': 'bob', 'id': 1}"),
                "dynamodb:PartiQLInsert");
  expect_ok("ExecuteStatement", statement("UPDATE Orders SET a = 1 WHERE owner = 'ann' AND id = 1"));
  expect_denied("ExecuteStatement", statement("UPDATE Orders SET a = 1 WHERE owner = 'bob' AND id = 1"),
                "dynamodb:PartiQLUpdate");
  expect_denied("ExecuteStatement", statement("DELETE FROM Orders WHERE owner = 'bob' AND id = 1"),
                "dynamodb:PartiQLDelete");
}

TEST_F(FineGrainedAccess, LeadingKeysOfAStatementOnAnIndexAreTheIndexs) {
  allow(kOwnItems);
  expect_ok("ExecuteStatement", statement(R"(SELECT * FROM \"Orders\".\"by_day\" WHERE day = 'ann')"));
  expect_denied("ExecuteStatement", statement(R"(SELECT * FROM \"Orders\".\"by_day\" WHERE day = 'mon')"));
  expect_denied("ExecuteStatement", statement(R"(SELECT * FROM \"Orders\".\"by_day\" WHERE owner = 'ann')"));
}

TEST_F(FineGrainedAccess, EveryStatementOfABatchIsAskedForItself) {
  allow(kOwnItems);
  const auto batch = [&](std::string_view owner) {
    return service_
        .call("BatchExecuteStatement",
              statements("Statements", "SELECT * FROM Orders WHERE owner = '" + std::string(owner) + "' AND id = 1"))
        .body;
  };
  EXPECT_THAT(batch("bob"), HasSubstr(R"("Code":"AccessDenied")"));
  EXPECT_THAT(batch("ann"), Not(HasSubstr("Error")));
}

TEST_F(FineGrainedAccess, TransactionsOfStatementsCanBeTold) {
  const std::string insert = "INSERT INTO Orders VALUE {'owner': 'ann', 'id': 1}";
  allow(
      "'Action':'dynamodb:PartiQL*','Resource':'*','Condition':{'StringEquals':{"
      "'dynamodb:EnclosingOperation':'ExecuteTransaction'}}");
  expect_denied("ExecuteStatement", statement(insert), "dynamodb:PartiQLInsert");
  expect_ok("ExecuteTransaction", statements("TransactStatements", insert));
  allow(kOwnItems);
  expect_denied("ExecuteTransaction",
                statements("TransactStatements", "DELETE FROM Orders WHERE owner = 'bob' AND id = 1"),
                "dynamodb:PartiQLDelete");
  expect_denied("ExecuteTransaction",
                statements("TransactStatements", "EXISTS(SELECT * FROM Orders WHERE owner = 'bob' AND id = 1)"),
                "dynamodb:PartiQLSelect");
}

TEST_F(FineGrainedAccess, FullTableScansOfStatementsCanBeForbidden) {
  authorizer_.set_policy(
      "{'Effect':'Allow','Action':'dynamodb:PartiQLSelect','Resource':'*'},"
      "{'Effect':'Deny','Action':'dynamodb:PartiQLSelect','Resource':'*',"
      "'Condition':{'Bool':{'dynamodb:FullTableScan':'true'}}}");
  expect_ok("ExecuteStatement", statement("SELECT * FROM Orders WHERE owner = 'bob'"));
  expect_denied("ExecuteStatement", statement("SELECT * FROM Orders"), "dynamodb:PartiQLSelect");
  expect_denied("ExecuteStatement", statement("SELECT * FROM Orders WHERE owner > 'a'"));
  expect_denied("ExecuteStatement", statement("SELECT * FROM Orders WHERE id = 1"));
}

TEST_F(FineGrainedAccess, AttributesOfAStatementAreAllNamesInIt) {
  allow(
      "'Action':'dynamodb:PartiQL*','Resource':'*','Condition':{"
      "'ForAllValues:StringEquals':{'dynamodb:Attributes':['owner','id','amount']},"
      "'StringEqualsIfExists':{'dynamodb:Select':'SPECIFIC_ATTRIBUTES',"
      "'dynamodb:ReturnValues':['NONE','UPDATED_OLD','UPDATED_NEW']}}");
  const std::string where = " WHERE owner = 'ann' AND id = 1";
  expect_ok("ExecuteStatement", statement("SELECT amount FROM Orders" + where));
  expect_denied("ExecuteStatement", statement("SELECT amount, secret FROM Orders" + where));
  expect_denied("ExecuteStatement", statement("SELECT amount FROM Orders" + where + " AND secret = 1"));
  expect_denied("ExecuteStatement", statement("SELECT * FROM Orders" + where));
  expect_ok("ExecuteStatement", statement("INSERT INTO Orders VALUE {'owner': 'ann', 'id': 1, 'amount': 2}"));
  expect_denied("ExecuteStatement", statement("INSERT INTO Orders VALUE {'owner': 'ann', 'id': 2, 'secret': 2}"));
  expect_ok("ExecuteStatement", statement("UPDATE Orders SET amount = 3" + where + " RETURNING MODIFIED NEW *"));
  expect_denied("ExecuteStatement", statement("UPDATE Orders SET amount = secret" + where));
  expect_denied("ExecuteStatement", statement("UPDATE Orders SET amount = 3" + where + " RETURNING ALL NEW *"));
  expect_denied("ExecuteStatement", statement("UPDATE Orders SET amount = 3" + where,
                                              R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")"));
  expect_denied("ExecuteStatement", statement("DELETE FROM Orders" + where + " RETURNING ALL OLD *"));
}

TEST_F(FineGrainedAccess, IndexesAreResourcesOfTheirOwn) {
  allow("'Action':'dynamodb:Query','Resource':'" + std::string(kOrders) + "'");
  const std::string_view on_index = R"({"TableName":"Orders","IndexName":"by_day","KeyConditionExpression":"#d = :v",
      "ExpressionAttributeNames":{"#d":"day"},"ExpressionAttributeValues":{":v":{"S":"mon"}}})";
  expect_denied("Query", on_index, "dynamodb:Query");
  allow("'Action':'dynamodb:Query','Resource':'" + std::string(kOrders) + "/index/*'");
  expect_ok("Query", on_index);
}

TEST_F(FineGrainedAccess, TagsOfTheTableAndOfTheRequestCount) {
  allow("'Action':'dynamodb:*','Resource':'*','Condition':{'StringEquals':{'aws:ResourceTag/team':'red'}}");
  expect_ok("DescribeTable", R"({"TableName":"Orders"})");
  allow("'Action':'dynamodb:*','Resource':'*','Condition':{'StringEquals':{'aws:ResourceTag/team':'blue'}}");
  expect_denied("DescribeTable", R"({"TableName":"Orders"})");
  allow(
      "'Action':'dynamodb:TagResource','Resource':'*','Condition':{"
      "'StringEquals':{'aws:RequestTag/team':['red','blue']},'ForAllValues:StringEquals':{'aws:TagKeys':'team'}}");
  const auto tag = [](std::string_view tags) {
    return R"({"ResourceArn":")" + std::string(kOrders) + R"(","Tags":[)" + std::string(tags) + "]}";
  };
  expect_ok("TagResource", tag(R"({"Key":"team","Value":"blue"})"));
  expect_denied("TagResource", tag(R"({"Key":"team","Value":"green"})"));
  expect_denied("TagResource", tag(R"({"Key":"team","Value":"red"},{"Key":"cost","Value":"1"})"));
}

TEST_F(FineGrainedAccess, AddressesCount) {
  allow("'Action':'dynamodb:*','Resource':'*','Condition':{'IpAddress':{'aws:SourceIp':'127.0.0.0/8'}}");
  expect_ok("ListTables", "{}");
  allow("'Action':'dynamodb:*','Resource':'*','Condition':{'NotIpAddress':{'aws:SourceIp':'127.0.0.0/8'}}");
  expect_denied("ListTables", "{}", "dynamodb:ListTables");
}

TEST_F(FineGrainedAccess, DenialsDoNotTellWhetherATableExists) {
  allow("'Action':'dynamodb:PutItem','Resource':'*'");
  const auto body = [&](std::string_view table) {
    return service_.call("GetItem", R"({"TableName":")" + std::string(table) + R"(","Key":{"owner":{"S":"a"}}})").body;
  };
  EXPECT_THAT(body("Orders"), HasSubstr("because no identity-based policy allows the dynamodb:GetItem action"));
  EXPECT_THAT(body("Nothing"), HasSubstr("because no identity-based policy allows the dynamodb:GetItem action"));
}

}  // namespace
}  // namespace armature::api
