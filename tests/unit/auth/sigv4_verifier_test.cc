#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "auth/sigv4/signer.h"
#include "auth/sigv4/timestamp.h"
#include "auth/sigv4/verifier.h"

namespace armature::auth::sigv4 {
namespace {

// Several keys of every kind.
class KeyRing final : public CredentialStore {
 public:
  void add(Identity identity, std::string token = "") {
    const std::string id = identity.access_key_id;
    keys_[id] = {std::make_shared<const Identity>(std::move(identity)), std::move(token)};
  }
  std::shared_ptr<const Identity> find(std::string_view id, std::string_view token) const override {
    const auto found = keys_.find(std::string(id));
    if (found == keys_.end()) return nullptr;
    const auto& [identity, issued] = found->second;
    return identity->kind == PrincipalKind::kSession && token != issued ? nullptr : identity;
  }

 private:
  std::map<std::string, std::pair<std::shared_ptr<const Identity>, std::string>> keys_;
};

constexpr std::string_view kNow = "20130609T100015Z";

class SigV4Verifier : public testing::Test {
 protected:
  SigV4Verifier() {
    ring_.add({.access_key_id = "AKIDEXAMPLE", .secret = Secret("secret"), .kind = PrincipalKind::kUser});
    ring_.add(
        {.access_key_id = "AKIDINACTIVE", .secret = Secret("secret"), .kind = PrincipalKind::kUser, .active = false});
    ring_.add({.access_key_id = "ASIASESSION",
               .secret = Secret("secret"),
               .kind = PrincipalKind::kSession,
               .expires_at_s = *parse_timestamp("20130609T110000Z")},
              "token");
  }

  std::int64_t now_s() const { return *parse_timestamp(kNow); }

  // The request below, signed for real.
  std::vector<Header> signed_headers(const AccessKey& key, std::int64_t at_s,
                                     SigningTarget target = {"us-east-1", "dynamodb"}) {
    signature_ = sign({"POST", "/", kHeaders, kBody}, key, target, at_s);
    std::vector<Header> headers(kHeaders.begin(), kHeaders.end());
    headers.push_back({"X-Amz-Date", signature_.amz_date});
    if (!signature_.security_token.empty()) headers.push_back({"X-Amz-Security-Token", signature_.security_token});
    headers.push_back({"Authorization", signature_.authorization});
    return headers;
  }
  std::vector<Header> signed_headers() { return signed_headers({"AKIDEXAMPLE", Secret("secret")}, now_s()); }

  Result<Authenticated> verified(std::span<const Header> headers, std::string_view target = "/",
                                 std::string_view service = "dynamodb", std::string_view method = "POST",
                                 BytesView body = kBody) {
    const ManualClock clock(now_s() * 1000);
    return Verifier(ring_, clock).authenticate({method, target, headers, body}, service, &arena_);
  }

  // The reply to a request with these headers beside the Host.
  std::string reply(std::vector<Header> headers, std::string_view target = "/", std::string_view service = "dynamodb") {
    headers.push_back({"Host", "localhost:8000"});
    return describe(verified(headers, target, service));
  }
  std::string describe(const Result<Authenticated>& result) {
    if (result) return "accepted";
    return std::string(name_of(result.error().code)) + ": " + result.error().message;
  }
  // The reply to an Authorization header of these parts, dated now.
  std::string reply_to(std::string_view credential, std::string_view signed_headers = "host",
                       std::string_view algorithm = "AWS4-HMAC-SHA256", std::string_view date = kNow) {
    const std::string authorization = std::string(algorithm) + " Credential=" + std::string(credential) +
                                      ", SignedHeaders=" + std::string(signed_headers) + ", Signature=00";
    return reply({{"Authorization", authorization}, {"X-Amz-Date", date}});
  }

