#include "connector/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/thread_executor.h"
#include "connector/sts.h"

namespace armature::connector {
namespace {

using testing::HasSubstr;

HttpReply reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpReply made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  return made;
}

HttpReply refusal(std::string_view type, std::string_view message = "no", int status = 400) {
  return reply(status, R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + std::string(type) + R"(","message":")" +
                           std::string(message) + R"("})");
}

// Answers in order; the last one for ever.
class ScriptedTransport final : public Transport {
 public:
  Task<Expected<HttpReply, TransportError>> exchange(const HttpRequest& request) override {
    requests.push_back(request);
    auto answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    co_return answer;
  }
  std::string header(std::size_t request, std::string_view name) const {
    for (const auto& [header, value] : requests.at(request).headers) {
      if (header == name) return value;
    }
    return "";
  }
  std::deque<Expected<HttpReply, TransportError>> answers;
  std::vector<HttpRequest> requests;
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() { options_.endpoint = *parse_endpoint("http://db.example:8000"); }
  CallResult<CallReply> call() {
    Client client(&transport_, &credentials_, &clock_, options_);
    return sync_wait(client.call(Service::kDynamoDb, "ListTables", "{}"));
  }
  void answer(Expected<HttpReply, TransportError> value) { transport_.answers.push_back(std::move(value)); }

  ScriptedTransport transport_;
  FixedCredentials credentials_{auth::AccessKey{"AKID", Secret("secret"), {}}};
  ManualClock clock_{1'700'000'000'000};
  ClientOptions options_;
};

TEST_F(ClientTest, SignsForItsRegion) {
  answer(reply(200, "{}"));
  ASSERT_TRUE(call());
  EXPECT_EQ(transport_.header(0, "X-Amz-Target"), "DynamoDB_20120810.ListTables");
  EXPECT_THAT(transport_.header(0, "Authorization"), HasSubstr("AKID/20231114/us-east-1/dynamodb/aws4_request"));
}

TEST_F(ClientTest, AmazonsOtherServicesAreNotAtDynamoDbsEndpoint) {
  options_.endpoint = *parse_endpoint("https://dynamodb.eu-west-1.amazonaws.com");
  options_.region = "eu-west-1";
  const Client client(&transport_, &credentials_, &clock_, options_);
  EXPECT_EQ(client.endpoint_of(Service::kDynamoDb).host, "dynamodb.eu-west-1.amazonaws.com");
  EXPECT_EQ(client.endpoint_of(Service::kSts).host, "sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(client.endpoint_of(Service::kStreams).host, "streams.dynamodb.eu-west-1.amazonaws.com");
  EXPECT_EQ(client.endpoint_of(Service::kIam).host, "iam.amazonaws.com");
}

TEST(AmazonRegion, IsOfAmazonsEndpointsAlone) {
  EXPECT_EQ(amazon_region(*parse_endpoint("https://dynamodb.cn-north-1.amazonaws.com.cn")), "cn-north-1");
  for (const char* const url : {"https://dynamodb.example.com", "https://dynamodb.eu-west-1.amazonaws.com.example",
                                "https://sts.eu-west-1.amazonaws.com", "https://dynamodb.", "http://127.0.0.1"}) {
    EXPECT_EQ(amazon_region(*parse_endpoint(url)), std::nullopt) << url;
  }
}

TEST_F(ClientTest, RetriesWhatIsTransient) {
  answer(Unexpected(TransportError{TransportErrorCode::kClosed, "closed", true}));
  answer(refusal("ProvisionedThroughputExceededException"));
  answer(reply(200, R"({"TableNames":[]})"));
  const auto result = call();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->attempts, 3);
}

TEST_F(ClientTest, DoesNotRetryWhatWillNotChange) {
  answer(refusal("ValidationException", "bad"));
  const auto result = call();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "ValidationException: bad");
  EXPECT_EQ(transport_.requests.size(), 1u);
}

TEST_F(ClientTest, GivesUpAfterItsAttempts) {
  answer(reply(503, "<html>"));
  const auto result = call();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().attempts, 3);
  EXPECT_EQ(transport_.requests.size(), 3u);
}

TEST_F(ClientTest, LearnsTheServersClock) {
  answer(reply(400,
               R"({"__type":"x#InvalidSignatureException","message":"Signature expired: 1 is now earlier than 2"})",
               {{"Date", "Tue, 14 Nov 2023 23:13:20 GMT"}}));
  answer(reply(200, "{}"));
  ASSERT_TRUE(call());
  EXPECT_EQ(transport_.header(0, "X-Amz-Date"), "20231114T221320Z");
  EXPECT_EQ(transport_.header(1, "X-Amz-Date"), "20231114T231320Z");
}

