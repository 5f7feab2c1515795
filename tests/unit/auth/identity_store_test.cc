#include "auth/identity/identity_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/identity/credential_store.h"
#include "base/thread_executor.h"
#include "storage/memory/memory_storage.h"

namespace armature::auth {
namespace {

using testing::HasSubstr;

User user_named(std::string name) {
  User user;
  user.name = std::move(name);
  user.id = new_entity_id("AIDA");
  user.created_at_s = 1'795'000'000;
  return user;
}

User with_key(User user, std::string key_id, std::string secret, bool active = true) {
  user.access_keys.push_back({std::move(key_id), Secret(std::move(secret)), active, 1'795'000'000});
  return user;
}

class IdentityStoreTest : public testing::Test {
 protected:
  IdentityStore open(KeyRing keys) { return {storage_.get(), &clock_, std::move(keys), "123456789012"}; }

  static Result<void> put(IdentityStore* store, const User& user) {
    const auto decide = [&](IdentityChange& change) -> Result<void> {
      change.put(user);
      return {};
    };
    return sync_wait(store->change(decide));
  }

  ManualClock clock_{1'795'000'000'000};
  const std::unique_ptr<storage::Storage> storage_ = storage::make_memory_storage();
  const KeyRing keys_ = KeyRing::generate();
};

TEST_F(IdentityStoreTest, EverythingOfAUserSurvivesAReload) {
  IdentityStore first = open(keys_);
  ASSERT_TRUE(sync_wait(first.load()));
  User ann = with_key(user_named("Ann"), "AKIAEXAMPLE", "a secret");
  ann.path = "/team/";
  ann.tags = {{"Team", "core"}, {"empty", ""}};
  ann.boundary_arn = "arn:aws:iam::aws:policy/PowerUserAccess";
  ann.permissions.attached_arns = {"arn:aws:iam::aws:policy/IAMFullAccess"};
  ann.login = LoginProfile{"a hash", true, 5};
  ASSERT_TRUE(put(&first, ann));

  IdentityStore second = open(keys_);
  ASSERT_TRUE(sync_wait(second.load()));
  const UserRef read = second.identities()->user("aNN");
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->name, "Ann");
  EXPECT_EQ(read->path, "/team/");
  EXPECT_EQ(read->id, ann.id);
  ASSERT_EQ(read->tags.size(), 2U);
  EXPECT_EQ(read->tags[0].value, "core");
  EXPECT_EQ(read->tags[1].value, "");
  EXPECT_EQ(read->boundary_arn, ann.boundary_arn);
  EXPECT_EQ(read->permissions.attached_arns, ann.permissions.attached_arns);
  ASSERT_EQ(read->access_keys.size(), 1U);
  EXPECT_EQ(read->access_keys[0].secret.reveal(), "a secret");
  EXPECT_TRUE(read->access_keys[0].active);
  ASSERT_TRUE(read->login);
  EXPECT_EQ(read->login->password_hash, "a hash");
  EXPECT_TRUE(read->login->reset_required);
}

TEST_F(IdentityStoreTest, ARenamedUserIsFoundUnderItsNewNameAlone) {
  IdentityStore store = open(keys_);
  ASSERT_TRUE(sync_wait(store.load()));
  User ann = with_key(user_named("ann"), "AKIAEXAMPLE", "a secret");
  ASSERT_TRUE(put(&store, ann));
  ann.name = "bea";
  ASSERT_TRUE(put(&store, ann));
  for (const bool reloaded : {false, true}) {
    if (reloaded) ASSERT_TRUE(sync_wait(store.load()));
    EXPECT_EQ(store.identities()->user("ann"), nullptr);
    EXPECT_NE(store.identities()->user("bea"), nullptr);
    EXPECT_EQ(store.identities()->user_of_key("AKIAEXAMPLE")->name, "bea");
    EXPECT_EQ(store.identities()->users().size(), 1U);
  }
}

TEST_F(IdentityStoreTest, AChangeThatSaysNoChangesNothing) {
  IdentityStore store = open(keys_);
  ASSERT_TRUE(sync_wait(store.load()));
  const std::uint64_t before = store.state_number();
  const auto decide = [](IdentityChange& change) -> Result<void> {
    change.put(user_named("ann"));
    return fail(ErrorCode::kNoSuchEntity, "no");
  };
  EXPECT_FALSE(sync_wait(store.change(decide)));
  EXPECT_EQ(store.state_number(), before);
  EXPECT_TRUE(store.identities()->users().empty());
}

TEST_F(IdentityStoreTest, ServersOfOneStorageSeeEachOthersChangesBeforeTheyDecide) {
  IdentityStore first = open(keys_);
  IdentityStore second = open(keys_);
  ASSERT_TRUE(sync_wait(first.load()));
  ASSERT_TRUE(sync_wait(second.load()));
  ASSERT_TRUE(put(&first, user_named("ann")));
  // The second server does not know of ann yet, and finds out when its commit is refused.
  int runs = 0;
  const auto decide = [&](IdentityChange& change) -> Result<void> {
    ++runs;
    if (change.now().user("ann") != nullptr) return fail(ErrorCode::kEntityAlreadyExists, "there already");
    change.put(user_named("ann"));
    return {};
  };
  const auto result = sync_wait(second.change(decide));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kEntityAlreadyExists);
  EXPECT_EQ(runs, 2);
  EXPECT_NE(second.identities()->user("ann"), nullptr);
}

TEST_F(IdentityStoreTest, RefreshTakesUpWhatAnotherServerDid) {
  IdentityStore first = open(keys_);
  IdentityStore second = open(keys_);
  ASSERT_TRUE(sync_wait(first.load()));
  ASSERT_TRUE(sync_wait(second.load()));
  ASSERT_TRUE(put(&first, user_named("ann")));
  EXPECT_EQ(second.identities()->user("ann"), nullptr);
  ASSERT_TRUE(sync_wait(second.refresh()));
  EXPECT_NE(second.identities()->user("ann"), nullptr);
}

TEST_F(IdentityStoreTest, AnotherKeyFileIsRefused) {
  IdentityStore first = open(keys_);
  EXPECT_FALSE(*sync_wait(IdentityStore::exists(storage_.get())));
  ASSERT_TRUE(sync_wait(first.load()));
  EXPECT_TRUE(*sync_wait(IdentityStore::exists(storage_.get())));
  IdentityStore second = open(KeyRing::generate());
  const auto loaded = sync_wait(second.load());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("--key-file"));
}

TEST_F(IdentityStoreTest, AfterARotationTheOldKeyIsNotNeededAnyMore) {
  IdentityStore first = open(keys_);
  ASSERT_TRUE(sync_wait(first.load()));
  ASSERT_TRUE(put(&first, with_key(user_named("ann"), "AKIAEXAMPLE", "a secret")));

  const KeyRing both = keys_.with_new_key();
  IdentityStore second = open(both);
  ASSERT_TRUE(sync_wait(second.load()));

  // The first line of the file that holds a key: what is left when the old key is taken out.
  std::string text(both.to_text().reveal());
  text.erase(text.rfind('\n', text.size() - 2) + 1);
  IdentityStore third = open(*KeyRing::parse(text));
  const auto loaded = sync_wait(third.load());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(third.identities()->user("ann")->access_keys[0].secret.reveal(), "a secret");
}

TEST_F(IdentityStoreTest, TheSecretOfOneKeyDoesNotOpenInAnothersPlace) {
  const User ann = with_key(user_named("ann"), "AKIAEXAMPLE", "a secret");
  Bytes row = encode_user(ann, keys_);
  ASSERT_TRUE(decode_user(row, keys_, nullptr));
  // The same sealed bytes under another key id of the same length.
  const std::size_t at = row.find("AKIAEXAMPLE");
  row.replace(at, 11, "AKIAEXAMPLF");
  EXPECT_FALSE(decode_user(row, keys_, nullptr));
}

TEST_F(IdentityStoreTest, UseOfKeysIsKeptAcrossAReload) {
  IdentityStore first = open(keys_);
  ASSERT_TRUE(sync_wait(first.load()));
  ASSERT_TRUE(put(&first, with_key(user_named("ann"), "AKIAEXAMPLE", "a secret")));
  EXPECT_EQ(first.usage_of("AKIAEXAMPLE").at_s, 0);
  first.note_use("AKIAEXAMPLE", "eu-west-1", "dynamodb");
  EXPECT_EQ(first.usage_of("AKIAEXAMPLE").at_s, 1'795'000'000);
  ASSERT_TRUE(sync_wait(first.flush_usage()));
  IdentityStore second = open(keys_);
  ASSERT_TRUE(sync_wait(second.load()));
  EXPECT_EQ(second.usage_of("AKIAEXAMPLE").region, "eu-west-1");
  EXPECT_EQ(second.usage_of("AKIAEXAMPLE").service, "dynamodb");
}

TEST_F(IdentityStoreTest, KeysOfUsersAndRootAreFound) {
  IdentityStore store = open(keys_);
  ASSERT_TRUE(sync_wait(store.load()));
  const IdentityCredentialStore credentials({"AKIAROOT", Secret("root's")}, store);
  ASSERT_TRUE(put(&store, with_key(user_named("ann"), "AKIAEXAMPLE", "a secret")));

  const auto root = credentials.find("AKIAROOT", "");
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root->kind, PrincipalKind::kRoot);
  const auto ann = credentials.find("AKIAEXAMPLE", "");
  ASSERT_NE(ann, nullptr);
  EXPECT_EQ(ann->principal_arn, "arn:aws:iam::123456789012:user/ann");
  EXPECT_EQ(ann->secret.reveal(), "a secret");
  EXPECT_EQ(credentials.find("AKIAOTHER", ""), nullptr);
}

TEST_F(IdentityStoreTest, ADeactivatedOrDeletedKeyIsKnownAsSuchAtOnce) {
  IdentityStore store = open(keys_);
  ASSERT_TRUE(sync_wait(store.load()));
  const IdentityCredentialStore credentials({"AKIAROOT", Secret("root's")}, store);
  User ann = with_key(user_named("ann"), "AKIAEXAMPLE", "a secret");
  ASSERT_TRUE(put(&store, ann));
  EXPECT_TRUE(credentials.find("AKIAEXAMPLE", "")->active);
  ann.access_keys[0].active = false;
  ASSERT_TRUE(put(&store, ann));
  EXPECT_FALSE(credentials.find("AKIAEXAMPLE", "")->active);
  ann.access_keys.clear();
  ASSERT_TRUE(put(&store, ann));
  EXPECT_EQ(credentials.find("AKIAEXAMPLE", ""), nullptr);
}

}  // namespace
}  // namespace armature::auth
