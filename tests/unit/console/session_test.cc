#include "console/session.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace armature::console {
namespace {

const auth::KeyRing kKeys = auth::KeyRing::generate();

TEST(SessionSeal, OpensWhatItSealed) {
  const SessionSeal seal(&kKeys);
  Session session = begin_session("AKIDEXAMPLE", "a/token+", 1'000);
  session.used_at_s = 1'100;
  const auto opened = seal.open(seal.seal(session));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->id, session.id);
  EXPECT_EQ(opened->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(opened->session_token, "a/token+");
  EXPECT_EQ(opened->csrf_token, session.csrf_token);
  EXPECT_EQ(opened->begun_at_s, 1'000);
  EXPECT_EQ(opened->used_at_s, 1'100);
}

TEST(SessionSeal, TheCookieShowsNothing) {
  const std::string cookie = SessionSeal(&kKeys).seal(begin_session("AKIDEXAMPLE", "", 0));
  EXPECT_EQ(cookie.find("AKID"), std::string::npos);
}

TEST(SessionSeal, RefusesWhatAnotherKeySealed) {
  const auth::KeyRing others = auth::KeyRing::generate();
  const std::string cookie = SessionSeal(&others).seal(begin_session("AKIDEXAMPLE", "", 0));
  EXPECT_FALSE(SessionSeal(&kKeys).open(cookie));
}

TEST(SessionSeal, RefusesEveryChangedCharacter) {
  const SessionSeal seal(&kKeys);
  const std::string cookie = seal.seal(begin_session("AKIDEXAMPLE", "", 0));
  for (std::size_t i = 0; i < cookie.size(); ++i) {
    std::string changed = cookie;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.open(changed)) << i;
  }
  EXPECT_FALSE(seal.open(""));
  EXPECT_FALSE(seal.open(cookie.substr(4)));
}

TEST(Session, EndsWhenIdleOrOld) {
  const SessionLimits limits{.longest_s = 1'000, .idle_s = 300, .use_resolution_s = 60};
  Session session = begin_session("", "", 10'000);
  EXPECT_EQ(expires_at_s(session, limits), 10'300);
  session.used_at_s = 10'900;
  EXPECT_EQ(expires_at_s(session, limits), 11'000);
}

TEST(Session, TokensDiffer) { EXPECT_NE(begin_session("", "", 0).csrf_token, begin_session("", "", 0).csrf_token); }

TEST(Cookies, AreFoundByTheirWholeName) {
  EXPECT_EQ(find_cookie("a=1; armature_session=xyz=; b=2", kSessionCookie), "xyz=");
  EXPECT_EQ(find_cookie("not_armature_session=1", kSessionCookie), std::nullopt);
  EXPECT_EQ(find_cookie("armature_session2=1", kSessionCookie), std::nullopt);
  EXPECT_EQ(find_cookie("", kSessionCookie), std::nullopt);
}

TEST(Cookies, AreForHttpsAloneWhereThereIsHttps) {
  EXPECT_NE(set_cookie_header("v", 60, true).find("; Secure"), std::string::npos);
  const std::string plain = set_cookie_header("v", 60, false);
  EXPECT_EQ(plain.find("Secure"), std::string::npos);
  EXPECT_NE(plain.find("HttpOnly"), std::string::npos);
  EXPECT_NE(plain.find("SameSite=Strict"), std::string::npos);
}

}  // namespace
}  // namespace armature::console
