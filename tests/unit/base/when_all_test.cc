#include "base/when_all.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "base/executor.h"
#include "base/thread_executor.h"

namespace armature {
namespace {

using namespace std::chrono_literals;

Task<int> number_after(std::chrono::milliseconds delay, int number, std::vector<int>* order) {
  if (delay.count() > 0) co_await SleepFor(delay);
  order->push_back(number);
  co_return number;
}

Task<int> throwing() {
  co_await Yield();
  throw std::runtime_error("no");
}

TEST(WhenAll, ResultsComeInTheOrderOfTheTasksWhateverTheOrderOfTheirEnds) {
  std::vector<int> order;
  std::vector<Task<int>> tasks;
  tasks.push_back(number_after(20ms, 1, &order));
  tasks.push_back(number_after(0ms, 2, &order));
  tasks.push_back(number_after(5ms, 3, &order));
  EXPECT_EQ(sync_wait(when_all(std::move(tasks))), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(order, (std::vector<int>{2, 3, 1}));
}

TEST(WhenAll, NothingIsDoneAtOnce) { EXPECT_TRUE(sync_wait(when_all(std::vector<Task<int>>())).empty()); }

TEST(WhenAll, AnExceptionIsRethrownAfterAllHaveEnded) {
  std::vector<int> order;
  bool caught = false;
  const auto run = [&]() -> Task<void> {
    std::vector<Task<int>> tasks;
    tasks.push_back(throwing());
    tasks.push_back(number_after(5ms, 2, &order));
    try {
      co_await when_all(std::move(tasks));
    } catch (const std::runtime_error&) {
      caught = true;
    }
  };
  sync_wait(run());
  EXPECT_TRUE(caught);
  EXPECT_EQ(order, (std::vector<int>{2}));
}

}  // namespace
}  // namespace armature
