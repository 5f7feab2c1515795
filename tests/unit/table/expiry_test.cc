// Expiry entries, and the deletion of what they name. Source: Developer Guide, "Using time to live (TTL) in DynamoDB".
#include <gtest/gtest.h>

#include "support/item_store.h"
#include "support/tables.h"
#include "support/values.h"
#include "table/expiry_entry.h"

namespace armature {
namespace {

using namespace armature::test;

std::optional<std::int64_t> expiry_of(const Value& value) {
  const Bytes item = encode_item(attributes({{"p", S("a")}, {"expires", value}}));
  return expiry_s(ItemView(item), "expires");
}

TEST(Expiry, IsANumberOfSecondsRoundedUp) {
  EXPECT_EQ(expiry_of(N(1'700'000'000)), 1'700'000'000);
  EXPECT_EQ(expiry_of(N("1.7e9")), 1'700'000'000);
  EXPECT_EQ(expiry_of(N("1700000000.001")), 1'700'000'001);
  EXPECT_EQ(expiry_of(N("0.5")), 1);
}

TEST(Expiry, IsNotInWhatIsNoTime) {
  EXPECT_EQ(expiry_of(S("1700000000")), std::nullopt);
  EXPECT_EQ(expiry_of(N(0)), std::nullopt);
  EXPECT_EQ(expiry_of(N(-5)), std::nullopt);
  EXPECT_EQ(expiry_of(N("-0.5")), std::nullopt);
  EXPECT_EQ(expiry_of(N(1'700'000'000'000)), std::nullopt) << "milliseconds";
  EXPECT_EQ(expiry_of(N("1e125")), std::nullopt);
  const Bytes item = encode_item(attributes({{"p", S("a")}}));
  EXPECT_EQ(expiry_s(ItemView(item), "expires"), std::nullopt);
}

TEST(ExpiryEntry, KeysAreInTheOrderOfTime) {
  EXPECT_LT(expiry_entry_key(5, "zz"), expiry_entry_key(6, "aa"));
  EXPECT_LT(expiry_position(6), expiry_entry_key(6, "a"));
  EXPECT_GT(expiry_position(6), expiry_entry_key(5, "\xff\xff"));
}

TEST(ExpiryEntry, KeysAreReadBack) {
  const Bytes key = expiry_entry_key(1'700'000'000, "the item");
  const auto entry = parse_expiry_entry(key);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->expiry_s, 1'700'000'000);
  EXPECT_EQ(entry->item_key, "the item");
  EXPECT_FALSE(parse_expiry_entry(BytesView(key).substr(0, 8)));
  EXPECT_FALSE(parse_expiry_entry(Bytes(20, '\xff')));
}

class ExpiringTable : public testing::Test {
 protected:
  ExpiringTable() : store_(table("t").pk("p", 'S').gsi("g", {{"x", 'S'}})) {
    store_.definition().time_to_live = {
        .status = TimeToLiveStatus::kEnabled, .attribute = "expires", .build_position = {}};
  }

  std::vector<Bytes> entries() {
    const storage::KeySpaceId key_space = store_.definition().key_space;
    const auto page = sync_wait(store_.storage().range(
        {.key_space = key_space, .space = storage::Space::kTtl, .partition = key_space, .limit_entries = 100}));
    std::vector<Bytes> keys;
    for (const storage::Entry& entry : page->entries) keys.emplace_back(entry.key);
    return keys;
  }
  ExpiryOutcome expire(const std::vector<Bytes>& keys, std::int64_t due_s) {
    const auto outcome = sync_wait(store_.items().expire(store_.definition(), keys, due_s, store_.arena()));
    EXPECT_EQ(error_text(outcome), "ok");
    return *outcome;
  }

  TestStore store_;
};

TEST_F(ExpiringTable, KeepsAnEntryOfEveryItemThatExpires) {
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(100)}}));
  ASSERT_TRUE(store_.put({{"p", S("b")}, {"expires", S("100")}}));
  ASSERT_TRUE(store_.put({{"p", S("c")}}));
  EXPECT_EQ(entries().size(), 1u);
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(200)}}));
  ASSERT_EQ(entries().size(), 1u);
  EXPECT_EQ(parse_expiry_entry(entries()[0])->expiry_s, 200);
  ASSERT_TRUE(store_.update({{"p", S("a")}}, "REMOVE expires"));
  EXPECT_TRUE(entries().empty());
}

TEST_F(ExpiringTable, DeletesTheItemWithItsIndexEntries) {
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(100)}, {"x", S("1")}}));
  EXPECT_EQ(expire(entries(), 100).deleted, 1u);
  EXPECT_EQ(store_.get_text({{"p", S("a")}}), "none");
  EXPECT_EQ(store_.stats().entries, 0);
  EXPECT_EQ(store_.stats(store_.index("g")->key_space).entries, 0);
  EXPECT_TRUE(entries().empty());
}

TEST_F(ExpiringTable, KeepsWhatIsNotDue) {
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(100)}}));
  EXPECT_EQ(expire(entries(), 99).deleted, 0u);
  EXPECT_NE(store_.get_text({{"p", S("a")}}), "none");
}

TEST_F(ExpiringTable, KeepsAnItemThatGotMoreTimeMeanwhile) {
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(100)}}));
  const std::vector<Bytes> seen = entries();
  ASSERT_TRUE(store_.put({{"p", S("a")}, {"expires", N(500)}}));
  const ExpiryOutcome outcome = expire(seen, 100);
  EXPECT_EQ(outcome.deleted, 0u);
  EXPECT_EQ(outcome.changed, 1u);
  EXPECT_NE(store_.get_text({{"p", S("a")}}), "none");
  EXPECT_EQ(entries().size(), 1u);
}

TEST_F(ExpiringTable, IsNotChargedForDeletions) {
  store_.definition().billing = BillingMode::kProvisioned;
  store_.definition().throughput = {.read_units = 1, .write_units = 1};
  store_.definition().global_indexes[0].throughput = {.read_units = 1, .write_units = 1};
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(store_.put({{"p", S(std::to_string(i))}, {"expires", N(100)}}));
  EXPECT_EQ(expire(entries(), 100).deleted, 100u) << "a page of 100";
  EXPECT_TRUE(store_.put({{"p", S("last")}}));
}

}  // namespace
}  // namespace armature
