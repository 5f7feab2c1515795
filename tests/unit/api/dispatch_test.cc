#include "api/dispatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

const std::vector<Header> kPutHeaders = {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
                                         {"Content-Type", "application/x-amz-json-1.0"}};

TEST(Dispatch, RootPageSaysThatTheRegionIsHealthy) {
  Service service;
  const Reply reply = service.send("GET", "/", {});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "healthy: dynamodb.us-east-1.amazonaws.com ");
}

TEST(Dispatch, ReadinessEndsWhenDraining) {
  Service service;
  EXPECT_EQ(service.send("GET", "/health/ready", {}).status, 200);
  service.dispatcher().set_ready(false);
  EXPECT_EQ(service.send("GET", "/health/ready", {}).status, 503);
  EXPECT_EQ(service.send("GET", "/health/live", {}).status, 200);
}

TEST(Dispatch, WrongMethodPathOrContentTypeIsNotFound) {
  Service service;
  for (const Reply& reply :
       {service.send("PUT", "/", kPutHeaders, "{}"), service.send("POST", "/other", kPutHeaders, "{}"),
        service.send("POST", "/", {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}, {"Content-Type", "text/xml"}},
                     "{}"),
        service.send("GET", "/nothing", {})}) {
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.body, "<UnknownOperationException/>\n");
  }
}

TEST(Dispatch, ReplyHasTheContentTypeOfTheRequest) {
  Service service;
  const std::string_view target = "DynamoDB_20120810.ListTables";
  const Reply plain =
      service.send("POST", "/", {{"X-Amz-Target", target}, {"Content-Type", "application/json; charset=utf-8"}}, "{}");
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.content_type, "application/json");
  EXPECT_EQ(service.call("ListTables", "{}").content_type, "application/x-amz-json-1.0");
}

TEST(Dispatch, MalformedJsonIsFoundBeforeAnUnknownTarget) {
  Service service;
  for (const std::string_view body : {"", "{", "{\"a\":1}x", "nonsense"}) {
    const Reply reply = service.call("NoSuchOperation", body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, R"({"__type":"com.amazon.coral.service#SerializationException"})");
  }
}

TEST(Dispatch, UnknownTargetIsAnUnknownOperation) {
  Service service;
  const Reply reply = service.call("NoSuchOperation", "{}");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST(Dispatch, WhatBrowsersMayReadIsLeftToHttp) {
  Service service;
  auto headers = kPutHeaders;
  headers.push_back({"Origin", "http://localhost"});
  EXPECT_EQ(service.send("POST", "/", headers, "{}").headers, "");
  EXPECT_EQ(service.send("OPTIONS", "/", headers, "").status, 404);
}

TEST(Dispatch, RegionsAreNamespaces) {
  Service service;
  const std::string_view table = R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]})";
  ASSERT_EQ(service.call("CreateTable", table, "eu-west-1").status, 200);
  EXPECT_EQ(service.call("ListTables", "{}", "eu-west-1").body, R"({"TableNames":["Orders"]})");
  EXPECT_EQ(service.call("ListTables", "{}", "us-east-1").body, R"({"TableNames":[]})");
}

TEST(Dispatch, RequestsAndErrorsAreCounted) {
  Service service;
  service.call("ListTables", "{}");
  service.call("ListTables", R"({"Limit":0})");
  const std::string metrics = service.send("GET", "/metrics", {}).body;
  EXPECT_THAT(metrics, HasSubstr(R"(armature_requests_total{operation="ListTables"} 2)"));
  EXPECT_THAT(metrics, HasSubstr(R"(operation="ListTables",error="ValidationException"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(armature_request_duration_seconds_count{operation="ListTables"} 2)"));
}

// Refuses everyone.
class NobodyAuthorizer final : public Authorizer {
 public:
  Result<void> authorize(const RequestContext& context, const AccessRequest& access) const override {
    return Unexpected(access_denied(context, access.action, access.resource_arn, "because nobody may"));
  }
};

TEST(Dispatch, EveryOperationAsksForPermission) {
  // The least that gets past the checks of the request itself.
  const std::pair<std::string_view, std::string_view> requests[] = {
      {"BatchGetItem", R"({"RequestItems":{"Orders":{"Keys":[{"id":{"S":"1"}}]}}})"},
      {"BatchWriteItem", R"({"RequestItems":{"Orders":[{"DeleteRequest":{"Key":{"id":{"S":"1"}}}}]}})"},
      {"CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
          "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
          "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]})"},
      {"DeleteItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"},
      {"DeleteTable", R"({"TableName":"Orders"})"},
      {"DescribeEndpoints", "{}"},
      {"DescribeLimits", "{}"},
      {"DescribeTable", R"({"TableName":"Orders"})"},
      {"GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"},
      {"ListTables", "{}"},
      {"PutItem", R"({"TableName":"Orders","Item":{"id":{"S":"1"}}})"},
      {"Query",
       R"({"TableName":"Orders","KeyConditionExpression":"id=:i","ExpressionAttributeValues":{":i":{"S":"1"}}})"},
      {"Scan", R"({"TableName":"Orders"})"},
      {"UpdateItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})"},
      {"UpdateTable", R"({"TableName":"Orders","DeletionProtectionEnabled":true})"},
  };
  const NobodyAuthorizer nobody;
  Service service(nobody);
  for (const auto& [operation, request] : requests) {
    const std::string expected = "is not authorized to perform: dynamodb:" + std::string(operation) + " on resource: ";
    EXPECT_THAT(service.call(operation, request).body, HasSubstr(expected));
  }
}

}  // namespace
}  // namespace armature::api
