// Policies of tables and streams: keeping them, and what they then decide. Source: API Reference, "PutResourcePolicy",
// "GetResourcePolicy", "DeleteResourcePolicy"; Developer Guide, "Using resource-based policies for DynamoDB".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/as_user.h"
#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPolicyNotFound = "com.amazonaws.dynamodb.v20120810#PolicyNotFoundException";
constexpr std::string_view kNotFound = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";

const std::string kOrders = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";
const std::string kMissing = "arn:aws:dynamodb:us-east-1:000000000000:table/Missing";

// Written with ' for ".
std::string document(const std::string& statements) {
  std::string text = "{'Version':'2012-10-17','Statement':[" + statements + "]}";
  for (char& c : text) {
    if (c == '\'') c = '"';
  }
  return text;
}
// One statement for ann on the table.
std::string for_ann(const std::string& effect, const std::string& action) {
  return document("{'Effect':'" + effect + "','Principal':{'AWS':'" + std::string(AsUser::kAnn) + "'},'Action':'" +
                  action + "','Resource':'" + kOrders + "'}");
}
std::string for_everyone(const std::string& effect, const std::string& action, const std::string& resource) {
  return document("{'Effect':'" + effect + "','Principal':'*','Action':'" + action + "','Resource':'" + resource +
                  "'}");
}
std::string json_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}
std::string request(const std::string& arn, const std::string& more = {}) {
  return R"({"ResourceArn":")" + arn + "\"" + more + "}";
}
std::string policy_member(const std::string& policy) { return R"(,"Policy":)" + json_text(policy); }
std::string expecting(const std::string& revision) { return R"(,"ExpectedRevisionId":")" + revision + '"'; }
// The value of a member that is a text.
std::string member_of(const std::string& body, const std::string& name) {
  const std::string start = "\"" + name + "\":\"";
  const std::size_t begin = body.find(start);
  if (begin == std::string::npos) return {};
  return body.substr(begin + start.size(), body.find('"', begin + start.size()) - begin - start.size());
}

class ResourcePolicies : public testing::Test {
 protected:
  ResourcePolicies() : service_(authorizer_) {
    authorizer_.decide_with(service_.catalog(), service_.clock());
    create("Orders");
  }

  Reply create(const std::string& name, const std::string& more = {}) {
    return service_.call("CreateTable", R"({"TableName":")" + name + R"(","BillingMode":"PAY_PER_REQUEST",
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"day","AttributeType":"S"}],
        "GlobalSecondaryIndexes":[{"IndexName":"by_day","KeySchema":[{"AttributeName":"day","KeyType":"HASH"}],
          "Projection":{"ProjectionType":"ALL"}}],
        "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})" +
                                            more + "}");
  }
  Reply put(const std::string& policy, const std::string& more = {}, const std::string& arn = kOrders) {
    return service_.call("PutResourcePolicy", request(arn, policy_member(policy) + more));
  }
  Reply get(const std::string& arn = kOrders) { return service_.call("GetResourcePolicy", request(arn)); }
  Reply remove(const std::string& more = {}, const std::string& arn = kOrders) {
    return service_.call("DeleteResourcePolicy", request(arn, more));
  }
  int get_item() { return service_.call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})").status; }
  int query_index() {
    return service_
        .call("Query", R"({"TableName":"Orders","IndexName":"by_day","KeyConditionExpression":"#d = :d",
            "ExpressionAttributeNames":{"#d":"day"},"ExpressionAttributeValues":{":d":{"S":"mon"}}})")
        .status;
  }
  std::string stream_arn() {
    return member_of(service_.call("DescribeTable", R"({"TableName":"Orders"})").body, "LatestStreamArn");
  }
  void be_ann(const std::string& statements = {}) { authorizer_.set_policy(statements); }
  void be_root() { authorizer_.be_root(); }

  AsUser authorizer_;
  Service service_;
};

// --- Keeping them ---

TEST_F(ResourcePolicies, AreReturnedAsTheyWerePut) {
  const std::string policy = for_ann("Allow", "dynamodb:GetItem");
  const std::string revision = member_of(put(policy).body, "RevisionId");
  EXPECT_FALSE(revision.empty());
  EXPECT_EQ(get().body, R"({"Policy":)" + json_text(policy) + R"(,"RevisionId":")" + revision + "\"}");
}

