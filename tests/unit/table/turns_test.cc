#include "table/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/thread_executor.h"
#include "table/retry.h"

namespace armature {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::chrono_literals;

storage::ReadKey key_of(BytesView key, storage::KeySpaceId key_space = 2000) {
  return {{key_space, key}, storage::Space::kItems, key};
}

const storage::ReadKey kHot = key_of("12345678a");
const storage::ReadKey kCold = key_of("other   a");

Task<void> lose(Retry* retry, int times) {
  for (int i = 0; i < times; ++i) {
    const bool again = co_await retry->again();
    EXPECT_TRUE(again);
  }
}

TEST(Places, OfOneItemCollectionAreOne) {
  const std::vector keys{key_of("12345678a"), key_of("12345678b")};
  EXPECT_THAT(Turns::places_of(keys), SizeIs(1));
}

TEST(Places, OfDifferentTablesAndCollectionsDiffer) {
  const std::vector keys{key_of("12345678a"), key_of("12345679a"), key_of("12345678a", 2001)};
  EXPECT_THAT(Turns::places_of(keys), SizeIs(3));
}

TEST(Places, ComeInOrderSoThatNobodyWaitsInACircle) {
  std::vector<storage::ReadKey> keys;
  for (storage::KeySpaceId id = 0; id < 50; ++id) keys.push_back(key_of("12345678a", id));
  EXPECT_TRUE(std::ranges::is_sorted(Turns::places_of(keys)));
}

TEST(TurnsAtOnePlace, ComeInTheOrderOfAsking) {
  Turns turns;
  std::vector<int> order;
  const auto take = [&](int who) -> Task<void> {
    const auto turn = co_await turns.take(Turns::places_of({&kHot, 1}));
    co_await SleepFor(1ms);
    order.push_back(who);
  };
  ThreadExecutor executor;
  const auto all = [&]() -> Task<void> {
    for (int who = 1; who <= 3; ++who) start(take(who));
    while (order.size() < 3) co_await SleepFor(1ms);
  };
  executor.run_until(all());
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(AClosedPlace, MakesNewcomersWaitUntilTheTurnIsOver) {
  Turns turns;
  const auto body = [&]() -> Task<void> {
    std::optional<Retry> loser(std::in_place, &turns, std::span(&kHot, 1), 10s);
    const Retry newcomer(&turns, {&kHot, 1}, 10s);
    const Retry elsewhere(&turns, {&kCold, 1}, 10s);
    co_await lose(&*loser, 8);
    EXPECT_FALSE(newcomer.must_wait()) << "a turn alone lets others compete";
    co_await lose(&*loser, 4);
    EXPECT_TRUE(newcomer.must_wait());
    EXPECT_FALSE(elsewhere.must_wait());
    EXPECT_FALSE(loser->must_wait()) << "it is its turn";
    loser.reset();
    EXPECT_FALSE(newcomer.must_wait());
  };
  sync_wait(body());
}

TEST(Patience, DoesNotCountTheTimeInLine) {
  Turns turns;
  const auto body = [&]() -> Task<void> {
    Turns::Turn taken = co_await turns.take(Turns::places_of({&kHot, 1}));
    auto first = std::make_optional(std::move(taken));
    bool got_turn = false;
    const auto wait_in_line = [&]() -> Task<void> {
      Retry retry(&turns, {&kHot, 1}, 30ms);
      co_await lose(&retry, 8);
      got_turn = true;
      co_await lose(&retry, 1);
    };
    start(wait_in_line());
    co_await SleepFor(60ms);
    EXPECT_FALSE(got_turn);
    first.reset();
    while (!got_turn) co_await SleepFor(1ms);
    co_await SleepFor(5ms);
  };
  sync_wait(body());
}

TEST(Patience, EndsWithTheTime) {
  Turns turns;
  const auto body = [&]() -> Task<void> {
    Retry retry(&turns, {&kHot, 1}, 20ms);
    int tries = 0;
    while (true) {
      const bool again = co_await retry.again();
      if (!again) break;
      ++tries;
    }
    EXPECT_GT(tries, 8);
  };
  sync_wait(body());
}

}  // namespace
}  // namespace armature
