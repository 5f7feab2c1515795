// Tags of tables, and what Terraform reads beside a table's description. Source: Developer Guide, "Tagging
// restrictions in DynamoDB"; API Reference, "TagResource", "UntagResource", "ListTagsOfResource", "DescribeTimeToLive",
// "DescribeContinuousBackups".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kNotFound = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";
constexpr std::string_view kInUse = "com.amazonaws.dynamodb.v20120810#ResourceInUseException";
constexpr std::string_view kAccessDenied = "com.amazon.coral.service#AccessDeniedException";

const std::string kTable = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";
const std::string kMissing = "arn:aws:dynamodb:us-east-1:000000000000:table/Missing";

std::string request(const std::string& arn, const std::string& more = "") {
  return R"({"ResourceArn":")" + arn + "\"" + (more.empty() ? "" : "," + more) + "}";
}
std::string tag(const std::string& key, const std::string& value) {
  return R"({"Key":")" + key + R"(","Value":")" + value + "\"}";
}
std::string tags(const std::string& list) { return R"("Tags":[)" + list + "]"; }
std::string tag_keys(const std::string& list) { return R"("TagKeys":[)" + list + "]"; }

// One tag after another, k<first> to k<last>.
std::string numbered_tags(int first, int last) {
  std::string list;
  for (int i = first; i <= last; ++i) list += (list.empty() ? "" : ",") + tag("k" + std::to_string(i), "");
  return list;
}

void create_orders(Service* service) {
  const Reply reply = service->call("CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]})");
  ASSERT_EQ(reply.status, 200) << reply.body;
}

class Tagging : public testing::Test {
 protected:
  Tagging() { create_orders(&service_); }

  Reply add(const std::string& list) { return service_.call("TagResource", request(kTable, tags(list))); }
  Reply remove(const std::string& list) { return service_.call("UntagResource", request(kTable, tag_keys(list))); }
  std::string listed() { return service_.call("ListTagsOfResource", request(kTable)).body; }

  Service service_;
};

TEST_F(Tagging, OfANewTableListsNothing) { EXPECT_EQ(listed(), R"({"Tags":[]})"); }

TEST_F(Tagging, AddsTagsAndReplacesThemByKey) {
  add(tag("team", "blue") + "," + tag("stage", ""));
  EXPECT_EQ(listed(), R"({"Tags":[{"Key":"stage","Value":""},{"Key":"team","Value":"blue"}]})");
  add(tag("team", "red"));
  EXPECT_EQ(listed(), R"({"Tags":[{"Key":"stage","Value":""},{"Key":"team","Value":"red"}]})");
}

TEST_F(Tagging, RemovesTagsAndIgnoresKeysThatAreNotThere) {
  add(tag("team", "blue") + "," + tag("stage", "test"));
  EXPECT_EQ(remove(R"("team","nothing")").status, 200);
  EXPECT_EQ(listed(), R"({"Tags":[{"Key":"stage","Value":"test"}]})");
}

TEST_F(Tagging, AnswersWithAnEmptyBody) {
  const Reply added = add(tag("team", "blue"));
  EXPECT_EQ(added.status, 200);
  EXPECT_EQ(added.body, "");
  EXPECT_EQ(remove(R"("team")").body, "");
}

TEST_F(Tagging, ListsTagsATableWasCreatedWith) {
  service_.call("CreateTable", R"({"TableName":"Tagged","BillingMode":"PAY_PER_REQUEST",
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"Tags":[{"Key":"team","Value":"blue"}]})");
  EXPECT_EQ(service_.call("ListTagsOfResource", request("arn:aws:dynamodb:us-east-1:000000000000:table/Tagged")).body,
            R"({"Tags":[{"Key":"team","Value":"blue"}]})");
}

TEST_F(Tagging, GoesWithItsTable) {
  add(tag("team", "blue"));
  service_.call("DeleteTable", R"({"TableName":"Orders"})");
  create_orders(&service_);
  EXPECT_EQ(listed(), R"({"Tags":[]})");
}

// --- Refusals ---

