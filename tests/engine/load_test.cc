// Every engine under concurrent load, with a model beside it.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/random.h"
#include "engine/engines.h"
#include "engine/together.h"

namespace armature::storage {
namespace {

std::int64_t number(BytesView text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Load : public EngineTest {};

TEST_P(Load, CountersLoseNoUpdateAndRepeatNoValue) {
  constexpr int kThreads = 3;
  constexpr int kCoroutines = 8;
  constexpr int kUpdates = 12;
  const std::vector<std::string> keys = {item_key(1), item_key(2), item_key(77)};
  std::mutex mutex;
  std::map<std::string, std::multiset<std::int64_t>> seen;  // Guarded by mutex.

  const auto client = [&](int first) -> Task<void> {
    for (int i = 0; i < kUpdates; ++i) {
      const std::string& key = keys[static_cast<std::size_t>(first + i) % keys.size()];
      const auto updated = co_await update(storage(), item(kTable, key),
                                           [](const Bytes& before) { return std::to_string(number(before) + 1); });
      EXPECT_TRUE(updated.has_value());
      const std::lock_guard lock(mutex);
      seen[key].insert(number(updated->before));
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::vector<Task<void>> tasks;
      for (int c = 0; c < kCoroutines; ++c) tasks.push_back(client(t + c));
      run_together(std::move(tasks));
    });
  }
  for (auto& thread : threads) thread.join();

  std::int64_t total = 0;
  for (const std::string& key : keys) {
    // Each value from 0 up was the one before exactly one update.
    std::int64_t expected = 0;
    for (const std::int64_t value : seen[key]) EXPECT_EQ(value, expected++);
    EXPECT_EQ(number(read(kTable, key).value_or("")), expected);
    total += expected;
  }
  EXPECT_EQ(total, kThreads * kCoroutines * kUpdates);
}

TEST_P(Load, TransfersBetweenAccountsKeepTheirSum) {
  constexpr int kAccounts = 40;
  constexpr std::int64_t kOpening = 100;
  std::vector<std::string> accounts;
  for (int i = 0; i < kAccounts; ++i) {
    accounts.push_back(item_key(i * 7));
    write(put(kTable, accounts.back(), std::to_string(kOpening)));
  }
  const auto transfer = [&](std::size_t from, std::size_t to) -> Task<void> {
    while (true) {
      const std::vector<ReadKey> keys = {item(kTable, accounts[from]), item(kTable, accounts[to])};
      const auto found = co_await storage().get_many(keys, ReadMode::kForUpdate);
      Batch batch;
      batch.reads = {check(keys[0], (*found)[0].version), check(keys[1], (*found)[1].version)};
      batch.writes.push_back(put(kTable, accounts[from], std::to_string(number((*found)[0].value) - 1)));
      batch.writes.push_back(put(kTable, accounts[to], std::to_string(number((*found)[1].value) + 1)));
      if (co_await storage().commit(std::move(batch), Durability::kDurable)) co_return;
      co_await Yield();
    }
  };
  // A reader that validates what it read must see the right sum at every moment.
  std::atomic<int> validated{0};
  const auto audit = [&]() -> Task<void> {
    std::vector<ReadKey> keys;
    for (const std::string& account : accounts) keys.push_back(item(kTable, account));
    for (int attempt = 0; attempt < 20; ++attempt) {
      const auto found = co_await storage().get_many(keys, ReadMode::kForUpdate);
      Batch batch;
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        batch.reads.push_back(check(keys[i], (*found)[i].version));
        sum += number((*found)[i].value);
      }
      if (co_await storage().commit(std::move(batch), Durability::kDurable)) {
        EXPECT_EQ(sum, kAccounts * kOpening);
        ++validated;
      }
      co_await Yield();
    }
  };
  const auto work = [&](std::uint64_t seed) {
    SeededRandom random(seed);
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 60; ++i) {
      const std::size_t from = random.below(kAccounts);
      tasks.push_back(transfer(from, (from + 1 + random.below(kAccounts - 1)) % kAccounts));
    }
    tasks.push_back(audit());
    run_together(std::move(tasks));
  };
  std::thread other([&] { work(8); });
  work(9);
  other.join();
  run_together([&] {
    std::vector<Task<void>> last;
    last.push_back(audit());
    return last;
  }());
  EXPECT_GT(validated, 0);
}

