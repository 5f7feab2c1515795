// What a commit promises, on every engine.
#include "engine/engines.h"

namespace armature::storage {
namespace {

using testing::Eq;
using testing::Optional;

class Commit : public EngineTest {
 protected:
  // Tries a commit with this read set until it succeeds or really conflicts: a simulated cluster also conflicts for no
  // reason, but never without end.
  bool succeeds(const std::vector<ReadCheck>& reads, const Write& change) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      Batch batch;
      batch.reads = reads;
      batch.writes.push_back(change);
      const auto result = run(storage().commit(std::move(batch), Durability::kDurable));
      if (result) return true;
      EXPECT_EQ(result.error().code, StorageErrorCode::kConflict);
    }
    return false;
  }

  const std::string a_ = item_key(1);
  const std::string b_ = item_key(2);
  const ReadKey item_a_ = item(kTable, a_);
  const ReadKey item_b_ = item(kTable, b_);
};

TEST_P(Commit, WhatWasCommittedIsRead) {
  write(put(kTable, a_, "one"));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("one")));
}

TEST_P(Commit, TheLaterOfTwoCommitsIsRead) {
  write(put(kTable, a_, "one"));
  write(put(kTable, a_, "two"));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("two")));
}

TEST_P(Commit, AnErasedKeyIsAbsent) {
  write(put(kTable, a_, "one"));
  write(erase(kTable, a_));
  EXPECT_EQ(read(kTable, a_), std::nullopt);
}

TEST_P(Commit, ErasingAnAbsentKeyIsNoError) {
  write(erase(kTable, a_));
  EXPECT_EQ(read(kTable, a_), std::nullopt);
}

TEST_P(Commit, SucceedsWhenNothingItReadHasChanged) {
  write(put(kTable, a_, "one"));
  EXPECT_TRUE(succeeds({check(item_a_, version_of(item_a_))}, put(kTable, a_, "two")));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("two")));
}

TEST_P(Commit, ConflictsAndWritesNothingWhenAReadIsOutOfDate) {
  write(put(kTable, a_, "one"));
  const Version stale = version_of(item_a_);
  write(put(kTable, a_, "two"));
  EXPECT_FALSE(succeeds({check(item_a_, stale)}, put(kTable, b_, "never")));
  EXPECT_EQ(read(kTable, b_), std::nullopt);
}

TEST_P(Commit, ConflictsWhenAnAbsentKeyAppeared) {
  const Version absent = version_of(item_a_);
  write(put(kTable, a_, "one"));
  EXPECT_FALSE(succeeds({check(item_a_, absent)}, put(kTable, a_, "two")));
}

TEST_P(Commit, SucceedsWhenAnAbsentKeyIsStillAbsent) {
  EXPECT_TRUE(succeeds({check(item_a_, version_of(item_a_))}, put(kTable, a_, "one")));
}

TEST_P(Commit, ConflictsWhenTheKeyCameBackWithTheSameValue) {
  write(put(kTable, a_, "one"));
  const Version before = version_of(item_a_);
  write(erase(kTable, a_));
  write(put(kTable, a_, "one"));
  EXPECT_FALSE(succeeds({check(item_a_, before)}, put(kTable, a_, "two")));
}

TEST_P(Commit, ConflictsWhenOnlyOneOfManyReadsIsOutOfDate) {
  const Version version_a = version_of(item_a_);
  const Version version_b = version_of(item_b_);
  write(put(kTable, b_, "moved"));
  EXPECT_FALSE(succeeds({check(item_a_, version_a), check(item_b_, version_b)}, put(kTable, a_, "never")));
}

TEST_P(Commit, WithoutReadsNeverConflicts) {
  for (int i = 0; i < 50; ++i) write(put(kTable, a_, std::to_string(i)));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("49")));
}

TEST_P(Commit, WithReadsAloneTellsWhetherTheyStillHold) {
  const Version version = version_of(item_a_);
  const auto validate = [&] {
    for (int attempt = 0; attempt < 20; ++attempt) {
      Batch batch;
      batch.reads.push_back(check(item_a_, version));
      if (run(storage().commit(std::move(batch), Durability::kDurable))) return true;
    }
    return false;
  };
  EXPECT_TRUE(validate());
  write(put(kTable, a_, "one"));
  EXPECT_FALSE(validate());
}

TEST_P(Commit, TheLastWriteOfAKeyInABatchWins) {
  Batch batch;
  batch.writes.push_back(put(kTable, a_, "first"));
  batch.writes.push_back(erase(kTable, a_));
  batch.writes.push_back(put(kTable, a_, "last"));
  commit(std::move(batch));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("last")));
}

TEST_P(Commit, WritesEveryKeySpaceAndSpaceOfItsBatch) {
  Batch batch;
  batch.writes.push_back(put(kTable, a_, "item"));
  batch.writes.push_back(put(kTable, Space::kLsi, a_, a_ + "|lsi", "lsi"));
  batch.writes.push_back(put(kOtherTable, b_, "other"));
  commit(std::move(batch));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("item")));
  EXPECT_THAT(read({{kTable, a_}, Space::kLsi, a_ + "|lsi"}), Optional(Eq("lsi")));
  EXPECT_THAT(read(kOtherTable, b_), Optional(Eq("other")));
}

