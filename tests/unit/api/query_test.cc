// The query protocol around IAM and STS: services told apart, replies and errors in XML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/query_error.h"
#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Query, RepliesHaveTheirResultAndTheRequestId) {
  Service service;
  const Reply reply = service.query("Action=GetCallerIdentity&Version=2011-06-15", "sts");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "text/xml");
  EXPECT_EQ(reply.body,
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
            "<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId>"
            "<Account>000000000000</Account></GetCallerIdentityResult>"
            "<ResponseMetadata><RequestId>TESTREQUESTID</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
}

TEST(Query, OperationsWithoutOutputHaveNoResult) {
  Service service;
  ASSERT_EQ(service.query("Action=CreateUser&UserName=ann").status, 200);
  EXPECT_EQ(service.query("Action=DeleteUser&UserName=ann").body,
            "<DeleteUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"
            "<ResponseMetadata><RequestId>TESTREQUESTID</RequestId></ResponseMetadata></DeleteUserResponse>");
}

TEST(Query, ErrorsAreXml) {
  Service service;
  const Reply reply = service.query("Action=GetUser&Version=2010-05-08&UserName=a%26b");
  EXPECT_EQ(reply.status, 400);
  const Reply missing = service.query("Action=GetUser&Version=2010-05-08&UserName=ann");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body,
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
            "<Code>NoSuchEntity</Code><Message>The user with name ann cannot be found.</Message></Error>"
            "<RequestId>TESTREQUESTID</RequestId></ErrorResponse>");
}

TEST(Query, TheScopeTellsTheServiceThenTheVersionThenTheAction) {
  Service service;
  EXPECT_EQ(service.query("Action=GetCallerIdentity", "sts").status, 200);
  // Signed for another service: the version decides, and failing that the action.
  EXPECT_EQ(service.query("Action=GetCallerIdentity&Version=2011-06-15", "other").status, 200);
  EXPECT_EQ(service.query("Action=GetCallerIdentity", "other").status, 200);
  EXPECT_THAT(service.query("Action=GetCallerIdentity", "iam").body, HasSubstr("<Code>InvalidAction</Code>"));
}

TEST(Query, AGetWithAnActionIsAQuery) {
  Service service;
  const Reply reply = service.send("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", {});
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith("<GetCallerIdentityResponse"));
  EXPECT_THAT(service.send("GET", "/", {}).body, StartsWith("healthy"));
}

TEST(Query, UnknownActionsAndVersionsAreInvalid) {
  Service service;
  for (const std::string_view form : {"Action=NoSuchThing&Version=2010-05-08", "Action=ListUsers&Version=2099-01-01"}) {
    const Reply reply = service.query(form);
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.body, HasSubstr("<Code>InvalidAction</Code><Message>Could not find operation "));
  }
  EXPECT_THAT(service.query("UserName=ann").body, HasSubstr("<Code>MissingAction</Code>"));
  EXPECT_THAT(service.query("Action=ListUsers&Marker=%GG").body, HasSubstr("<Code>MalformedInput</Code>"));
}

TEST(Query, OnlyFaultsOfTheServerAreServerErrors) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kServiceUnavailable); ++code) {
    const QueryError error = query_error(static_cast<ErrorCode>(code));
    const bool servers = error.code == "ServiceFailure" || error.code == "ServiceUnavailable";
    EXPECT_EQ(error.status >= 500, servers) << error.code;
  }
}

TEST(Query, RequestsAreCountedByOperation) {
  Service service;
  service.query("Action=ListUsers");
  service.query("Action=GetUser&UserName=ann");
  const std::string metrics = service.send("GET", "/metrics", {}).body;
  EXPECT_THAT(metrics, HasSubstr(R"(armature_requests_total{operation="ListUsers"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(operation="GetUser",error="NoSuchEntity"} 1)"));
}

}  // namespace
}  // namespace armature::api
