// Transactions through the dispatcher. Policies know no action of their own: each entry needs the one of what it does.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/api/service.h"

namespace armature::api {
namespace {

// Grants everything but one action, and keeps what it was asked.
class AllBut final : public Authorizer {
 public:
  explicit AllBut(std::string_view denied) : denied_(denied) {}

  Result<void> authorize(const RequestContext&, const AccessRequest& access) const override {
    const std::string_view resource = access.resource_arn;
    asked.push_back(std::string(access.action) + " " + std::string(resource.substr(resource.find('/') + 1)));
    if (access.action == denied_) return fail(ErrorCode::kAccessDenied, "no");
    return {};
  }

  mutable std::vector<std::string> asked;

 private:
  const std::string_view denied_;
};

constexpr std::string_view kWrites = R"json({"TransactItems":[
    {"Put":{"TableName":"one","Item":{"p":{"S":"1"}}}},
    {"Update":{"TableName":"two","Key":{"p":{"S":"2"}},"UpdateExpression":"REMOVE a"}},
    {"Delete":{"TableName":"three","Key":{"p":{"S":"3"}}}},
    {"ConditionCheck":{"TableName":"four","Key":{"p":{"S":"4"}},"ConditionExpression":"attribute_exists(a)"}}]})json";

void create_tables(Service* service) {
  for (const std::string name : {"one", "two", "three", "four"}) {
    const Reply created = service->call("CreateTable", R"({"TableName":")" + name + R"(",
        "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
        "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"})");
    ASSERT_EQ(created.status, 200) << created.body;
  }
}

TEST(TransactPermissions, EachWriteAsksForItsOwnAction) {
  const AllBut authorizer("dynamodb:TransactWriteItems");
  Service service(authorizer);
  create_tables(&service);
  authorizer.asked.clear();
  service.call("TransactWriteItems", kWrites);
  EXPECT_EQ(authorizer.asked,
            std::vector<std::string>({"dynamodb:PutItem one", "dynamodb:UpdateItem two", "dynamodb:DeleteItem three",
                                      "dynamodb:ConditionCheckItem four"}));
}

TEST(TransactPermissions, OneDeniedActionDeniesTheRequest) {
  const AllBut authorizer("dynamodb:ConditionCheckItem");
  Service service(authorizer);
  create_tables(&service);
  const Reply reply = service.call("TransactWriteItems", kWrites);
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("AccessDeniedException"), std::string::npos) << reply.body;
}

TEST(TransactPermissions, EachReadAsksForGetItem) {
  const AllBut authorizer("");
  Service service(authorizer);
  create_tables(&service);
  authorizer.asked.clear();
  const Reply reply = service.call("TransactGetItems", R"({"TransactItems":[
      {"Get":{"TableName":"one","Key":{"p":{"S":"1"}}}},{"Get":{"TableName":"two","Key":{"p":{"S":"1"}}}}]})");
  EXPECT_EQ(reply.body, R"({"Responses":[{},{}]})");
  EXPECT_EQ(authorizer.asked, std::vector<std::string>({"dynamodb:GetItem one", "dynamodb:GetItem two"}));
}

// The whole reply, as SDKs read it.
TEST(TransactReplies, CancellationNamesEveryAction) {
  Service service;
  create_tables(&service);
  const Reply reply = service.call("TransactWriteItems", R"json({"TransactItems":[
      {"Put":{"TableName":"one","Item":{"p":{"S":"1"}}}},
      {"ConditionCheck":{"TableName":"two","Key":{"p":{"S":"1"}},"ConditionExpression":"attribute_exists(p)"}}]})json");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
                        R"("message":"Transaction cancelled, please refer cancellation reasons for specific reasons )"
                        R"([None, ConditionalCheckFailed]","CancellationReasons":[{"Code":"None"},)"
                        R"({"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}]})");
}

}  // namespace
}  // namespace armature::api