TEST_F(ResourcePolicies, TheSamePolicyAgainIsNoChange) {
  const std::string first = put(for_ann("Allow", "dynamodb:GetItem")).body;
  EXPECT_EQ(put(for_ann("Allow", "dynamodb:GetItem")).body, first);
  EXPECT_NE(put(for_ann("Allow", "dynamodb:PutItem")).body, first);
}

TEST_F(ResourcePolicies, ATableWithoutOneSaysSo) {
  EXPECT_EQ(get().body,
            error_body(kPolicyNotFound, "Resource-based policy not found for the provided ResourceArn: " + kOrders));
}

TEST_F(ResourcePolicies, AreGoneOnceDeleted) {
  const std::string revision = member_of(put(for_ann("Allow", "dynamodb:GetItem")).body, "RevisionId");
  EXPECT_EQ(remove().body, R"({"RevisionId":")" + revision + "\"}");
  EXPECT_THAT(get().body, HasSubstr("PolicyNotFoundException"));
  EXPECT_EQ(remove().body, "{}");
}

TEST_F(ResourcePolicies, GoWithTheirTable) {
  put(for_ann("Allow", "dynamodb:GetItem"));
  service_.call("DeleteTable", R"({"TableName":"Orders"})");
  create("Orders");
  EXPECT_THAT(get().body, HasSubstr("PolicyNotFoundException"));
}

TEST_F(ResourcePolicies, OfWhatIsNotThereAreNotFound) {
  const std::string not_found = error_body(kNotFound, "Requested resource not found: Table: Missing not found");
  EXPECT_EQ(get(kMissing).body, not_found);
  EXPECT_EQ(remove({}, kMissing).body, not_found);
  EXPECT_EQ(put(for_everyone("Allow", "dynamodb:GetItem", kMissing), {}, kMissing).body, not_found);
  const std::string stream = kOrders + "/stream/2026-01-01T00:00:00.000";
  const std::string no_stream = error_body(kNotFound, "Requested resource not found: Stream: " + stream + " not found");
  EXPECT_EQ(get(stream).body, no_stream);
  EXPECT_EQ(put(for_everyone("Allow", "dynamodb:GetRecords", stream), {}, stream).body, no_stream);
}

TEST_F(ResourcePolicies, OfAnIndexAreTheTables) {
  const std::string index = kOrders + "/index/by_day";
  EXPECT_EQ(get(index).body, validation("Invalid TableArn: Invalid ResourceArn provided as input " + index));
}

TEST_F(ResourcePolicies, AreRefusedWhenTheyAreNone) {
  for (const std::string& policy :
       {std::string("{"), document("{'Effect':'Allow','Action':'dynamodb:*','Resource':'*'}"),
        for_everyone("Allow", "s3:GetObject", kOrders), for_everyone("Allow", "dynamodb:GetItem", kMissing),
        document("{'Effect':'Allow','Principal':'*','Action':'dynamodb:*'}")}) {
    const Reply reply = put(policy);
    EXPECT_EQ(reply.status, 400) << policy;
    EXPECT_THAT(reply.body, HasSubstr("ValidationException")) << policy;
    EXPECT_THAT(reply.body, HasSubstr("Invalid policy document: ")) << policy;
  }
  EXPECT_THAT(get().body, HasSubstr("PolicyNotFoundException"));
}

TEST_F(ResourcePolicies, MayTakeTwentyKilobytesBlanksIncluded) {
  std::string policy = for_ann("Allow", "dynamodb:GetItem");
  policy.append(20 * 1024 - policy.size(), ' ');
  EXPECT_EQ(put(policy).status, 200);
  EXPECT_EQ(put(policy + ' ').body,
            validation("The resource-based policy document exceeds the maximum size of 20480 bytes"));
}

// --- Revisions ---

TEST_F(ResourcePolicies, NoPolicyCanBeExpected) {
  const std::string revision =
      member_of(put(for_ann("Allow", "dynamodb:GetItem"), expecting("NO_POLICY")).body, "RevisionId");
  EXPECT_FALSE(revision.empty());
  EXPECT_EQ(put(for_ann("Allow", "dynamodb:PutItem"), expecting("NO_POLICY")).body,
            error_body(kPolicyNotFound,
                       "Resource-based policy not found for the provided ResourceArn: Requested policy update "
                       "expecting none to be present for table Orders, but a policy exists with revision id " +
                           revision + "."));
}

