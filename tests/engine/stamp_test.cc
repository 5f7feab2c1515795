// Stamped writes: entries that can be read in the order of their commits while commits go on.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "engine/engines.h"
#include "engine/together.h"

namespace armature::storage {
namespace {

Write stamped(BytesView position, BytesView value, std::string_view tail = {}) {
  Write write = put(kTable, Space::kStream, position, "r" + std::string(kStampBytes, '\0') + std::string(tail), value);
  write.stamp_at = 1;
  return write;
}

Stamp stamp_of(BytesView key) { return read_u64_be(key.data() + 1); }

bool same_bounds(const std::vector<Partition>& a, const std::vector<Partition>& b) {
  return std::ranges::equal(a, b, [](const Partition& x, const Partition& y) {
    return x.id == y.id && x.begin == y.begin && x.end == y.end;
  });
}

class Stamps : public EngineTest {
 protected:
  // Every stamped key up to stamp(), in order.
  Task<std::vector<Bytes>> read_all(Stamp* until) {
    const auto stamp = co_await storage().stamp(kTable);
    *until = *stamp;
    while (true) {
      const auto before = co_await storage().partitions(kTable);
      std::vector<Bytes> keys;
      for (const Partition& partition : *before) {
        const auto page = co_await storage().range({.key_space = kTable,
                                                    .space = Space::kStream,
                                                    .partition = partition.id,
                                                    .limit_entries = 100'000,
                                                    .limit_bytes = 100'000'000});
        for (const Entry& entry : page->entries) {
          if (stamp_of(entry.key) <= *until) keys.emplace_back(entry.key);
        }
      }
      // A partition that was split meanwhile may have given away what was not read yet.
      const auto after = co_await storage().partitions(kTable);
      if (!same_bounds(*before, *after)) continue;
      std::sort(keys.begin(), keys.end());
      co_return keys;
    }
  }
  Stamp stamp() { return expect(run(storage().stamp(kTable))); }
};

TEST_P(Stamps, GrowFromCommitToCommit) {
  std::vector<Bytes> values;
  for (int i = 0; i < 50; ++i) write(stamped(item_key(1), std::to_string(i)));
  const Partition partition = expect(run(storage().partitions(kTable))).front();
  const RangeRequest all{
      .key_space = kTable, .space = Space::kStream, .partition = partition.id, .limit_entries = 1000};
  const RangePage page = expect(run(storage().range(all)));
  ASSERT_EQ(page.entries.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(page.entries[static_cast<std::size_t>(i)].value, std::to_string(i));
}

TEST_P(Stamps, AreTheSameForAllWritesOfACommit) {
  const std::string one = item_key(1), other = item_key(2);
  Batch batch;
  batch.writes.push_back(stamped(one, "a", "1"));
  batch.writes.push_back(put(kTable, one, "item"));
  batch.writes.push_back(stamped(other, "b", "2"));
  commit(std::move(batch));
  Stamp until = 0;
  const auto keys = run(read_all(&until));
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(stamp_of(keys[0]), stamp_of(keys[1]));
  EXPECT_EQ(stamp_of(keys[0]), until);
}

TEST_P(Stamps, TellMicroseconds) {
  const auto now_us = [] {
    return static_cast<Stamp>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
  };
  const Stamp before = now_us();
  write(stamped(item_key(1), "v"));
  EXPECT_GE(stamp(), before);
  EXPECT_LE(stamp(), now_us());
}

TEST_P(Stamps, AreNotGivenToACommitThatConflicts) {
  const std::string key = item_key(1);
  const Version stale = version_of(item(kTable, key));
  write(put(kTable, key, "v"));
  Batch batch;
  batch.reads.push_back(check(item(kTable, key), stale));
  batch.writes.push_back(stamped(key, "never"));
  EXPECT_FALSE(run(storage().commit(std::move(batch), Durability::kDurable)).has_value());
  EXPECT_EQ(stamp(), 0u);
}

TEST_P(Stamps, CoverEveryAcknowledgedCommit) {
  for (int i = 0; i < 20; ++i) {
    write(stamped(item_key(i), "v"));
    Stamp until = 0;
    EXPECT_EQ(run(read_all(&until)).size(), static_cast<std::size_t>(i + 1));
  }
}

// What makes a stream of them readable: nothing appears later at or below a stamp that was reached.
TEST_P(Stamps, NeverLetAnEntryAppearBelowAStampThatWasReached) {
  constexpr int kThreads = 2;
  constexpr int kCoroutines = 8;
  constexpr int kCommits = 30;
  std::vector<std::string> homes;
  for (int i = 0; i < 64; ++i) homes.push_back(item_key(i));
  const auto client = [&](int number) -> Task<void> {
    for (int i = 0; i < kCommits; ++i) {
      const std::string& home = homes[static_cast<std::size_t>(number * 31 + i * 7) % homes.size()];
      Batch batch;
      batch.writes.push_back(put(kTable, home, std::to_string(i)));
      batch.writes.push_back(stamped(home, "v", std::to_string(number)));
      EXPECT_TRUE((co_await storage().commit(std::move(batch), Durability::kDurable)).has_value());
    }
  };
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::vector<Task<void>> tasks;
      for (int c = 0; c < kCoroutines; ++c) tasks.push_back(client(t * kCoroutines + c));
      run_together(std::move(tasks));
      --running;
    });
  }
  std::vector<Bytes> seen;
  Stamp reached = 0;
  for (bool last = false; !last;) {
    last = running == 0;
    Stamp until = 0;
    std::vector<Bytes> keys = run(read_all(&until));
    EXPECT_GE(until, reached);
    const auto beyond =
        std::find_if(keys.begin(), keys.end(), [&](const Bytes& key) { return stamp_of(key) > reached; });
    EXPECT_TRUE(std::equal(keys.begin(), beyond, seen.begin(), seen.end())) << "the past has changed";
    seen = std::move(keys);
    reached = until;
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kThreads * kCoroutines * kCommits));
}

class EraseStream : public Stamps {};

TEST_P(EraseStream, TakesTheRangeAndNothingElse) {
  const std::string home = item_key(1);
  for (const char* key : {"a", "b", "c", "d"}) write(put(kTable, Space::kStream, home, key, "v"));
  write(put(kTable, Space::kTtl, home, "b", "v"));
  write(put(kOtherTable, Space::kStream, home, "b", "v"));
  const PartitionId partition = expect(run(storage().partitions(kTable))).front().id;
  const RangeRequest all{.key_space = kTable, .space = Space::kStream, .partition = partition, .limit_entries = 10};
  expect(run(storage().erase_stream(kTable, partition + 1, "a", "z")));
  EXPECT_EQ(keys_of(all).size(), 4u);
  expect(run(storage().erase_stream(kTable, partition, "b", "d")));
  EXPECT_EQ(keys_of(all), (std::vector<Bytes>{"a", "d"}));
  EXPECT_TRUE(read({{kTable, home}, Space::kTtl, "b"}).has_value());
  EXPECT_TRUE(read({{kOtherTable, home}, Space::kStream, "b"}).has_value());
}

ARMATURE_ON_EVERY_ENGINE(Stamps);
ARMATURE_ON_EVERY_ENGINE(EraseStream);

}  // namespace
}  // namespace armature::storage
