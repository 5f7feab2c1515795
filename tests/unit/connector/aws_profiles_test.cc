#include "connector/aws_profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/forbidden_address.h"
#include "connector/near_names.h"
#include "connector/service.h"

namespace armature::connector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AwsConfiguration configuration() {
  AwsConfiguration made;
  made.config = parse_ini(R"(
[default]
region = eu-west-1
[profile base]
region=us-west-2   # a comment
services = here
[profile  admin]
role_arn = arn:aws:iam::123456789012:role/Admin
source_profile = base
external_id = x-1
duration_seconds = 1800
region = us-west-2
[profile sso]
sso_session = corp
[services here]
dynamodb =
  endpoint_url = http://127.0.0.1:8000
sts =
  endpoint_url = http://127.0.0.1:8001
)");
  made.credentials = parse_ini("[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s#cret\n");
  return made;
}

TEST(AwsProfiles, ReadsKeysRegionAndEndpoints) {
  const auto connection = connection_of_profile(configuration(), "base");
  ASSERT_TRUE(connection) << connection.error();
  EXPECT_EQ(connection->access_key_id, "AKIDBASE");
  EXPECT_EQ(connection->secret_access_key.reveal(), "s#cret");
  EXPECT_EQ(connection->region, "us-west-2");
  EXPECT_EQ(connection->endpoint, "http://127.0.0.1:8000");
  EXPECT_EQ(connection->sts_endpoint, "http://127.0.0.1:8001");
}

TEST(AwsProfiles, ARoleHasTheKeysOfItsSource) {
  const auto connection = connection_of_profile(configuration(), "admin");
  ASSERT_TRUE(connection) << connection.error();
  EXPECT_EQ(connection->access_key_id, "AKIDBASE");
  EXPECT_EQ(connection->role_arn, "arn:aws:iam::123456789012:role/Admin");
  EXPECT_EQ(connection->external_id, "x-1");
  EXPECT_EQ(connection->duration_s, 1800);
  EXPECT_TRUE(validate(*connection).empty());
}

TEST(AwsProfiles, SaysWhatCannotBeSaved) {
  EXPECT_THAT(connection_of_profile(configuration(), "sso").error(), HasSubstr("sso_session"));
  EXPECT_THAT(connection_of_profile(configuration(), "bsae").error(), HasSubstr("did you mean base?"));
  EXPECT_THAT(connection_of_profile(configuration(), "default").error(), HasSubstr("has no aws_access_key_id"));
  EXPECT_THAT(profile_names(configuration()), ElementsAre("admin", "base", "default", "sso"));
}

TEST(ForbiddenAddress, MetadataServicesAreForbiddenInEveryDisguise) {
  const auto forbidden = [](const char* text) { return !why_forbidden(*http::IpAddress::parse(text)).empty(); };
  for (const char* address : {"169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254",
                              "64:ff9b::a9fe:a9fe", "0.0.0.0", "::"}) {
    EXPECT_TRUE(forbidden(address)) << address;
  }
  for (const char* address : {"127.0.0.1", "10.0.0.1", "::1", "fd00:1::1", "169.253.0.1"})
    EXPECT_FALSE(forbidden(address)) << address;
}

TEST(Endpoints, FollowTheRegionsPartition) {
  EXPECT_EQ(regional_endpoint(Service::kDynamoDb, "eu-west-1").host, "dynamodb.eu-west-1.amazonaws.com");
  EXPECT_EQ(regional_endpoint(Service::kStreams, "cn-north-1").host, "streams.dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(regional_endpoint(Service::kSts, "us-gov-west-1").host, "sts.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(regional_endpoint(Service::kIam, "eu-west-1").host, "iam.amazonaws.com");
  EXPECT_EQ(regional_signing_region(Service::kIam, "eu-west-1"), "us-east-1");
}

TEST(NearNames, AreNamed) {
  const std::string_view names[] = {"maxAttempts", "pageSize"};
  EXPECT_EQ(did_you_mean("maxattempt", names), "did you mean maxAttempts?");
  EXPECT_EQ(did_you_mean("zzz", names), "there are maxAttempts and pageSize");
}

}  // namespace
}  // namespace armature::connector