TEST_P(Commit, KeepsTheSameKeyApartInEverySpaceAndKeySpace) {
  for (const Space space : {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl, Space::kOutbox}) {
    write(put(kTable, space, a_, a_, std::to_string(static_cast<int>(space))));
  }
  write(put(kOtherTable, a_, "other"));
  for (const Space space : {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl, Space::kOutbox}) {
    EXPECT_THAT(read({{kTable, a_}, space, a_}), Optional(Eq(std::to_string(static_cast<int>(space)))));
  }
  EXPECT_THAT(read(kOtherTable, a_), Optional(Eq("other")));
}

TEST_P(Commit, KeepsEmptyLargeAndBinaryValues) {
  const Bytes large(400 * 1024, 'x');
  const Bytes binary("\0\xff\n", 3);
  write(put(kTable, item_key(1), ""));
  write(put(kTable, item_key(2), large));
  write(put(kTable, item_key(3), binary));
  EXPECT_THAT(read(kTable, item_key(1)), Optional(Eq("")));
  EXPECT_THAT(read(kTable, item_key(2)), Optional(Eq(large)));
  EXPECT_THAT(read(kTable, item_key(3)), Optional(Eq(binary)));
}

TEST_P(Commit, KeepsLongAndBinaryKeys) {
  const Bytes longest = Bytes(8, '\x80') + Bytes(3100, 'k');
  const Bytes zeros(10, '\0');
  const Bytes highest(10, '\xff');
  for (const Bytes& key : {longest, zeros, highest}) write(put(kTable, key, "v"));
  for (const Bytes& key : {longest, zeros, highest}) EXPECT_THAT(read(kTable, key), Optional(Eq("v")));
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 10}), (std::vector<Bytes>{zeros, longest, highest}));
}

TEST_P(Commit, VersionsOfOneKeyGrow) {
  CommitVersion last = 0;
  for (int i = 0; i < 10; ++i) {
    const auto version = expect(run(commit_write(storage(), put(kTable, a_, "v"))));
    EXPECT_GT(version, last);
    last = version;
  }
}

TEST_P(Commit, BufferedOnesAreReadToo) {
  Batch batch;
  batch.writes.push_back(put(kTable, a_, "one"));
  expect(run(storage().commit(std::move(batch), Durability::kBuffered)));
  EXPECT_THAT(read(kTable, a_), Optional(Eq("one")));
}

TEST_P(Commit, ManyKeysAreReadInTheOrderTheyWereAsked) {
  write(put(kTable, a_, "one"));
  write(put(kOtherTable, b_, "two"));
  const std::vector<ReadKey> keys = {item(kOtherTable, b_), item(kTable, b_), item(kTable, a_)};
  const auto found = expect(run(storage().get_many(keys, ReadMode::kForUpdate)));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].value, "two");
  EXPECT_FALSE(found[1].found);
  EXPECT_EQ(found[2].value, "one");
  EXPECT_TRUE(succeeds({check(keys[0], found[0].version), check(keys[1], found[1].version)}, put(kTable, a_, "three")));
}

TEST_P(Commit, ReadingNoKeysAtAllGivesNothing) {
  EXPECT_TRUE(expect(run(storage().get_many({}, ReadMode::kCommitted))).empty());
}

TEST_P(Commit, FollowUpsLandOnce) {
  // An entry that came back after it was erased would show a follow-up that landed twice.
  for (int i = 0; i < 30; ++i) {
    const std::string key = item_key(i);
    Batch batch;
    batch.writes.push_back(put(kTable, key, "item"));
    batch.follow_ups.push_back(put(kOtherTable, key, "entry"));
    commit(std::move(batch));
    if (i % 2 == 0) write(erase(kOtherTable, key));
  }
  settle();
  std::vector<Bytes> expected;
  for (int i = 1; i < 30; i += 2) expected.push_back(item_key(i));
  EXPECT_EQ(keys_of({.key_space = kOtherTable, .limit_entries = 100}), expected);
}

TEST_P(Commit, FollowUpsOfOneKeyLandInTheOrderOfTheirCommits) {
  for (int i = 0; i < 30; ++i) {
    Batch batch;
    batch.writes.push_back(put(kTable, a_, std::to_string(i)));
    batch.follow_ups.push_back(put(kOtherTable, b_, std::to_string(i)));
    commit(std::move(batch));
  }
  settle();
  EXPECT_THAT(read(kOtherTable, b_), Optional(Eq("29")));
}

TEST_P(Commit, FollowUpsOfAConflictNeverLand) {
  const Version stale = version_of(item_a_);
  write(put(kTable, a_, "one"));
  Batch batch;
  batch.reads.push_back(check(item_a_, stale));
  batch.follow_ups.push_back(put(kOtherTable, b_, "never"));
  batch.stats.push_back({.key_space = kTable, .entries = 1, .bytes = 1});
  EXPECT_FALSE(run(storage().commit(std::move(batch), Durability::kDurable)).has_value());
  settle();
  EXPECT_EQ(read(kOtherTable, b_), std::nullopt);
  EXPECT_EQ(expect(run(storage().stats(kTable))).entries, 0);
}

ARMATURE_ON_EVERY_ENGINE(Commit);

}  // namespace
}  // namespace armature::storage
