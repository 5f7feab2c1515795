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
  EXPECT_EQ(cache.used_bytes(), 0u);
}

TEST(EntryCache, LargeValueReplacesOldOneByNothing) {
  EntryCache cache(64 << 20);
  cache.insert(kTable, "a", "1");
  cache.insert(kTable, "a", std::string(EntryCache::kLargestValueBytes + 1, 'x'));
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
