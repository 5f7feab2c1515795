#include "storage/rocksdb/entry_cache.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"

namespace armature::storage {
namespace {

constexpr KeySpaceId kTable = kFirstUserKeySpace;

TEST(EntryCache, FindsWhatWasKeptLast) {
  EntryCache cache(1 << 20);
  cache.insert(kTable, "a", "1");
  cache.insert(kTable, "a", "2");
  Bytes value;
  ASSERT_TRUE(cache.find(kTable, "a", &value));
  EXPECT_EQ(value, "2");
}

TEST(EntryCache, KeySpacesDoNotMix) {
  EntryCache cache(1 << 20);
  cache.insert(kTable, "a", "1");
  Bytes value;
  EXPECT_FALSE(cache.find(kTable + 1, "a", &value));
}

TEST(EntryCache, ForgetsWhatIsErased) {
  EntryCache cache(1 << 20);
  cache.insert(kTable, "a", "1");
  cache.erase(kTable, "a");
  Bytes value;
  EXPECT_FALSE(cache.find(kTable, "a", &value));
}

TEST(EntryCache, ALargeValueIsKeptWhenItIsRead) {
  EntryCache cache(256 << 20);
  const Bytes large(400 * 1024, 'x');
  EXPECT_TRUE(cache.offer(kTable, "a", large));
  Bytes value;
  ASSERT_TRUE(cache.find(kTable, "a", &value));
  EXPECT_EQ(value, large);
}

TEST(EntryCache, ALargeValueWrittenReplacesTheOldOneByNothing) {
  EntryCache cache(64 << 20);
  cache.insert(kTable, "a", "1");
  cache.insert(kTable, "a", std::string(EntryCache::kLargestWrittenBytes + 1, 'x'));
  Bytes value;
  EXPECT_FALSE(cache.find(kTable, "a", &value));
}

TEST(EntryCache, StaysWithinItsCapacityAndKeepsWhatIsUsed) {
  EntryCache cache(1 << 20);
  Bytes value;
  cache.insert(kTable, "hot", "1");
  for (int i = 0; i < 20'000; ++i) {
    cache.insert(kTable, "cold" + std::to_string(i), std::string(500, 'x'));
    ASSERT_TRUE(cache.find(kTable, "hot", &value)) << "after " << i;
  }
  EXPECT_LE(cache.used_bytes(), cache.capacity_bytes());
  EXPECT_FALSE(cache.find(kTable, "cold0", &value));
}

TEST(EntryCache, WhatIsReadOnceDoesNotPushOutWhatIsThere) {
  EntryCache cache(1 << 20);
  Bytes value;
  const auto count_kept = [&] {
    int kept = 0;
    for (int i = 0; i < 1000; ++i) kept += cache.find(kTable, "kept" + std::to_string(i), &value) ? 1 : 0;
    return kept;
  };
  for (int i = 0; i < 1000; ++i) cache.insert(kTable, "kept" + std::to_string(i), std::string(300, 'x'));
  for (int i = 0; i < 20'000; ++i) cache.insert(kTable, "filler" + std::to_string(i), std::string(300, 'x'));
  for (int i = 0; i < 1000; ++i) cache.insert(kTable, "kept" + std::to_string(i), std::string(300, 'x'));
  const int before = count_kept();
  ASSERT_GT(before, 900);
  for (int i = 0; i < 20'000; ++i) cache.offer(kTable, "once" + std::to_string(i), std::string(300, 'x'));
  EXPECT_GT(count_kept(), before * 9 / 10);
}

TEST(EntryCache, WhatIsReadTwiceSoonIsKeptAlsoWhenTheCacheIsFull) {
  EntryCache cache(1 << 20);
  for (int i = 0; i < 20'000; ++i) cache.insert(kTable, "filler" + std::to_string(i), std::string(300, 'x'));
  Bytes value;
  cache.offer(kTable, "a", std::string(400, 'x'));
  EXPECT_FALSE(cache.find(kTable, "a", &value));
  cache.offer(kTable, "a", std::string(400, 'x'));
  EXPECT_TRUE(cache.find(kTable, "a", &value));
}

TEST(EntryCache, WhatIsReadOnceIsKeptWhereThereIsRoom) {
  EntryCache cache(1 << 20);
  cache.offer(kTable, "a", "1");
  Bytes value;
  EXPECT_TRUE(cache.find(kTable, "a", &value));
}

TEST(EntryCache, WithoutCapacityKeepsNothing) {
  EntryCache cache(0);
  cache.insert(kTable, "a", "1");
  Bytes value;
  EXPECT_FALSE(cache.find(kTable, "a", &value));
}

TEST(EntryCache, AnItemWrittenAgainAndAgainStaysWhereItIs) {
  EntryCache cache(64 << 20);
  cache.insert(kTable, "a", std::string(1000, 'x'));
  const std::size_t before = cache.used_bytes();
  for (int i = 0; i < 100'000; ++i) {
    cache.erase(kTable, "a");
    cache.insert(kTable, "a", std::string(990 + i % 10, 'y'));
  }
  EXPECT_EQ(cache.used_bytes(), before);
}

TEST(EntryCache, ItemsOfChangingSizeLeaveNoGapsForLong) {
  EntryCache cache(64 << 20);
  SeededRandom random(5);
  std::size_t written = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string value(random.below(4000), 'x');
    cache.insert(kTable, "item" + std::to_string(random.below(2000)), value);
    written += value.size();
  }
  ASSERT_GT(written, 300u << 20);
  EXPECT_LT(cache.used_bytes(),
            20u << 20);  // 2000 items of 4000 bytes at most, half as many gaps, half-filled segments.
}

TEST(EntryCache, WhatIsUsedStaysWhileTheHandGoesRound) {
  EntryCache cache(16 << 20);
  Bytes value;
  for (int i = 0; i < 2000; ++i) cache.insert(kTable, "hot" + std::to_string(i), std::string(500, 'x'));
  for (int i = 0; i < 200'000; ++i) {
    cache.insert(kTable, "cold" + std::to_string(i), std::string(500, 'x'));
    cache.find(kTable, "hot" + std::to_string(i % 2000), &value);
  }
  int kept = 0;
  for (int i = 0; i < 2000; ++i) kept += cache.find(kTable, "hot" + std::to_string(i), &value) ? 1 : 0;
  EXPECT_GT(kept, 1900);
}

TEST(EntryCache, ADroppedTableIsGoneAndItsMemoryIsUsedAgain) {
  EntryCache cache(1 << 20);
  for (int i = 0; i < 5000; ++i) cache.insert(kTable, std::to_string(i), std::string(300, 'x'));
  cache.erase_key_space(kTable);
  Bytes value;
  for (int i = 0; i < 5000; ++i) ASSERT_FALSE(cache.find(kTable, std::to_string(i), &value));
  for (int i = 0; i < 5000; ++i) cache.insert(kTable + 1, std::to_string(i), std::string(300, 'x'));
  EXPECT_TRUE(cache.find(kTable + 1, "4999", &value));
  EXPECT_LE(cache.used_bytes(), cache.capacity_bytes());
}

TEST(EntryCache, ASmallerCapacityHoldsAtOnce) {
  EntryCache cache(16 << 20);
  for (int i = 0; i < 50'000; ++i) cache.insert(kTable, std::to_string(i), std::string(300, 'x'));
  ASSERT_GT(cache.used_bytes(), 10u << 20);
  cache.set_capacity(4 << 20);
  EXPECT_LE(cache.used_bytes(), 4u << 20);
  Bytes value;
  EXPECT_TRUE(cache.find(kTable, "49999", &value));
}

// Small, so that the hand is always at work: whatever is found is what was kept last.
TEST(EntryCache, NeverTellsWhatIsNoLongerTrue) {
  EntryCache cache(256 << 10);
  std::map<std::string, std::string> model;
  SeededRandom random(4);
  int found = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string key = std::to_string(random.below(2000));
    Bytes value;
    switch (random.below(4)) {
      case 0:
        model[key] = std::to_string(i) + std::string(random.below(200), 'x');
        cache.insert(kTable, key, model[key]);
        break;
      case 1:
        cache.erase(kTable, key);
        if (model.contains(key)) cache.offer(kTable, key, model[key]);
        break;
      case 2:
        model.erase(key);
        cache.erase(kTable, key);
        break;
      default:
        if (cache.find(kTable, key, &value)) {
          ++found;
          ASSERT_EQ(value, model.at(key));
        }
    }
    ASSERT_LE(cache.used_bytes(), cache.capacity_bytes());
  }
  EXPECT_GT(found, 1000);
}

TEST(EntryCache, AgreesWithAMapUnderRandomUse) {
  EntryCache cache(256 << 20);  // Nothing is evicted.
  std::map<std::string, std::string> model;
  SeededRandom random(3);
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = std::to_string(random.below(3000));
    Bytes value;
    switch (random.below(3)) {
      case 0:
        model[key] = std::to_string(i);
        cache.insert(kTable, key, model[key]);
        break;
      case 1:
        model.erase(key);
        cache.erase(kTable, key);
        break;
      default:
        const bool found = cache.find(kTable, key, &value);
        ASSERT_EQ(found, model.contains(key));
        if (found) {
          ASSERT_EQ(value, model[key]);
        }
    }
  }
}

}  // namespace
}  // namespace armature::storage