  static std::string_view name_of(ErrorCode code) {
    switch (code) {
      case ErrorCode::kInvalidSignature: return "InvalidSignature";
      case ErrorCode::kIncompleteSignature: return "IncompleteSignature";
      case ErrorCode::kMissingAuthenticationToken: return "MissingAuthenticationToken";
      case ErrorCode::kUnrecognizedClient: return "UnrecognizedClient";
      case ErrorCode::kExpiredToken: return "ExpiredToken";
      default: return "another code";
    }
  }

  static constexpr std::string_view kGoodCredential = "AKIDEXAMPLE/20130609/us-east-1/dynamodb/aws4_request";
  static constexpr BytesView kBody = R"({"TableName":"Orders"})";
  const std::vector<Header> kHeaders = {{"Host", "localhost:8000"}, {"X-Amz-Target", "DynamoDB_20120810.PutItem"}};
  KeyRing ring_;
  SignatureHeaders signature_;
  Arena arena_;
};

TEST_F(SigV4Verifier, NamesThePrincipalAndTheScope) {
  const auto result = verified(signed_headers());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->identity->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(result->region, "us-east-1");
  EXPECT_EQ(result->service, "dynamodb");
  EXPECT_EQ(result->date, "20130609");
}

// Source: IAM User Guide, "Create a signed AWS API request": the published example.
TEST_F(SigV4Verifier, AcceptsThePublishedExample) {
  KeyRing ring;
  ring.add({.access_key_id = "AKIDEXAMPLE", .secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")});
  const Header headers[] = {{"Host", "iam.amazonaws.com"},
                            {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                            {"X-Amz-Date", "20150830T123600Z"},
                            {"Authorization",
                             "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                             "SignedHeaders=content-type;host;x-amz-date, "
                             "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"}};
  const ManualClock clock(*parse_timestamp("20150830T123600Z") * 1000);
  const auto result =
      Verifier(ring, clock).authenticate({"GET", "/?Action=ListUsers&Version=2010-05-08", headers, ""}, "iam", &arena_);
  ASSERT_TRUE(result) << result.error().message;
}

TEST_F(SigV4Verifier, AcceptsBlanksCommasOrBothBetweenTheParts) {
  for (const std::string_view separator : {",", " ", ", ", "  ", " , "}) {
    auto headers = signed_headers();
    std::string authorization(headers.back().value);
    for (std::size_t at; (at = authorization.find(", ")) != std::string::npos;) authorization.replace(at, 2, "|");
    for (std::size_t at; (at = authorization.find('|')) != std::string::npos;) authorization.replace(at, 1, separator);
    headers.back().value = authorization;
    EXPECT_EQ(describe(verified(headers)), "accepted") << "'" << separator << "'";
  }
}

TEST_F(SigV4Verifier, AcceptsHeaderNamesOfAnyCaseInAnyOrder) {
  auto headers = signed_headers();
  std::string authorization(headers.back().value);
  const std::string_view list = "host;x-amz-date;x-amz-target";
  authorization.replace(authorization.find(list), list.size(), "X-Amz-Target;HOST;x-amz-date");
  headers.back() = {"AUTHORIZATION", authorization};
  std::reverse(headers.begin(), headers.end());
  headers.back().name = "hOsT";
  EXPECT_EQ(describe(verified(headers)), "accepted");
}

TEST_F(SigV4Verifier, IgnoresSlashesBehindTheCredential) {
  auto headers = signed_headers();
  std::string authorization(headers.back().value);
  authorization.replace(authorization.find("aws4_request,"), 13, "aws4_request//,");
  headers.back().value = authorization;
  EXPECT_EQ(describe(verified(headers)), "accepted");
}

TEST_F(SigV4Verifier, AcceptsTheDateHeaderWhenItIsTheOnlyDate) {
  // Signed over a Date header instead of X-Amz-Date: the string to sign carries the same moment.
  const std::string_view date = "Sun, 09 Jun 2013 10:00:15 GMT";
  const auto unsigned_reply = reply({{"Date", date},
                                     {"Authorization", "AWS4-HMAC-SHA256 Credential=" + std::string(kGoodCredential) +
                                                           ", SignedHeaders=host, Signature=00"}});
  EXPECT_NE(unsigned_reply.find("'AWS4-HMAC-SHA256\n20130609T100015Z\n20130609/us-east-1/dynamodb/aws4_request\n"),
            std::string::npos)
      << unsigned_reply;
}

TEST_F(SigV4Verifier, RefusesBothFormsAtOnce) {
  EXPECT_EQ(
      reply({{"Authorization", "AWS4-HMAC-SHA256"}}, "/?X-Amz-Algorithm=AWS4-HMAC-SHA256"),
      "InvalidSignature: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
}

TEST_F(SigV4Verifier, RefusesMissingAuthorization) {
  const std::string missing = "MissingAuthenticationToken: Request is missing Authentication Token";
  EXPECT_EQ(reply({}), missing);
  EXPECT_EQ(reply({{"Authorization", ""}}), missing);
  EXPECT_EQ(reply({{"Authorization", "Basic abc"}}), missing);
  EXPECT_EQ(reply({}, "/?X-Amz-Credential=a"), missing);
}

TEST_F(SigV4Verifier, ListsTheMissingPartsOfTheHeader) {
  EXPECT_EQ(reply({{"Authorization", "AWS4-"}}),
            "IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires "
            "'Signature' "
            "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires "
            "existence of either a "
            "'X-Amz-Date' or a 'Date' header. Authorization=AWS4-");
  EXPECT_EQ(reply({{"Authorization", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b"}, {"Date", "x"}}),
            "IncompleteSignature: Authorization header requires 'Signature' parameter. "
            "Authorization=AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b");
}

TEST_F(SigV4Verifier, QuotesNothingButAscii) {
  EXPECT_EQ(reply({{"Authorization", "AWS4-\xff Credential=\xc3\xa9, SignedHeaders=b, Signature=c"}}),
            "IncompleteSignature: Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            "Authorization=AWS4-? Credential=??, SignedHeaders=b, Signature=c");
}

TEST_F(SigV4Verifier, ListsTheMissingPartsOfTheQuery) {
  EXPECT_EQ(reply({}, "/?X-Amz-Algorithm"),
            "IncompleteSignature: AWS query-string parameters must include 'X-Amz-Algorithm'. "
            "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include "
            "'X-Amz-Signature'. "
            "AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include "
            "'X-Amz-Date'. "
            "Re-examine the query-string parameters.");
}

TEST_F(SigV4Verifier, RefusesDatesOfAnotherForm) {
  for (const char* date :
       {"201", "20130609", "2013-06-09T10:00:15Z", "20131309T100015Z", "20130632T100015Z", "20130609T250015Z"}) {
    EXPECT_EQ(reply_to(kGoodCredential, "host", "AWS4-HMAC-SHA256", date),
              std::string("IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '") + date +
                  "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
}

TEST_F(SigV4Verifier, RefusesWhatIsTooOld) {
  EXPECT_EQ(reply_to(kGoodCredential, "host", "AWS4-HMAC-SHA256", "20130301T000000Z"),
            "InvalidSignature: Signature expired: 20130301T000000Z is now earlier than 20130609T094515Z "
            "(20130609T100015Z - 15 min.)");
}

TEST_F(SigV4Verifier, RefusesWhatIsNotYet) {
  EXPECT_EQ(reply_to(kGoodCredential, "host", "AWS4-HMAC-SHA256", "20130609T101516Z"),
            "InvalidSignature: Signature not yet current: 20130609T101516Z is still later than 20130609T101515Z "
            "(20130609T100015Z + 15 min.)");
}

TEST_F(SigV4Verifier, AcceptsAQuarterOfAnHourOfSkewEitherWay) {
  const AccessKey key{"AKIDEXAMPLE", Secret("secret")};
  EXPECT_EQ(describe(verified(signed_headers(key, now_s() - 900))), "accepted");
  EXPECT_EQ(describe(verified(signed_headers(key, now_s() + 900))), "accepted");
  EXPECT_NE(describe(verified(signed_headers(key, now_s() - 901))), "accepted");
  EXPECT_NE(describe(verified(signed_headers(key, now_s() + 901))), "accepted");
}

TEST_F(SigV4Verifier, WantsTheHostSigned) {
  const std::string unsigned_host = "InvalidSignature: 'Host' must be a 'SignedHeader' in the AWS Authorization.";
  EXPECT_EQ(reply_to(kGoodCredential, "x-amz-date"), unsigned_host);
  EXPECT_EQ(reply_to(kGoodCredential, ""), unsigned_host);
  EXPECT_EQ(reply_to(kGoodCredential, "hosts;ahost"), unsigned_host);
}

TEST_F(SigV4Verifier, RefusesOtherAlgorithms) {
  EXPECT_EQ(reply_to(kGoodCredential, "host", "AWS4-HMAC-SHA25"),
            "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ");
}

TEST_F(SigV4Verifier, WantsFiveElementsInTheCredential) {
  const std::string start =
      "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. "
      "keyid/date/region/service/term, got '";
  EXPECT_EQ(reply_to("a/b/c/d"), start + "a/b/c/d'");
  EXPECT_EQ(reply_to("a/b/c/d/e/f"), start + "a/b/c/d/e/f'");
  EXPECT_EQ(reply_to("a"), start + "a'");
}

TEST_F(SigV4Verifier, ListsAllFaultsOfTheScope) {
  EXPECT_EQ(reply_to("a/b/!/d/e"),
            "InvalidSignature: Credential should be scoped to a valid region, not '!'. "
            "Credential should be scoped to correct service: 'dynamodb'. "
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            "'b' != '20130609', from '20130609T100015Z'.");
}

TEST_F(SigV4Verifier, WantsTheServiceItIsAskedFor) {
  const AccessKey key{"AKIDEXAMPLE", Secret("secret")};
  EXPECT_EQ(describe(verified(signed_headers(key, now_s(), {"us-east-1", "sts"}), "/", "sts")), "accepted");
  EXPECT_EQ(describe(verified(signed_headers(key, now_s(), {"us-east-1", "sts"}), "/", "iam")),
            "InvalidSignature: Credential should be scoped to correct service: 'iam'. ");
}

TEST_F(SigV4Verifier, AcceptsAnyRegionThatIsAName) {
  const AccessKey key{"AKIDEXAMPLE", Secret("secret")};
  for (const std::string_view region : {"eu-central-1", "local", "localhost", "My_Region.2"}) {
    EXPECT_EQ(describe(verified(signed_headers(key, now_s(), {region, "dynamodb"}))), "accepted") << region;
  }
}

TEST_F(SigV4Verifier, RefusesUnknownAndInactiveKeys) {
  const std::string unknown = "UnrecognizedClient: The security token included in the request is invalid.";
  EXPECT_EQ(describe(verified(signed_headers({"AKIDNOBODY", Secret("secret")}, now_s()))), unknown);
  EXPECT_EQ(describe(verified(signed_headers({"AKIDINACTIVE", Secret("secret")}, now_s()))), unknown);
}

TEST_F(SigV4Verifier, ShowsWhatItWouldHaveSigned) {
  auto headers = signed_headers({"AKIDEXAMPLE", Secret("another secret")}, now_s());
  EXPECT_EQ(describe(verified(headers, "/", "dynamodb", "POST", "")),
            "InvalidSignature: The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.\n\n"
            "The Canonical String for this request should have been\n"
            "'POST\n/\n\nhost:localhost:8000\nx-amz-date:20130609T100015Z\nx-amz-target:DynamoDB_20120810.PutItem\n\n"
            "host;x-amz-date;x-amz-target\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n\n"
            "The String-to-Sign should have been\n"
            "'AWS4-HMAC-SHA256\n20130609T100015Z\n20130609/us-east-1/dynamodb/aws4_request\n"
            "8fbf765e7eeffbc1c488007c0db0cc2cf09a182a20f5f2ffbcc8688311de9caa'\n");
}

TEST_F(SigV4Verifier, AcceptsASessionWithItsToken) {
  EXPECT_EQ(describe(verified(signed_headers({"ASIASESSION", Secret("secret"), "token"}, now_s()))), "accepted");
}

TEST_F(SigV4Verifier, RefusesASessionWithAnotherTokenOrNone) {
  const std::string invalid = "UnrecognizedClient: The security token included in the request is invalid.";
  EXPECT_EQ(describe(verified(signed_headers({"ASIASESSION", Secret("secret"), "other"}, now_s()))), invalid);
  EXPECT_EQ(describe(verified(signed_headers({"ASIASESSION", Secret("secret")}, now_s()))), invalid);
}

TEST_F(SigV4Verifier, RefusesATokenWithALastingKey) {
  EXPECT_EQ(describe(verified(signed_headers({"AKIDEXAMPLE", Secret("secret"), "token"}, now_s()))),
            "UnrecognizedClient: The security token included in the request is invalid");
}

TEST_F(SigV4Verifier, RefusesExpiredSessionsAfterCheckingTheirSignature) {
  ring_.add({.access_key_id = "ASIAOLD",
             .secret = Secret("secret"),
             .kind = PrincipalKind::kSession,
             .expires_at_s = now_s()},
            "token");
  EXPECT_EQ(describe(verified(signed_headers({"ASIAOLD", Secret("secret"), "token"}, now_s()))),
            "ExpiredToken: The security token included in the request is expired");
  const auto wrong = verified(signed_headers({"ASIAOLD", Secret("guess"), "token"}, now_s()));
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidSignature);
}

TEST_F(SigV4Verifier, AcceptsPresignedQueriesUntilTheyExpire) {
  const std::vector<Header> headers = {{"Host", "localhost:8000"}};
  const AccessKey key{"AKIDEXAMPLE", Secret("secret")};
  const auto presigned = [&](std::int64_t at_s, std::int64_t lifetime_s) {
    return presign({"GET", "/?Action=x y", headers, ""}, key, {"us-east-1", "sts"}, at_s, lifetime_s);
  };
  const auto reply = [&](const std::string& target) { return describe(verified(headers, target, "sts", "GET", "")); };
  EXPECT_EQ(reply(presigned(now_s(), 60)), "accepted");
  EXPECT_EQ(reply(presigned(now_s() - 3600, 3600)), "accepted");
  EXPECT_EQ(reply(presigned(now_s() - 3601, 3600)),
            "InvalidSignature: Signature expired: 20130609T090014Z is now earlier than 20130609T090015Z "
            "(20130609T100015Z - 60 min.)");
  EXPECT_EQ(reply(presigned(now_s() + 901, 3600)).substr(0, 40), "InvalidSignature: Signature not yet curr");
  for (const std::int64_t lifetime_s : {0, -5, 604801}) {
    EXPECT_EQ(reply(presigned(now_s(), lifetime_s)),
              "IncompleteSignature: 'X-Amz-Expires' must be a number of seconds between 1 and 604800. "
              "Re-examine the query-string parameters.");
  }
}

TEST_F(SigV4Verifier, ForgetsTheOldSecretOfAKeyId) {
  EXPECT_EQ(describe(verified(signed_headers())), "accepted");
  ring_.add({.access_key_id = "AKIDEXAMPLE", .secret = Secret("new secret")});
  EXPECT_EQ(verified(signed_headers()).error().code, ErrorCode::kInvalidSignature);
  EXPECT_EQ(describe(verified(signed_headers({"AKIDEXAMPLE", Secret("new secret")}, now_s()))), "accepted");
}

TEST_F(SigV4Verifier, NoticesOneFlippedBitAnywhere) {
  const auto headers = signed_headers();
  const auto expect_refused = [&](std::span<const Header> tampered, std::string_view target, std::string_view method,
                                  BytesView body) {
    EXPECT_FALSE(verified(tampered, target, "dynamodb", method, body));
  };
  for (std::size_t bit = 0; bit < kBody.size() * 8; ++bit) {
    std::string body(kBody);
    body[bit / 8] = static_cast<char>(body[bit / 8] ^ 1 << bit % 8);
    expect_refused(headers, "/", "POST", body);
  }
  for (std::size_t header = 0; header < headers.size(); ++header) {
    for (std::size_t bit = 0; bit < headers[header].value.size() * 8; ++bit) {
      std::string value(headers[header].value);
      value[bit / 8] = static_cast<char>(value[bit / 8] ^ 1 << bit % 8);
      // The separators between the parts are free to change: a comma, a blank or both.
      auto tampered = headers;
      tampered[header].value = value;
      const auto result = verified(tampered);
      if (headers[header].name == "Authorization" && result) {
        const char was = headers[header].value[bit / 8], is = value[bit / 8];
        const bool case_of_a_header_name = (was ^ is) == 0x20 && value.find("SignedHeaders=") < bit / 8;
        EXPECT_TRUE(was == ',' || was == ' ' || case_of_a_header_name) << was << " became " << is;
      } else {
        EXPECT_FALSE(result) << headers[header].name << ": " << value;
      }
    }
  }
  expect_refused(headers, "/x", "POST", kBody);
  expect_refused(headers, "/?a", "POST", kBody);
  expect_refused(headers, "/", "PUT", kBody);
}

TEST(PermissiveAuthenticator, TakesAnyoneForRoot) {
  const PermissiveAuthenticator anyone("us-east-1", "000000000000");
  Arena arena;
  const auto result = anyone.authenticate({"POST", "/", {}, ""}, "dynamodb", &arena);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->region, "us-east-1");
  EXPECT_EQ(result->identity->principal_arn, "arn:aws:iam::000000000000:root");
  EXPECT_EQ(result->identity->kind, PrincipalKind::kRoot);
}

TEST(PermissiveAuthenticator, TakesTheRegionOfAScopeItCanRead) {
  const PermissiveAuthenticator anyone("us-east-1", "000000000000");
  Arena arena;
  const auto region_of = [&](std::string_view authorization, std::string_view target = "/") {
    const Header headers[] = {{"Authorization", authorization}, {"X-Amz-Date", "any"}};
    return std::string(anyone.authenticate({"POST", target, headers, ""}, "dynamodb", &arena)->region);
  };
  EXPECT_EQ(region_of("AWS4-HMAC-SHA256 Credential=not a key/20130609/eu-west-1/dynamodb/aws4_request, "
                      "SignedHeaders=h, Signature=s"),
            "us-east-1");
  EXPECT_EQ(region_of("AWS4-HMAC-SHA256 Credential=fake-key/20130609/eu-west-1/dynamodb/aws4_request, SignedHeaders=h, "
                      "Signature=s"),
            "eu-west-1");
  EXPECT_EQ(region_of("AWS4-HMAC-SHA256 Credential=fake/20130609//dynamodb/aws4_request, SignedHeaders=h, Signature=s"),
            "us-east-1");
  EXPECT_EQ(region_of("Bearer x"), "us-east-1");
}

TEST(RootCredentials, KnowOneKey) {
  const RootCredentialStore store({"AKIDROOT", Secret("s")}, "123456789012");
  ASSERT_NE(store.find("AKIDROOT", ""), nullptr);
  EXPECT_EQ(store.find("AKIDROOT", "")->account_id, "123456789012");
  EXPECT_EQ(store.find("AKIDROOT2", ""), nullptr);
  EXPECT_EQ(store.find("", ""), nullptr);
}

}  // namespace
}  // namespace armature::auth::sigv4