// One client at a time, so a plain map can say what each answer must be.
TEST_P(Load, AnswersLikeAMapUnderRandomCalls) {
  SeededRandom random(4711);
  std::map<Bytes, Bytes> model;
  KeySpaceStats stats;
  std::vector<std::string> keys;
  for (int i = 0; i < 120; ++i) keys.push_back(item_key(i * 3));

  for (int step = 0; step < 600; ++step) {
    const auto choice = random.below(10);
    if (choice < 5) {
      Batch batch;
      KeySpaceStats delta;
      for (std::uint64_t i = 0; i <= random.below(5); ++i) {
        const std::string& key = keys[random.below(keys.size())];
        if (random.below(3) == 0) {
          delta.entries -= static_cast<std::int64_t>(model.erase(key));
          batch.writes.push_back(erase(kTable, key));
        } else {
          const Bytes value = std::to_string(random.next());
          delta.entries += model.insert_or_assign(key, value).second;
          batch.writes.push_back(put(kTable, key, value));
        }
      }
      batch.stats.push_back({kTable, delta.entries, delta.bytes});
      stats.entries += delta.entries;
      commit(std::move(batch));
    } else if (choice < 8) {
      const std::string& key = keys[random.below(keys.size())];
      const auto expected = model.find(key);
      EXPECT_EQ(read(kTable, key), expected == model.end() ? std::nullopt : std::optional(expected->second));
    } else {
      Bytes begin = keys[random.below(keys.size())];
      Bytes end = random.below(4) == 0 ? Bytes() : keys[random.below(keys.size())];
      const std::size_t limit = 1 + random.below(20);
      const bool reverse = random.below(2) == 0;
      std::vector<Bytes> expected;
      for (const auto& [key, value] : model) {
        if (key >= begin && (end.empty() || key < end)) expected.push_back(key);
      }
      if (reverse) std::reverse(expected.begin(), expected.end());
      const bool expect_more = expected.size() > limit;
      if (expect_more) expected.resize(limit);
      bool more = false;
      EXPECT_EQ(
          keys_of({.key_space = kTable, .begin = begin, .end = end, .reverse = reverse, .limit_entries = limit}, &more),
          expected);
      EXPECT_EQ(more, expect_more);
    }
  }
  EXPECT_EQ(expect(run(storage().stats(kTable))).entries, stats.entries);
}

TEST_P(Load, ReadsSeeEveryAcknowledgedWriteWhilePartitionsChange) {
  std::vector<std::string> keys;
  for (int i = 0; i < 200; ++i) keys.push_back(item_key((i * 37) % 200));
  const auto client = [&](std::size_t first) -> Task<void> {
    for (std::size_t i = first; i < keys.size(); i += 4) {
      EXPECT_TRUE((co_await commit_write(storage(), put(kTable, keys[i], "v"))).has_value());
      const auto found = co_await storage().get(item(kTable, keys[i]), ReadMode::kCommitted);
      EXPECT_TRUE(found.has_value() && found->found) << keys[i];
    }
  };
  std::vector<Task<void>> tasks;
  for (std::size_t first = 0; first < 4; ++first) tasks.push_back(client(first));
  run_together(std::move(tasks));
  EXPECT_EQ(keys_of({.key_space = kTable, .limit_entries = 1000}).size(), keys.size());
}

ARMATURE_ON_EVERY_ENGINE(Load);

}  // namespace
}  // namespace armature::storage
