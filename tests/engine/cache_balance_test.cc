#include "storage/rocksdb/cache_balance.h"

#include <gtest/gtest.h>
#include <rocksdb/cache.h>

#include <memory>
#include <string>

namespace armature::storage {
namespace {

constexpr KeySpaceId kTable = kFirstUserKeySpace;
constexpr std::size_t kTotalBytes = std::size_t{16} << 20;
constexpr std::size_t kEntryBytes = 1000;
constexpr std::size_t kBlockBytes = 4096;
constexpr std::uint64_t kPageBlocks = 25;

// The two caches, and use of them as the engine makes it: what misses is kept.
class CacheBalanceTest : public testing::Test {
 protected:
  void get(int first, int count) {
    Bytes value;
    for (int i = first; i < first + count; ++i) {
      const std::string key = "item" + std::to_string(i);
      if (entries_.find(kTable, key, &value)) continue;
      if (!entries_.offer(kTable, key, Bytes(kEntryBytes, 'x'))) balance_.missed_entry(kTable, key, kEntryBytes);
    }
  }

  void query(int first_page, int count) {
    for (int page = first_page; page < first_page + count; ++page) {
      const std::string begin = "page" + std::to_string(page);
      std::uint64_t missed = 0;
      for (std::uint64_t block = 0; block < kPageBlocks; ++block)
        missed += read_block(begin + "." + std::to_string(block));
      if (missed != 0) balance_.missed_range(kTable, begin, missed);
    }
  }

  std::size_t entry_bytes() const { return entries_.capacity_bytes(); }
  std::size_t block_bytes() const { return blocks_->GetCapacity(); }

  void get_again_and_again(int items, int rounds) {
    for (int round = 0; round < rounds; ++round) get(0, items);
  }
  void query_again_and_again(int pages, int rounds) {
    for (int round = 0; round < rounds; ++round) query(0, pages);
  }

  std::shared_ptr<rocksdb::Cache> blocks_ = rocksdb::NewLRUCache(first_block_cache_bytes(kTotalBytes), 1);
  EntryCache entries_{kTotalBytes - first_block_cache_bytes(kTotalBytes)};
  CacheBalance balance_{kTotalBytes, entries_, *blocks_};

 private:
  bool read_block(const std::string& name) {
    if (rocksdb::Cache::Handle* const found = blocks_->Lookup(name)) {
      blocks_->Release(found);
      return false;
    }
    EXPECT_TRUE(blocks_->Insert(name, nullptr, kBlockBytes, [](const rocksdb::Slice&, void*) {}).ok());
    return true;
  }
};

// More than a half of the memory, less than all of it.
constexpr int kManyItems = 12 * 1024;
constexpr int kManyPages = 130;

TEST_F(CacheBalanceTest, PointReadsKeepAllButAnEighth) {
  get(0, 2 * kManyItems);
  EXPECT_GE(entry_bytes(), kTotalBytes / 8 * 7 - 1024);
  EXPECT_GT(entries_.used_bytes(), kTotalBytes / 4 * 3);
}

TEST_F(CacheBalanceTest, RangesTakeWhatPointReadsDoNotUse) {
  query_again_and_again(kManyPages, 30);
  EXPECT_GE(block_bytes(), kTotalBytes / 4 * 3);
}

TEST_F(CacheBalanceTest, PointReadsComeBackWhenRangesRest) {
  query_again_and_again(kManyPages, 30);
  ASSERT_LE(entry_bytes(), kTotalBytes / 4);
  get_again_and_again(kManyItems, 30);
  EXPECT_GE(entry_bytes(), kTotalBytes / 2);
}

TEST_F(CacheBalanceTest, AWalkThroughALargeTableTakesNothingFromPointReads) {
  get(0, 2 * kManyItems);
  query(1'000'000, kManyPages);  // Both are full.
  const std::size_t before = entry_bytes();
  query(0, 20'000);
  EXPECT_EQ(entry_bytes(), before);
}

TEST_F(CacheBalanceTest, WalksThatCouldNeverFitTakeNothingFromPointReads) {
  get(0, 2 * kManyItems);
  query(1'000'000, kManyPages);  // Both are full.
  const std::size_t before = entry_bytes();
  query_again_and_again(20 * kManyPages, 5);
  EXPECT_EQ(entry_bytes(), before);
}

TEST_F(CacheBalanceTest, RangesThatComeAgainTakeFromPointReadsThatDoNot) {
  get(0, 3 * kManyItems);
  query_again_and_again(kManyPages, 50);
  EXPECT_LE(entry_bytes(), kTotalBytes / 2);
}

TEST_F(CacheBalanceTest, IndexesThatDoNotFitTakeFromPointReads) {
  get(0, 2 * kManyItems);
  query(0, kManyPages);
  const std::size_t before = block_bytes();
  for (int i = 0; i < 1000; ++i) balance_.missed_index_blocks(1);
  EXPECT_GT(block_bytes(), before);
}

TEST_F(CacheBalanceTest, BothTogetherNeverHoldMoreThanThereIs) {
  for (int round = 0; round < 5; ++round) {
    get_again_and_again(kManyItems, 20);
    EXPECT_LE(entry_bytes() + block_bytes(), kTotalBytes);
    query_again_and_again(kManyPages, 20);
    EXPECT_LE(entry_bytes() + block_bytes(), kTotalBytes);
    EXPECT_LE(entries_.used_bytes(), entry_bytes());
    EXPECT_GE(entry_bytes(), kTotalBytes / 8 - 1024);
    EXPECT_GE(block_bytes(), kTotalBytes / 8);
  }
}

}  // namespace
}  // namespace armature::storage
