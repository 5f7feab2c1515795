// UpdateTimeToLive and DescribeTimeToLive. Source: API Reference, "UpdateTimeToLive"; Developer Guide, "Using time to
// live (TTL) in DynamoDB".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kHourMs = 3'600'000;

class TimeToLiveApi : public testing::Test {
 protected:
  TimeToLiveApi() {
    service_.call("CreateTable", R"({"TableName":"Sessions","BillingMode":"PAY_PER_REQUEST",)"
                                 R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],)"
                                 R"("KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]})");
  }

  std::string update(std::string_view attribute, bool enabled) {
    return service_
        .call("UpdateTimeToLive", R"({"TableName":"Sessions","TimeToLiveSpecification":{"AttributeName":")" +
                                      std::string(attribute) + R"(","Enabled":)" + (enabled ? "true" : "false") + "}}")
        .body;
  }
  std::string describe() { return service_.call("DescribeTimeToLive", R"({"TableName":"Sessions"})").body; }

  Service service_;
};

TEST_F(TimeToLiveApi, EnablingEchoesTheSpecificationAndShows) {
  EXPECT_EQ(update("expires", true), R"({"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"expires"}})");
  EXPECT_EQ(describe(), R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLING","AttributeName":"expires"}})");
}

TEST_F(TimeToLiveApi, RefusesWhatIsSoAlready) {
  EXPECT_EQ(update("expires", false), validation("TimeToLive is already disabled"));
  update("expires", true);
  EXPECT_EQ(update("expires", true), validation("TimeToLive is already enabled"));
}

TEST_F(TimeToLiveApi, RefusesAnotherAttribute) {
  update("expires", true);
  const std::string different =
      validation("TimeToLive is active on a different AttributeName: current AttributeName is expires");
  EXPECT_EQ(update("other", true), different);
  EXPECT_EQ(update("other", false), different);
}

TEST_F(TimeToLiveApi, RefusesTwoChangesWithinAnHour) {
  update("expires", true);
  service_.clock().advance_ms(kHourMs - 1);
  EXPECT_EQ(update("expires", false),
            validation("Time to live has been modified multiple times within a fixed interval"));
  service_.clock().advance_ms(1);
  EXPECT_EQ(update("expires", false), R"({"TimeToLiveSpecification":{"Enabled":false,"AttributeName":"expires"}})");
}

TEST_F(TimeToLiveApi, ChecksItsParameters) {
  EXPECT_EQ(update("", true),
            validation("1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' failed to "
                       "satisfy constraint: Member must have length greater than or equal to 1"));
  EXPECT_THAT(service_.call("UpdateTimeToLive", R"({"TableName":"Sessions"})").body,
              HasSubstr("at 'timeToLiveSpecification' failed to satisfy constraint: Member must not be null"));
  EXPECT_THAT(
      service_.call("UpdateTimeToLive", R"({"TableName":"Sessions","TimeToLiveSpecification":{"Enabled":true}})").body,
      HasSubstr("at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be null"));
  EXPECT_THAT(service_
                  .call("UpdateTimeToLive",
                        R"({"TableName":"Missing","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"e"}})")
                  .body,
              HasSubstr("Requested resource not found: Table: Missing not found"));
}

}  // namespace
}  // namespace armature::api