TEST_F(ResourcePolicies, ARevisionCanBeExpected) {
  const std::string wanted = expecting("1");
  const std::string none =
      error_body(kPolicyNotFound, "Resource-based policy not found for the provided ResourceArn: " + kOrders);
  EXPECT_EQ(put(for_ann("Allow", "dynamodb:GetItem"), wanted).body, none);
  EXPECT_EQ(remove(wanted).body, none);
  const std::string revision = member_of(put(for_ann("Allow", "dynamodb:GetItem")).body, "RevisionId");
  const std::string other = error_body(
      kPolicyNotFound,
      "Resource-based policy not found for the provided ResourceArn: Requested update for policy with revision id 1, "
      "but the policy associated to target table Orders has revision id " +
          revision + ".");
  EXPECT_EQ(put(for_ann("Allow", "dynamodb:PutItem"), wanted).body, other);
  EXPECT_EQ(remove(wanted).body, other);
  const Reply second = put(for_ann("Allow", "dynamodb:PutItem"), expecting(revision));
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(remove(expecting(member_of(second.body, "RevisionId"))).body, second.body);
}

// --- What they decide ---

TEST_F(ResourcePolicies, AllowWhomTheyName) {
  put(for_ann("Allow", "dynamodb:GetItem"));
  be_ann();
  EXPECT_EQ(get_item(), 200);
  EXPECT_THAT(service_.call("PutItem", R"({"TableName":"Orders","Item":{"id":{"S":"1"}}})").body,
              HasSubstr("because no identity-based policy allows the dynamodb:PutItem action"));
  be_root();
  remove();
  be_ann();
  EXPECT_EQ(get_item(), 400);
}

TEST_F(ResourcePolicies, DenyWhateverOthersAllow) {
  put(for_ann("Deny", "dynamodb:GetItem"));
  be_ann("{'Effect':'Allow','Action':'*','Resource':'*'}");
  EXPECT_THAT(service_.call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"1"}}})").body,
              HasSubstr("with an explicit deny in a resource-based policy"));
  EXPECT_EQ(query_index(), 200);
}

TEST_F(ResourcePolicies, OfATableHoldForItsIndexes) {
  put(for_everyone("Allow", "dynamodb:Query", kOrders + "/index/*"));
  be_ann();
  EXPECT_EQ(query_index(), 200);
  EXPECT_EQ(get_item(), 400);
  be_root();
  put(for_ann("Allow", "dynamodb:*"));
  be_ann();
  EXPECT_EQ(query_index(), 400);
  EXPECT_EQ(get_item(), 200);
}

TEST_F(ResourcePolicies, SeeTheRequestsFacts) {
  put(document("{'Effect':'Allow','Principal':'*','Action':'dynamodb:GetItem','Resource':'" + kOrders +
               "','Condition':{'ForAllValues:StringEquals':{'dynamodb:LeadingKeys':['${aws:username}']}}}"));
  be_ann();
  EXPECT_EQ(service_.call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"ann"}}})").status, 200);
  EXPECT_EQ(service_.call("GetItem", R"({"TableName":"Orders","Key":{"id":{"S":"bob"}}})").status, 400);
}

TEST_F(ResourcePolicies, HoldForChangesOfTheTableToo) {
  put(for_ann("Allow", "dynamodb:DescribeTable"));
  be_ann();
  EXPECT_EQ(service_.call("DescribeTable", R"({"TableName":"Orders"})").status, 200);
  EXPECT_EQ(service_.call("DescribeTable", request(kOrders)).status, 400);
  EXPECT_EQ(service_.call("DescribeTimeToLive", R"({"TableName":"Orders"})").status, 400);
}

TEST_F(ResourcePolicies, DenyRootToo) {
  put(for_everyone("Deny", "dynamodb:GetItem", kOrders));
  EXPECT_EQ(get_item(), 400);
}

TEST_F(ResourcePolicies, CanAlwaysBeDeletedByRoot) {
  EXPECT_EQ(put(for_everyone("Deny", "dynamodb:*", kOrders), R"(,"ConfirmRemoveSelfResourceAccess":true)").status, 200);
  EXPECT_EQ(get().status, 400);
  EXPECT_EQ(get_item(), 400);
  EXPECT_EQ(remove().status, 200);
  EXPECT_EQ(get_item(), 200);
}

