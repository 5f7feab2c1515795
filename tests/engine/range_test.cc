// Range reads, partitions, statistics and dropped key spaces, on every engine.
#include <algorithm>

#include "engine/engines.h"

namespace armature::storage {
namespace {

class Range : public EngineTest {
 protected:
  // Ten entries, 0 to 90.
  void fill() {
    for (int i = 0; i < 100; i += 10) write(put(kTable, item_key(i), "value" + std::to_string(i)));
  }
  static std::vector<Bytes> items(std::initializer_list<int> numbers) {
    std::vector<Bytes> keys;
    for (const int number : numbers) keys.push_back(item_key(number));
    return keys;
  }
  // Everything in the range, page by page, as callers walk.
  std::vector<Bytes> walk(RangeRequest request) {
    std::vector<Bytes> keys;
    Bytes bound;
    for (bool more = true; more;) {
      std::vector<Bytes> page = keys_of(request, &more);
      keys.insert(keys.end(), page.begin(), page.end());
      if (page.empty()) break;
      bound = request.reverse ? page.back() : page.back() + Bytes(1, '\0');
      (request.reverse ? request.end : request.begin) = bound;
    }
    return keys;
  }
};

TEST_P(Range, OfAnEmptyKeySpaceIsEmpty) {
  bool more = true;
  EXPECT_TRUE(keys_of({.key_space = kTable, .limit_entries = 10}, &more).empty());
  EXPECT_FALSE(more);
}

TEST_P(Range, GivesEntriesInTheOrderOfTheirKeys) {
  for (const int i : {50, 10, 90, 0}) write(put(kTable, item_key(i), "v"));
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 100}), items({0, 10, 50, 90}));
}

TEST_P(Range, GoesDownInReverse) {
  fill();
  EXPECT_EQ(keys_of({.key_space = kTable, .reverse = true, .limit_entries = 3}), items({90, 80, 70}));
}

TEST_P(Range, CarriesTheValues) {
  fill();
  const RangePage page = expect(run(storage().range({.key_space = kTable, .limit_entries = 2})));
  ASSERT_EQ(page.entries.size(), 2u);
  EXPECT_EQ(page.entries[1].value, "value10");
}

TEST_P(Range, BeginsInclusiveAndEndsExclusive) {
  fill();
  const auto begin = item_key(20);
  const auto end = item_key(50);
  EXPECT_EQ(keys_of({.key_space = kTable, .begin = begin, .end = end, .limit_entries = 100}), items({20, 30, 40}));
  EXPECT_EQ(keys_of({.key_space = kTable, .begin = begin, .end = end, .reverse = true, .limit_entries = 100}),
            items({40, 30, 20}));
}

TEST_P(Range, TakesBoundsThatAreNoKeys) {
  fill();
  const auto begin = item_key(15);
  const auto end = item_key(45);
  EXPECT_EQ(keys_of({.key_space = kTable, .begin = begin, .end = end, .limit_entries = 100}), items({20, 30, 40}));
}

TEST_P(Range, IsEmptyWhenItsBoundsAreInverted) {
  fill();
  const auto begin = item_key(50);
  const auto end = item_key(20);
  for (const bool reverse : {false, true}) {
    bool more = true;
    EXPECT_TRUE(
        keys_of({.key_space = kTable, .begin = begin, .end = end, .reverse = reverse, .limit_entries = 9}, &more)
            .empty());
    EXPECT_FALSE(more);
  }
}

TEST_P(Range, SaysWhetherALimitEndedIt) {
  fill();
  bool more = false;
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 9}, &more).size(), 9u);
  EXPECT_TRUE(more);
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 10}, &more).size(), 10u);
  EXPECT_FALSE(more);
}

TEST_P(Range, EndsAfterTheEntryThatReachesTheByteLimit) {
  for (int i = 0; i < 5; ++i) write(put(kTable, item_key(i), Bytes(100, 'v')));
  bool more = false;
  const std::size_t entry_bytes = item_key(0).size() + 100;
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 100, .limit_bytes = 2 * entry_bytes}, &more), items({0, 1}));
  EXPECT_TRUE(more);
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 100, .limit_bytes = 2 * entry_bytes + 1}, &more),
            items({0, 1, 2}));
}

TEST_P(Range, GivesAtLeastOneEntryHoweverSmallTheByteLimit) {
  fill();
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 100, .limit_bytes = 1}), items({0}));
}

