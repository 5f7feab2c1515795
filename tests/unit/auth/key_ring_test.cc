#include "auth/secrets/key_ring.h"

#include <gtest/gtest.h>

#include "auth/secrets/base64.h"
#include "auth/secrets/password_hash.h"

namespace armature::auth {
namespace {

constexpr SealPurpose kStored = SealPurpose::kStoredSecret;

TEST(KeyRing, OpensWhatItSealed) {
  const KeyRing keys = KeyRing::generate();
  for (const std::string_view plain : {"", "x", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}) {
    EXPECT_EQ(keys.open(kStored, keys.seal(kStored, plain, "context"), "context"), Bytes(plain));
  }
}

TEST(KeyRing, SealsTheSameTwiceInDifferentBytes) {
  const KeyRing keys = KeyRing::generate();
  EXPECT_NE(keys.seal(kStored, "secret", ""), keys.seal(kStored, "secret", ""));
}

TEST(KeyRing, RefusesWhatWasChangedAnywhere) {
  const KeyRing keys = KeyRing::generate();
  const Bytes sealed = keys.seal(kStored, "secret", "context");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(keys.open(kStored, changed, "context"), std::nullopt) << i;
    EXPECT_EQ(keys.open(kStored, sealed.substr(0, i), "context"), std::nullopt) << i;
  }
}

TEST(KeyRing, KeepsOwnersAndPurposesApart) {
  const KeyRing keys = KeyRing::generate();
  const Bytes sealed = keys.seal(kStored, "secret", "ann");
  EXPECT_EQ(keys.open(kStored, sealed, "bob"), std::nullopt);
  EXPECT_EQ(keys.open(SealPurpose::kSessionToken, sealed, "ann"), std::nullopt);
  EXPECT_EQ(KeyRing::generate().open(kStored, sealed, "ann"), std::nullopt);
}

TEST(KeyRing, OpensWithOlderKeysAfterRotation) {
  const KeyRing before = KeyRing::generate();
  const Bytes sealed = before.seal(kStored, "secret", "");
  const KeyRing after = before.with_new_key();
  EXPECT_EQ(after.open(kStored, sealed, ""), Bytes("secret"));
  EXPECT_FALSE(after.is_sealed_by_first_key(sealed));
  EXPECT_TRUE(after.is_sealed_by_first_key(after.seal(kStored, "secret", "")));
  EXPECT_EQ(before.open(kStored, after.seal(kStored, "secret", ""), ""), std::nullopt);
}

TEST(KeyRing, ReadsItsOwnFile) {
  const KeyRing keys = KeyRing::generate().with_new_key();
  const Bytes sealed = keys.seal(kStored, "secret", "");
  const auto read = KeyRing::parse(keys.to_text().reveal());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 2U);
  EXPECT_EQ(read->open(kStored, sealed, ""), Bytes("secret"));
  EXPECT_TRUE(read->is_sealed_by_first_key(sealed));
}

TEST(KeyRing, SaysWhatIsWrongWithAFile) {
  const std::string key(44, 'A');
  const std::pair<std::string, std::string> files[] = {
      {"", "it holds no key"},
      {"# nothing\n", "it holds no key"},
      {"nonsense", "line 1 does not begin with a key id"},
      {"# x\n0a0b0c0d short=", "line 2 does not hold a key of 32 bytes in base64"},
  };
  for (const auto& [text, error] : files) {
    const auto read = KeyRing::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error(), error);
  }
  const std::string line = "0a0b0c0d " + encode_base64(Bytes(32, 'k')) + "\n";
  EXPECT_EQ(KeyRing::parse(line + line).error(), "line 2 repeats the id of another key");
}

TEST(Base64, HasOneFormForEveryText) {
  EXPECT_EQ(decode_base64("YWI="), Bytes("ab"));
  for (const std::string_view wrong : {"YWI", "YWJ=", "Y WI=", "YWI=\n", "====",
                                       "YQ=="
                                       "YQ=="}) {
    EXPECT_EQ(decode_base64(wrong), std::nullopt) << wrong;
  }
}

TEST(PasswordHash, MatchesItsPasswordAlone) {
  const std::string stored = hash_password(Secret("correct horse"));
  EXPECT_TRUE(password_matches(Secret("correct horse"), stored));
  EXPECT_FALSE(password_matches(Secret("correct horsf"), stored));
  EXPECT_FALSE(password_matches(Secret(""), stored));
}

TEST(PasswordHash, MatchesNothingWhereTheStoredFormIsDamaged) {
  for (const std::string_view stored : {"", "scrypt", "scrypt$15$8$1$$", "scrypt$99$8$1$AAAA$AAAA",
                                        "md5$15$8$1$AAAA$AAAA", "scrypt$15$8$1$AAAA$AAAA$AAAA"}) {
    EXPECT_FALSE(password_matches(Secret("x"), stored)) << stored;
  }
}

}  // namespace
}  // namespace armature::auth
