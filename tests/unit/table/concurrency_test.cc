// Writers on several threads at once, each an executor of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "storage/memory/simulated_storage.h"
#include "support/item_store.h"
#include "support/tables.h"

namespace armature {
namespace {

using namespace armature::test;

constexpr int kThreads = 4;
constexpr int kWritesEach = 100;

TEST(Concurrency, IncrementsOfOneItemAreNeverLost) {
  TestStore store(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "hits", 'N').gsi("g", {{"hits", 'N'}}));
  const UpdateIntent increment = store.update_intent({{"p", S("a")}, {"s", N(1)}}, "ADD hits :one", {{":one", N(1)}});
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&store, &increment] {
      for (int j = 0; j < kWritesEach; ++j) {
        Arena arena;
        const auto outcome = sync_wait(store.items().update(store.definition(), increment, &arena));
        EXPECT_EQ(error_text(outcome), "ok");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store.get_text({{"p", S("a")}, {"s", N(1)}}),
            "{hits: N " + std::to_string(kThreads * kWritesEach) + ", p: S \"a\", s: N 1}");
  EXPECT_EQ(store.stats(store.index("g")->key_space).entries, 1);
}

// On the simulated engine a write is slow between its read and its commit, so that of many on one item nearly all lose.
TEST(Concurrency, NobodyStarvesAtAHotItem) {
  constexpr int kWriters = 40;
  constexpr int kWritesOfEach = 5;
  const storage::SimulatedOptions slow{.seed = 3, .longest_delay = std::chrono::microseconds(100)};
  TestStore store(table("t").pk("p", 'S'), storage::make_simulated_storage(slow));
  const UpdateIntent increment = store.update_intent({{"p", S("a")}}, "ADD hits :one", {{":one", N(1)}});
  const auto write = [&]() -> Task<void> {
    for (int i = 0; i < kWritesOfEach; ++i) {
      Arena arena;
      const auto outcome = co_await store.items().update(store.definition(), increment, &arena);
      EXPECT_EQ(error_text(outcome), "ok");
    }
  };
  ThreadExecutor executor;
  int left = kWriters;
  const auto all = [&]() -> Task<void> {
    for (int i = 0; i < kWriters; ++i) start(write(), [&] { --left; });
    while (left > 0) co_await SleepFor(std::chrono::milliseconds(1));
  };
  executor.run_until(all());
  EXPECT_EQ(store.get_text({{"p", S("a")}}), "{hits: N " + std::to_string(kWriters * kWritesOfEach) + ", p: S \"a\"}");
}

TEST(Concurrency, OnlyOneOfManyConditionalPutsWins) {
  TestStore store(table("t").pk("p", 'S').gsi("g", {{"x", 'N'}}));
  PutIntent put = store.put_intent(attributes({{"p", S("a")}, {"x", N(1)}}));
  put.guard.condition = store.condition("attribute_not_exists(p)");
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      Arena arena;
      if (sync_wait(store.items().put(store.definition(), put, &arena))) ++won;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(store.stats(store.index("g")->key_space).entries, 1);
}

}  // namespace
}  // namespace armature
