#include "base/background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/thread_executor.h"

namespace armature {
namespace {

using namespace std::chrono_literals;

// An executor on a thread of its own, as event loops are.
class Loop {
 public:
  Loop() : thread_([this] { executor_.run(); }) {}
  ~Loop() {
    executor_.stop();
    thread_.join();
  }
  ThreadExecutor& executor() { return executor_; }

 private:
  ThreadExecutor executor_;
  std::thread thread_;
};

void wait_until(const std::atomic<int>& counter, int least) {
  while (counter < least) std::this_thread::sleep_for(1ms);
}

Task<StepResult> count(std::atomic<int>* counter, StepResult result) {
  ++*counter;
  co_await Yield();
  co_return result;
}

TEST(Background, StepsFollowOneAnotherUntilTheRunnerIsStopped) {
  Loop loop;
  MetricsRegistry metrics;
  std::atomic<int> steps{0};
  BackgroundRunner runner(&metrics);
  runner.add(loop.executor(), {.name = "counting", .step = [&] { return count(&steps, StepResult(0ns)); }});
  wait_until(steps, 5);
  runner.stop();
  const int at_stop = steps;
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(steps, at_stop);
  EXPECT_GE(metrics.histogram("armature_background_step_seconds", "", {{"job", "counting"}}).snapshot().count, 5u);
}

TEST(Background, StoppingWaitsForTheStepThatRuns) {
  Loop loop;
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  const auto slow = [&]() -> Task<StepResult> {
    ++begun;
    co_await SleepFor(20ms);
    ++ended;
    co_return StepResult(0ns);
  };
  BackgroundRunner runner(nullptr);
  runner.add(loop.executor(), {.name = "slow", .step = slow});
  wait_until(begun, 1);
  runner.stop();
  EXPECT_EQ(begun, ended);
}

TEST(Background, AFailedStepIsCountedAndTriedAgainAfterAPause) {
  Loop loop;
  MetricsRegistry metrics;
  std::atomic<int> steps{0};
  BackgroundRunner runner(&metrics);
  const auto begin = std::chrono::steady_clock::now();
  runner.add(loop.executor(),
             {.name = "failing", .step = [&] { return count(&steps, Unexpected(std::string("no disk"))); }});
  wait_until(steps, 2);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
  EXPECT_GE(metrics.counter("armature_background_failures_total", "", {{"job", "failing"}}).value(), 1u);
}

TEST(Background, WithoutTheLeaseNoStepIsMade) {
  Loop loop;
  std::atomic<int> asked{0};
  std::atomic<int> steps{0};
  const auto refuse = [&](std::string_view job) -> Task<bool> {
    EXPECT_EQ(job, "leased");
    ++asked;
    co_return false;
  };
  BackgroundRunner runner(nullptr, refuse);
  runner.add(loop.executor(), {.name = "leased", .step = [&] { return count(&steps, StepResult(0ns)); }});
  wait_until(asked, 1);
  runner.stop();
  EXPECT_EQ(steps, 0);
}

}  // namespace
}  // namespace armature
