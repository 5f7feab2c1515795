#include "auth/sts/session_token.h"

#include <gtest/gtest.h>

#include "auth/identity/credential_store.h"
#include "auth/identity/identity_store.h"
#include "base/thread_executor.h"
#include "storage/memory/memory_storage.h"

namespace armature::auth {
namespace {

sts::Session example() {
  sts::Session session;
  session.kind = sts::SessionKind::kAssumedRole;
  session.access_key_id = "ASIAEXAMPLE";
  session.secret = Secret("a temporary secret");
  session.owner_id = "AROAEXAMPLE";
  session.name = "me";
  session.issued_at_s = 1'795'000'000;
  session.expires_at_s = 1'795'003'600;
  session.policy = R"({"Version":"2012-10-17","Statement":[]})";
  session.policy_arns = {"arn:aws:iam::aws:policy/IAMReadOnlyAccess"};
  session.tags = {{"Team", "core"}, {"empty", ""}};
  session.transitive_tag_keys = {"Team"};
  session.source_identity = "ann";
  return session;
}

std::string seal(const sts::Session& session, const KeyRing& keys) {
  std::size_t packed_bytes = 0;
  return *sts::seal_session(session, keys, &packed_bytes);
}

TEST(SessionToken, CarriesTheWholeSession) {
  const KeyRing keys = KeyRing::generate();
  const sts::Session session = example();
  const auto opened = sts::open_session(seal(session, keys), "ASIAEXAMPLE", keys);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->kind, session.kind);
  EXPECT_EQ(opened->secret.reveal(), "a temporary secret");
  EXPECT_EQ(opened->owner_id, session.owner_id);
  EXPECT_EQ(opened->name, session.name);
  EXPECT_EQ(opened->issued_at_s, session.issued_at_s);
  EXPECT_EQ(opened->expires_at_s, session.expires_at_s);
  EXPECT_EQ(opened->policy, session.policy);
  EXPECT_EQ(opened->policy_arns, session.policy_arns);
  ASSERT_EQ(opened->tags.size(), 2U);
  EXPECT_EQ(opened->tags[0].value, "core");
  EXPECT_EQ(opened->tags[1].key, "empty");
  EXPECT_EQ(opened->transitive_tag_keys, session.transitive_tag_keys);
  EXPECT_EQ(opened->source_identity, "ann");
}

TEST(SessionToken, OpensBesideItsOwnKeyAndOnItsOwnServersAlone) {
  const KeyRing keys = KeyRing::generate();
  const std::string token = seal(example(), keys);
  EXPECT_FALSE(sts::open_session(token, "ASIAOTHERKEY", keys));
  EXPECT_FALSE(sts::open_session(token, "ASIAEXAMPLE", KeyRing::generate()));
  EXPECT_FALSE(sts::open_session(token + "AAAA", "ASIAEXAMPLE", keys));
  EXPECT_FALSE(sts::open_session("", "ASIAEXAMPLE", keys));
  EXPECT_TRUE(sts::open_session(token, "ASIAEXAMPLE", keys.with_new_key()));
}

TEST(SessionToken, RepeatingPoliciesPackAndRandomOnesAreTooLarge) {
  const KeyRing keys = KeyRing::generate();
  sts::Session session = example();
  std::size_t packed_bytes = 0;
  session.policy = std::string(20'000, 'x');
  EXPECT_TRUE(sts::seal_session(session, keys, &packed_bytes));
  EXPECT_LT(packed_bytes, sts::kMostPackedBytes);
  session.tags.clear();
  for (int i = 0; i < 50; ++i) session.tags.push_back({new_entity_id("k"), new_entity_id("v")});
  session.policy.clear();
  for (int i = 0; i < 200; ++i) session.policy += new_secret_access_key().reveal();
  const auto sealed = sts::seal_session(session, keys, &packed_bytes);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, ErrorCode::kPackedPolicyTooLarge);
}

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { EXPECT_TRUE(sync_wait(store_.load())); }

  void put(const User& user) {
    const auto decide = [&](IdentityChange& change) -> Result<void> {
      change.put(user);
      return {};
    };
    ASSERT_TRUE(sync_wait(store_.change(decide)));
  }
  void put(const Role& role) {
    const auto decide = [&](IdentityChange& change) -> Result<void> {
      change.put(role);
      return {};
    };
    ASSERT_TRUE(sync_wait(store_.change(decide)));
  }

  ManualClock clock_{1'795'000'000'000};
  const std::unique_ptr<storage::Storage> storage_ = storage::make_memory_storage();
  IdentityStore store_{storage_.get(), &clock_, KeyRing::generate(), "123456789012"};
  const IdentityCredentialStore credentials_{{"AKIAROOT", Secret("root's")}, store_};
};

TEST_F(SessionsTest, ARoleSessionIsThatOfItsRoleUntilTheRoleGoes) {
  Role role;
  role.name = "reader";
  role.path = "/team/";
  role.id = "AROAEXAMPLE";
  role.tags = {{"team", "old"}, {"kept", "1"}};
  put(role);
  const std::string token = seal(example(), store_.keys());
  const auto identity = credentials_.find("ASIAEXAMPLE", token);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->kind, PrincipalKind::kSession);
  EXPECT_EQ(identity->principal_arn, "arn:aws:sts::123456789012:assumed-role/reader/me");
  EXPECT_EQ(identity->role_arn, "arn:aws:iam::123456789012:role/team/reader");
  EXPECT_EQ(identity->user_id, "AROAEXAMPLE:me");
  EXPECT_EQ(identity->tags.size(), 3U);  // "Team" of the session in place of "team" of the role.
  EXPECT_EQ(credentials_.find("ASIAEXAMPLE", ""), nullptr);
  EXPECT_EQ(credentials_.find("ASIAEXAMPLE", token.substr(4)), nullptr);

  const auto remove = [&](IdentityChange& change) -> Result<void> {
    change.remove(role);
    return {};
  };
  ASSERT_TRUE(sync_wait(store_.change(remove)));
  EXPECT_EQ(credentials_.find("ASIAEXAMPLE", token), nullptr);
}

TEST_F(SessionsTest, AUsersSessionEndsWithTheKeyItWasMadeWith) {
  User ann;
  ann.name = "ann";
  ann.id = "AIDAEXAMPLE";
  ann.access_keys.push_back({"AKIAEXAMPLE", Secret("x"), true, 0});
  put(ann);
  sts::Session session = example();
  session.kind = sts::SessionKind::kUser;
  session.owner_id = ann.id;
  session.issuer_key_id = "AKIAEXAMPLE";
  const std::string token = seal(session, store_.keys());
  const auto identity = credentials_.find("ASIAEXAMPLE", token);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->principal_arn, "arn:aws:iam::123456789012:user/ann");
  EXPECT_EQ(identity->user_name, "ann");

  ann.access_keys[0].active = false;
  put(ann);
  EXPECT_EQ(credentials_.find("ASIAEXAMPLE", token), nullptr);
  ann.access_keys[0].active = true;
  put(ann);
  EXPECT_NE(credentials_.find("ASIAEXAMPLE", token), nullptr);
  ann.access_keys.clear();
  put(ann);
  EXPECT_EQ(credentials_.find("ASIAEXAMPLE", token), nullptr);
}

}  // namespace
}  // namespace armature::auth
