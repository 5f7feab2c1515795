#include <gtest/gtest.h>

#include <string>

#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/digest.h"
#include "auth/sigv4/signing_key.h"
#include "auth/sigv4/timestamp.h"

namespace armature::auth::sigv4 {
namespace {

std::string hex(const Digest& digest) {
  Bytes text;
  append_hex(digest, &text);
  return text;
}

TEST(SigV4Digest, HashesTheEmptyText) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// Source: RFC 4231, test cases 1, 2 and 6.
TEST(SigV4Digest, AgreesWithThePublishedHmacs) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(SigV4Digest, AKeyMadeReadySignsManyTexts) {
  const HmacKey key("Jefe");
  const HmacKey copy = key;
  for (const std::size_t size : {0, 1, 55, 56, 64, 100, 1000}) {
    const std::string text(size, 'x');
    EXPECT_EQ(key.hmac(text), hmac_sha256("Jefe", text));
    EXPECT_EQ(copy.hmac(text), key.hmac(text));
  }
}

// Source: IAM User Guide, "Create a signed AWS API request": the published example.
TEST(SigV4SigningKey, IsThePublishedOne) {
  const Secret secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  const Scope scope{"20150830", "us-east-1", "iam"};
  const std::string published = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
  EXPECT_EQ(hex(derive_signing_key(secret, scope)), published);
  const Digest signature = hmac_sha256(view_of(derive_signing_key(secret, scope)), "text");
  EXPECT_EQ(cached_signing_key(secret, scope).hmac("text"), signature);
  EXPECT_EQ(cached_signing_key(secret, scope).hmac("text"), signature);
}

TEST(SigV4SigningKey, IsNeverAnothersThoughManyShareTheCache) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2000; ++i) {
      const Secret secret("secret" + std::to_string(i % 40));
      const std::string region = "region" + std::to_string(i / 40);
      const Scope scope{"20150830", region, "dynamodb"};
      const Digest key = derive_signing_key(secret, scope);
      ASSERT_EQ(cached_signing_key(secret, scope).hmac("text"), hmac_sha256(view_of(key), "text"));
    }
  }
}

TEST(SigV4Timestamp, ReadsWhatItWrites) {
  for (const std::int64_t seconds :
       {std::int64_t{0}, std::int64_t{951782400}, std::int64_t{1440938160}, std::int64_t{4102444799}}) {
    EXPECT_EQ(parse_timestamp(format_timestamp(seconds)), seconds);
  }
  EXPECT_EQ(format_timestamp(1440938160), "20150830T123600Z");
}

TEST(SigV4Timestamp, RefusesOtherForms) {
  for (const char* text : {"", "20150830T123600", "20150830t123600Z", "20150230T123600Z", "2015083OT123600Z",
                           "20150830T126000Z", "-0150830T123600Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(SigV4Timestamp, ReadsHttpDates) {
  EXPECT_EQ(parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), 1440938160);
  for (const char* text : {"", "Sun, 30 Aug 2015 12:36:00 CET", "Sun, 30 anA 2015 12:36:00 GMT",
                           "Sun 30 Aug 2015 12:36:00 GMT  ", "Sunday, 30-Aug-15 12:36:00 GM"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(SigV4Query, KeepsBrokenEscapesAsTheyAre) {
  Arena arena;
  const auto query = decode_query("a=%&b=%4&c=%zz&d=%41%", &arena);
  ASSERT_EQ(query.size(), 4u);
  EXPECT_EQ(query[0].value, "%");
  EXPECT_EQ(query[1].value, "%4");
  EXPECT_EQ(query[2].value, "%zz");
  EXPECT_EQ(query[3].value, "A%");
}

TEST(SigV4ConstantTime, ComparesLengthAndContents) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace armature::auth::sigv4