TEST_F(ResourcePolicies, ThatLockTheirAuthorOutHaveToBeConfirmed) {
  be_ann("{'Effect':'Allow','Action':'*','Resource':'*'}");
  const std::string policy = for_ann("Deny", "dynamodb:PutResourcePolicy");
  const Reply refused = put(policy);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("will not allow you to update the resource policy in the future"));
  EXPECT_THAT(get().body, HasSubstr("PolicyNotFoundException"));
  EXPECT_EQ(put(policy, R"(,"ConfirmRemoveSelfResourceAccess":true)").status, 200);
  EXPECT_THAT(put(for_ann("Allow", "dynamodb:*")).body, HasSubstr("AccessDeniedException"));
}

TEST_F(ResourcePolicies, TakePermissionOfTheirOwn) {
  be_ann("{'Effect':'Allow','Action':'dynamodb:GetResourcePolicy','Resource':'*'}");
  EXPECT_THAT(put(for_ann("Allow", "dynamodb:*")).body, HasSubstr("perform: dynamodb:PutResourcePolicy on"));
  EXPECT_THAT(remove().body, HasSubstr("perform: dynamodb:DeleteResourcePolicy on"));
  EXPECT_THAT(get().body, HasSubstr("PolicyNotFoundException"));
}

// --- Streams ---

TEST_F(ResourcePolicies, OfAStreamAreItsOwn) {
  const std::string stream = stream_arn();
  const std::string describe = R"({"StreamArn":")" + stream + "\"}";
  const auto describe_stream = [&] {
    return service_
        .send("POST", "/",
              {{"X-Amz-Target", "DynamoDBStreams_20120810.DescribeStream"},
               {"Content-Type", "application/x-amz-json-1.0"},
               {"X-Amz-Date", "20261118T110640Z"},
               {"Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261118/us-east-1/dynamodb/aws4_request, "
                "SignedHeaders=host;x-amz-date, Signature=0"}},
              describe)
        .status;
  };
  put(for_ann("Allow", "dynamodb:*"));
  be_ann();
  EXPECT_EQ(describe_stream(), 400);
  be_root();
  EXPECT_EQ(put(for_everyone("Allow", "dynamodb:DescribeStream", stream), {}, stream).status, 200);
  be_ann();
  EXPECT_EQ(describe_stream(), 200);
  be_root();
  EXPECT_EQ(remove({}, stream).status, 200);
  EXPECT_EQ(get().status, 200);
}

// --- CreateTable ---

TEST_F(ResourcePolicies, CanBeThereFromTheStart) {
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/New";
  const std::string policy = for_everyone("Allow", "dynamodb:GetItem", arn);
  ASSERT_EQ(create("New", R"(,"ResourcePolicy":)" + json_text(policy)).status, 200);
  EXPECT_THAT(get(arn).body, HasSubstr(R"("Policy":)" + json_text(policy)));
  be_ann();
  EXPECT_EQ(service_.call("GetItem", R"({"TableName":"New","Key":{"id":{"S":"1"}}})").status, 200);
}

TEST_F(ResourcePolicies, OfANewTableTakePermissionOfTheirOwn) {
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/New";
  be_ann("{'Effect':'Allow','Action':'dynamodb:CreateTable','Resource':'*'}");
  const Reply reply =
      create("New", R"(,"ResourcePolicy":)" + json_text(for_everyone("Allow", "dynamodb:GetItem", arn)));
  EXPECT_THAT(reply.body, HasSubstr("perform: dynamodb:PutResourcePolicy on"));
}

TEST_F(ResourcePolicies, OfANewTableAreChecked) {
  EXPECT_THAT(create("New", R"(,"ResourcePolicy":"{}")").body, HasSubstr("Invalid policy document: "));
}

// --- Stored ---

TEST_F(ResourcePolicies, ThatCannotBeReadAnyMoreDenyEverything) {
  TableDefinition table;
  table.name = "Orders";
  table.resource_policy = std::make_shared<const ResourcePolicy>(
      ResourcePolicy{.document = {.text = "of a later version"}, .revision_id = "7"});
  const auto decoded = decode_definition(encode_definition(table));
  ASSERT_TRUE(decoded);
  ASSERT_NE(decoded->resource_policy, nullptr);
  EXPECT_EQ(decoded->resource_policy->document.text, "of a later version");
  EXPECT_EQ(decoded->resource_policy->revision_id, "7");
  const auth::iam::Statement& statement = decoded->resource_policy->policy().statements().front();
  EXPECT_EQ(statement.effect, auth::iam::Effect::kDeny);
  EXPECT_TRUE(statement.names_action("dynamodb:GetItem"));
}

}  // namespace
}  // namespace armature::api