TEST_F(Tagging, TakesFiftyTagsAndNoMore) {
  EXPECT_EQ(add(numbered_tags(1, 50)).status, 200);
  EXPECT_EQ(add(tag("k50", "replaced")).status, 200);
  const std::string before = listed();
  EXPECT_EQ(add(tag("k1", "lost") + "," + tag("k51", "")).body,
            validation("One or more parameter values were invalid: Number of tags, 51, exceeds the limit of 50 for a "
                       "resource"));
  EXPECT_EQ(listed(), before);
}

TEST_F(Tagging, RefusesReservedKeys) {
  EXPECT_THAT(add(tag("aws:team", "blue")).body, HasSubstr("must not start with aws:"));
}

TEST_F(Tagging, RefusesCharactersThatAreNotAllowed) {
  EXPECT_THAT(add(tag("team", "a&b")).body, HasSubstr("characters that are not allowed"));
}

TEST_F(Tagging, RefusesAKeyTwiceInOneRequest) {
  EXPECT_THAT(add(tag("team", "blue") + "," + tag("team", "red")).body, HasSubstr("Duplicate tag key: team"));
}

TEST_F(Tagging, RefusesKeysAndValuesThatAreTooLongOrEmpty) {
  EXPECT_THAT(add(tag("", "v")).body, HasSubstr("at 'tags.1.member.key' failed to satisfy constraint: Member must have "
                                                "length greater than or equal to 1"));
  EXPECT_EQ(add(tag(std::string(128, 'k'), std::string(256, 'v'))).status, 200);
  EXPECT_THAT(add(tag(std::string(129, 'k'), "v")).body, HasSubstr("length less than or equal to 128"));
  EXPECT_THAT(add(tag("k", std::string(257, 'v'))).body, HasSubstr("length less than or equal to 256"));
  EXPECT_THAT(remove("\"\"").body, HasSubstr("length greater than or equal to 1"));
}

TEST_F(Tagging, RefusesEmptyLists) {
  EXPECT_EQ(add("").body, validation("Atleast one Tag needs to be provided as Input."));
  EXPECT_EQ(remove("").body, validation("Atleast one Tag Key needs to be provided as Input."));
}

TEST_F(Tagging, NeedsAResourceAndTags) {
  EXPECT_EQ(service_.call("TagResource", "{}").body,
            validation("2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member "
                       "must not be null; Value null at 'tags' failed to satisfy constraint: Member must not be null"));
}

TEST_F(Tagging, RefusesTokensItNeverGave) {
  EXPECT_EQ(service_.call("ListTagsOfResource", request(kTable, R"("NextToken":"x")")).body,
            validation("Invalid NextToken"));
}

class MalformedResource : public Tagging, public testing::WithParamInterface<const char*> {};

TEST_P(MalformedResource, IsRefusedByEveryOperation) {
  const std::string arn = GetParam();
  const std::string refused = validation("Invalid TableArn: Invalid ResourceArn provided as input " + arn);
  EXPECT_EQ(service_.call("TagResource", request(arn, tags(tag("k", "v")))).body, refused);
  EXPECT_EQ(service_.call("UntagResource", request(arn, tag_keys(R"("k")"))).body, refused);
  EXPECT_EQ(service_.call("ListTagsOfResource", request(arn)).body, refused);
}

INSTANTIATE_TEST_SUITE_P(Tagging, MalformedResource,
                         testing::Values("Orders", "arn:aws:dynamodb", "arn:aws:s3:us-east-1:000000000000:table/Orders",
                                         "arn:aws:dynamodb:us-east-1:000000000000:table/Orders/index/by_g"));

TEST_F(Tagging, OfATableThatIsNotThereIsNotFound) {
  const std::string refused =
      error_body(kNotFound, "Requested resource not found: ResourcArn: " + kMissing + " not found");
  EXPECT_EQ(service_.call("TagResource", request(kMissing, tags(tag("k", "v")))).body, refused);
  EXPECT_EQ(service_.call("UntagResource", request(kMissing, tag_keys(R"("k")"))).body, refused);
}