TEST_P(Range, WalkedPageByPageGivesEverythingOnce) {
  std::vector<Bytes> expected;
  for (int i = 0; i < 150; ++i) {
    expected.push_back(item_key(i));
    write(put(kTable, expected.back(), "v"));
  }
  EXPECT_EQ(walk({.key_space = kTable, .limit_entries = 7}), expected);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(walk({.key_space = kTable, .reverse = true, .limit_entries = 7}), expected);
}

TEST_P(Range, StaysInItsKeySpaceAndSpace) {
  fill();
  write(put(kTable - 1, item_key(5), "before"));
  write(put(kOtherTable, item_key(5), "after"));
  write(put(kTable, Space::kLsi, item_key(5), item_key(5) + "lsi", "lsi"));
  EXPECT_EQ(walk({.key_space = kTable, .limit_entries = 4}).size(), 10u);
  EXPECT_EQ(walk({.key_space = kTable, .reverse = true, .limit_entries = 4}).size(), 10u);
  EXPECT_EQ(walk({.key_space = kTable, .space = Space::kLsi, .limit_entries = 4}), std::vector{item_key(5) + "lsi"});
}

TEST_P(Range, SkipsErasedEntries) {
  fill();
  for (const int i : {0, 30, 90}) write(erase(kTable, item_key(i)));
  EXPECT_EQ(walk({.key_space = kTable, .limit_entries = 2}), items({10, 20, 40, 50, 60, 70, 80}));
}

TEST_P(Range, StepsOverThousandsOfErasedEntries) {
  for (int round = 0; round < 2; ++round) {
    Batch batch;
    std::vector<std::string> keys;
    keys.reserve(3000);
    for (int i = 0; i < 3000; ++i) {
      keys.push_back(item_key(i));
      batch.writes.push_back(round == 0 ? put(kTable, keys.back(), "v") : erase(kTable, keys.back()));
    }
    commit(std::move(batch));
  }
  write(put(kTable, item_key(3000), "v"));
  EXPECT_EQ(walk({.key_space = kTable, .limit_entries = 2}), items({3000}));
}

TEST_P(Range, LsiEntriesCrossPartitionsInOrder) {
  std::vector<Bytes> expected;
  for (int i = 0; i < 100; ++i) {
    const std::string home = item_key(i);
    expected.push_back(home + "|by day|7");
    write(put(kTable, Space::kLsi, home, expected.back(), "v"));
  }
  EXPECT_EQ(walk({.key_space = kTable, .space = Space::kLsi, .limit_entries = 9}), expected);
}

TEST_P(Range, PagesOutliveLaterWrites) {
  fill();
  const RangePage page = expect(run(storage().range({.key_space = kTable, .limit_entries = 100})));
  for (int i = 0; i < 100; i += 10) write(put(kTable, item_key(i), "changed"));
  EXPECT_EQ(page.entries[3].value, "value30");
}

class Partitions : public EngineTest {};

TEST_P(Partitions, CoverEveryPositionBeforeTheFirstWrite) {
  const auto partitions = expect(run(storage().partitions(kTable)));
  ASSERT_EQ(partitions.size(), 1u);
  EXPECT_EQ(partitions[0].begin, "");
  EXPECT_EQ(partitions[0].end, "");
  EXPECT_EQ(partitions[0].parent, 0u);
}

TEST_P(Partitions, AreContiguousAndNameTheirParents) {
  for (int i = 0; i < 300; ++i) write(put(kTable, item_key(i), "v"));
  const auto partitions = expect(run(storage().partitions(kTable)));
  EXPECT_EQ(partitions.front().begin, "");
  EXPECT_EQ(partitions.back().end, "");
  for (std::size_t i = 1; i < partitions.size(); ++i) {
    EXPECT_EQ(partitions[i].begin, partitions[i - 1].end);
    EXPECT_LT(partitions[i].begin, partitions[i].end.empty() ? Bytes(9, '\xff') : partitions[i].end);
  }
  int roots = 0;
  for (const Partition& partition : partitions) {
    roots += partition.parent == 0;
    EXPECT_LT(partition.parent, partition.id);
  }
  EXPECT_EQ(roots, 1);
}

TEST_P(Partitions, TogetherHoldEveryStreamTtlAndOutboxEntry) {
  for (const Space space : {Space::kStream, Space::kTtl, Space::kOutbox}) {
    std::vector<Bytes> expected;
    for (int i = 0; i < 100; ++i) {
      const std::string home = item_key(i);
      expected.push_back("entry of " + home);
      write(put(kTable, space, home, expected.back(), "v"));
    }
    std::vector<Bytes> found;
    for (const Partition& partition : expect(run(storage().partitions(kTable)))) {
      const auto keys =
          keys_of({.key_space = kTable, .space = space, .partition = partition.id, .limit_entries = 1000});
      EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
      found.insert(found.end(), keys.begin(), keys.end());
    }
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected);
  }
}

