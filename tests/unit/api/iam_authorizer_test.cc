// What handlers tell policies about their requests, seen through what a user may then do.
// Source: Developer Guide, "Using IAM policy conditions for fine-grained access control"; Service Authorization
// Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
#include "api/iam_authorizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "auth/iam/principal.h"
#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kOrders = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";

// Decides as IamAuthorizer does for a user with the given policy; as root without one.
class AsUser final : public Authorizer {
 public:
  using Authorizer::authorize;
  Result<void> authorize(const RequestContext& context, const AccessRequest& access) const override {
    if (policy_ == nullptr) return {};
    RequestContext of_user = context;
    auth::Identity ann;
    ann.account_id = context.account_id;
    ann.principal_arn = "arn:aws:iam::000000000000:user/ann";
    ann.user_name = "ann";
    ann.kind = auth::PrincipalKind::kUser;
    ann.type = auth::PrincipalType::kUser;
    ann.policies = policy_;
    of_user.identity = std::make_shared<const auth::Identity>(std::move(ann));
    return inner_->authorize(of_user, access);
  }

  void decide_with(const Catalog& catalog, const Clock& clock) { inner_.emplace(catalog, clock); }
  // Statements are written with ' for ".
  void set_policy(std::string statements) {
    for (char& c : statements) {
      if (c == '\'') c = '"';
    }
    const auto parsed = auth::iam::parse_policy(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                                auth::iam::PolicyKind::kIdentity);
    ASSERT_TRUE(parsed) << parsed.error().message;
    auth::iam::PrincipalPolicies policies;
    policies.identity.push_back({.name = "p", .policy = *parsed});
    policy_ = std::make_shared<const auth::iam::PrincipalPolicies>(std::move(policies));
  }
  void be_root() { policy_ = nullptr; }

 private:
  std::optional<IamAuthorizer> inner_;
  std::shared_ptr<const auth::iam::PrincipalPolicies> policy_;
};

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