TEST_F(Tagging, OfAnotherAccountsTableIsNotFound) {
  const std::string foreign = "arn:aws:dynamodb:us-east-1:999999999999:table/Orders";
  EXPECT_THAT(service_.call("TagResource", request(foreign, tags(tag("k", "v")))).body,
              HasSubstr("ResourcArn: " + foreign + " not found"));
}

TEST_F(Tagging, ListingWhatIsNotThereIsDenied) {
  const Reply reply = service_.call("ListTagsOfResource", request(kMissing));
  EXPECT_THAT(reply.body, HasSubstr(kAccessDenied));
  EXPECT_THAT(reply.body,
              HasSubstr(" is not authorized to perform: dynamodb:ListTagsOfResource on resource: " + kMissing + "\""));
}

TEST(TaggingInTransition, IsRefusedWhileTheTableIsBeingCreated) {
  Service service(ServiceOptions{.table_transition_ms = 60'000});
  create_orders(&service);
  EXPECT_EQ(service.call("TagResource", request(kTable, tags(tag("k", "v")))).body,
            error_body(kInUse, "Attempt to change a resource which is still in use: Table is being created: Orders"));
}

// Asked for every action; remembers them.
class Recorder final : public Authorizer {
 public:
  Result<void> authorize(const RequestContext&, const AccessRequest& access) const override {
    asked = std::string(access.action) + " " + std::string(access.resource_arn);
    return fail(ErrorCode::kAccessDenied, "no");
  }
  mutable std::string asked;
};

TEST(TaggingPermissions, AreAskedForOnTheTable) {
  const Recorder recorder;
  Service service(recorder);
  service.call("TagResource", request(kMissing, tags(tag("k", "v"))));
  EXPECT_EQ(recorder.asked, "dynamodb:TagResource " + kMissing);
  service.call("UntagResource", request(kMissing, tag_keys(R"("k")")));
  EXPECT_EQ(recorder.asked, "dynamodb:UntagResource " + kMissing);
  service.call("ListTagsOfResource", request(kMissing));
  EXPECT_EQ(recorder.asked, "dynamodb:ListTagsOfResource " + kMissing);
  service.call("DescribeTimeToLive", R"({"TableName":"Missing"})");
  EXPECT_EQ(recorder.asked, "dynamodb:DescribeTimeToLive " + kMissing);
  service.call("DescribeContinuousBackups", R"({"TableName":"Missing"})");
  EXPECT_EQ(recorder.asked, "dynamodb:DescribeContinuousBackups " + kMissing);
}

// --- DescribeTimeToLive, DescribeContinuousBackups ---

class TableSettings : public Tagging {};

TEST_F(TableSettings, TimeToLiveIsDescribedAsDisabled) {
  const std::string disabled = R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})";
  EXPECT_EQ(service_.call("DescribeTimeToLive", R"({"TableName":"Orders"})").body, disabled);
  EXPECT_EQ(service_.call("DescribeTimeToLive", R"({"TableName":")" + kTable + "\"}").body, disabled);
}

TEST_F(TableSettings, TimeToLiveOfATableThatIsNotThereIsNotFound) {
  EXPECT_EQ(service_.call("DescribeTimeToLive", R"({"TableName":"Missing"})").body,
            error_body(kNotFound, "Requested resource not found: Table: Missing not found"));
}

TEST_F(TableSettings, ContinuousBackupsAreDescribedWithoutPointInTimeRecovery) {
  EXPECT_EQ(service_.call("DescribeContinuousBackups", R"({"TableName":"Orders"})").body,
            R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
            R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})");
}

TEST_F(TableSettings, ContinuousBackupsOfATableThatIsNotThereHaveAnErrorOfTheirOwn) {
  EXPECT_EQ(service_.call("DescribeContinuousBackups", R"({"TableName":"Missing"})").body,
            error_body("com.amazonaws.dynamodb.v20120810#TableNotFoundException", "Table not found: Missing"));
}

}  // namespace
}  // namespace armature::api