TEST_P(Partitions, AnUnknownOneIsEmpty) {
  write(put(kTable, Space::kStream, item_key(1), "record", "v"));
  EXPECT_TRUE(keys_of({.key_space = kTable, .space = Space::kStream, .partition = 987654, .limit_entries = 9}).empty());
}

class Statistics : public EngineTest {
 protected:
  void add(KeySpaceId key_space, std::int64_t entries, std::int64_t bytes) {
    Batch batch;
    batch.stats.push_back({key_space, entries, bytes});
    commit(std::move(batch));
  }
};

TEST_P(Statistics, AreZeroBeforeTheFirstCommit) {
  const auto stats = expect(run(storage().stats(kTable)));
  EXPECT_EQ(stats.entries, 0);
  EXPECT_EQ(stats.bytes, 0);
}

TEST_P(Statistics, AreTheSumOfWhatWasCommitted) {
  add(kTable, 3, 300);
  add(kOtherTable, 7, 7);
  add(kTable, -1, -90);
  const auto stats = expect(run(storage().stats(kTable)));
  EXPECT_EQ(stats.entries, 2);
  EXPECT_EQ(stats.bytes, 210);
}

TEST_P(Statistics, AddUpWithinOneBatch) {
  Batch batch;
  batch.stats.push_back({kTable, 1, 10});
  batch.stats.push_back({kTable, 1, 10});
  commit(std::move(batch));
  EXPECT_EQ(expect(run(storage().stats(kTable))).entries, 2);
}

class DropKeySpace : public EngineTest {};

TEST_P(DropKeySpace, RemovesEverySpaceOfTheKeySpaceAndItsStatistics) {
  const std::string key = item_key(1);
  for (const Space space : {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl, Space::kOutbox}) {
    write(put(kTable, space, key, key, "v"));
  }
  Batch batch;
  batch.stats.push_back({kTable, 5, 5});
  commit(std::move(batch));
  expect(run(storage().drop_key_space(kTable, Drop::kEverything)));
  for (const Space space : {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl, Space::kOutbox}) {
    EXPECT_EQ(read({{kTable, key}, space, key}), std::nullopt) << static_cast<int>(space);
  }
  EXPECT_TRUE(keys_of({.key_space = kTable, .limit_entries = 10}).empty());
  EXPECT_EQ(expect(run(storage().stats(kTable))).entries, 0);
}

TEST_P(DropKeySpace, CanLeaveTheStream) {
  const std::string key = item_key(1);
  for (const Space space : {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl, Space::kOutbox}) {
    write(put(kTable, space, key, key, "v"));
  }
  expect(run(storage().drop_key_space(kTable, Drop::kAllButStream)));
  for (const Space space : {Space::kItems, Space::kLsi, Space::kTtl, Space::kOutbox}) {
    EXPECT_EQ(read({{kTable, key}, space, key}), std::nullopt) << static_cast<int>(space);
  }
  EXPECT_TRUE(read({{kTable, key}, Space::kStream, key}).has_value());
  expect(run(storage().drop_key_space(kTable, Drop::kEverything)));
  EXPECT_EQ(read({{kTable, key}, Space::kStream, key}), std::nullopt);
}

TEST_P(DropKeySpace, LeavesItsNeighboursAlone) {
  const std::string key = item_key(1);
  for (const KeySpaceId id : {kTable - 1, kTable, kTable + 1}) write(put(id, key, "v"));
  expect(run(storage().drop_key_space(kTable, Drop::kEverything)));
  EXPECT_TRUE(read(kTable - 1, key).has_value());
  EXPECT_TRUE(read(kTable + 1, key).has_value());
}

TEST_P(DropKeySpace, OfAKeySpaceThatNeverWasIsNoError) {
  expect(run(storage().drop_key_space(kTable, Drop::kEverything)));
}

ARMATURE_ON_EVERY_ENGINE(Range);
ARMATURE_ON_EVERY_ENGINE(Partitions);
ARMATURE_ON_EVERY_ENGINE(Statistics);
ARMATURE_ON_EVERY_ENGINE(DropKeySpace);

}  // namespace
}  // namespace armature::storage