TEST_F(ClientTest, ADamagedReplyIsFetchedAgain) {
  answer(reply(200, "{}", {{"x-amz-crc32", "1"}}));
  answer(reply(200, "{}", {{"x-amz-crc32", "2745614147"}}));
  EXPECT_TRUE(call());
  EXPECT_EQ(transport_.requests.size(), 2u);
}

TEST_F(ClientTest, TellsHtmlFromDynamoDb) {
  answer(reply(404, "<html>not here</html>", {{"Content-Type", "text/html"}}));
  const auto result = call();
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is("UnexpectedAnswer"));
  EXPECT_THAT(result.error().message, HasSubstr("text/html"));
}

std::string session_xml(std::string_view id, std::string_view expiration) {
  return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + std::string(id) +
         "</AccessKeyId><SecretAccessKey>s&amp;s</SecretAccessKey><SessionToken>tok</SessionToken><Expiration>" +
         std::string(expiration) +
         "</Expiration></Credentials><AssumedRoleUser><Arn>arn:x</Arn></AssumedRoleUser></AssumeRoleResult></"
         "AssumeRoleResponse>";
}

class AssumedRole : public ClientTest {
 protected:
  AssumedRole()
      : sts_(&transport_, &credentials_, &clock_, options_),
        role_(&sts_, {"arn:aws:iam::1:role/r", "ext", "name", 3600, {{"UserRole", "viewer"}}}, &clock_) {}
  std::string key_id() {
    const auto key = sync_wait(role_.credentials());
    return key ? key->id : "error: " + key.error().text();
  }
  Client sts_;
  AssumedRoleCredentials role_;
};

TEST_F(AssumedRole, IsAssumedOnceAndRenewedBeforeItExpires) {
  answer(reply(200, session_xml("ASIA1", "2023-11-14T23:13:20Z")));
  answer(reply(200, session_xml("ASIA2", "2023-11-15T01:13:20Z")));
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_EQ(transport_.requests.size(), 1u);
  EXPECT_THAT(transport_.requests[0].body,
              HasSubstr("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"));
  EXPECT_THAT(transport_.requests[0].body, HasSubstr("Tags.member.1.Key=UserRole&Tags.member.1.Value=viewer"));
  clock_.advance_ms(56 * 60 * 1000);
  EXPECT_EQ(key_id(), "ASIA2");
}

TEST_F(AssumedRole, GoesWithoutTagsWhereTheyAreNotAllowed) {
  answer(reply(403,
               "<ErrorResponse><Error><Code>AccessDenied</Code><Message>may not perform: "
               "sts:TagSession</Message></Error></ErrorResponse>"));
  answer(reply(200, session_xml("ASIA1", "2023-11-14T23:13:20Z")));
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_THAT(transport_.requests[1].body, testing::Not(HasSubstr("Tags.")));
}

TEST_F(AssumedRole, KeepsGoodKeysWhenRenewingFails) {
  answer(reply(200, session_xml("ASIA1", "2023-11-14T23:13:20Z")));
  answer(reply(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"));
  EXPECT_EQ(key_id(), "ASIA1");
  clock_.advance_ms(56 * 60 * 1000);
  EXPECT_EQ(key_id(), "ASIA1");
  clock_.advance_ms(5 * 60 * 1000);
  EXPECT_EQ(key_id(), "error: AccessDenied: no");
}

TEST(RetryBudget, RunsDryWhenEverythingFails) {
  RetryBudget budget(false);
  CallError error;
  error.status = 500;
  int spent = 0;
  while (budget.spend(error)) ++spent;
  EXPECT_EQ(spent, 100);
  budget.succeeded(true);
  EXPECT_TRUE(budget.spend(error));
  EXPECT_FALSE(budget.spend(error));
}

TEST(RetryBudget, AdaptiveModeSlowsDownWhenThrottled) {
  RetryBudget budget(true);
  RetryBudget::Time now{std::chrono::seconds(100)};
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(budget.delay_before_send(now).count(), 0);
    now += std::chrono::milliseconds(10);
  }
  budget.throttled(now);
  std::chrono::nanoseconds longest{0};
  for (int i = 0; i < 10; ++i) longest = std::max(longest, budget.delay_before_send(now));
  EXPECT_GT(longest.count(), 0);
}

TEST(Backoff, GrowsAndEnds) {
  SeededRandom random(1);
  for (int attempt = 1; attempt < 40; ++attempt) {
    const auto wait = backoff(attempt, &random);
    EXPECT_GT(wait.count(), 0);
    EXPECT_LE(wait, std::chrono::seconds(20) + std::chrono::nanoseconds(1));
    EXPECT_LE(wait, std::chrono::milliseconds(51) * (1LL << std::min(attempt - 1, 20)));
  }
}

}  // namespace
}  // namespace armature::connector
