#include "http/event_loop.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

#include "base/task.h"

namespace armature::http {
namespace {

using namespace std::chrono_literals;

// Moves the calling coroutine to `loop`.
struct MoveTo {
  EventLoop& loop;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { loop.post(handle); }
  void await_resume() const {}
};

// Suspends and leaves the handle to the test.
struct Park {
  std::coroutine_handle<>* place;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { *place = handle; }
  void await_resume() const {}
};

Task<void> record_thread(EventLoop& loop, std::promise<bool>& on_loop) {
  co_await MoveTo{loop};
  on_loop.set_value(loop.runs_on_this_thread() && Executor::current() == &loop);
}

TEST(EventLoop, PostFromAnotherThreadResumesOnTheLoop) {
  EventLoops loops(1);
  std::promise<bool> on_loop;
  start(record_thread(loops.at(0), on_loop));
  EXPECT_TRUE(on_loop.get_future().get());
}

Task<void> hop(EventLoop& a, EventLoop& b, int times, std::promise<int>& hops) {
  int right = 0;
  for (int i = 0; i < times; ++i) {
    co_await MoveTo{a};
    right += a.runs_on_this_thread();
    co_await MoveTo{b};
    right += b.runs_on_this_thread();
  }
  hops.set_value(right);
}

TEST(EventLoop, CoroutinesMoveBetweenLoops) {
  EventLoops loops(2);
  std::promise<int> hops;
  start(hop(loops.at(0), loops.at(1), 1000, hops));
  EXPECT_EQ(hops.get_future().get(), 2000);
}

Task<void> park_then_count(EventLoop& loop, std::coroutine_handle<>* place, std::vector<int>* order, int number,
                           std::promise<void>* last) {
  co_await Park{place};
  EXPECT_TRUE(loop.runs_on_this_thread());
  order->push_back(number);
  if (last != nullptr) last->set_value();
}

TEST(EventLoop, PostAllResumesEachOnceAndInOrder) {
  EventLoops loops(1);
  constexpr int kCount = 100;
  std::vector<std::coroutine_handle<>> handles(kCount);
  std::vector<int> order;
  std::promise<void> last;
  for (int i = 0; i < kCount; ++i) {
    start(park_then_count(loops.at(0), &handles[static_cast<std::size_t>(i)], &order, i,
                          i == kCount - 1 ? &last : nullptr));
  }
  loops.at(0).post_all(handles);
  last.get_future().wait();
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kCount));
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

Task<void> yield_until(EventLoop& loop, std::atomic<bool>& stop, std::promise<void>& stopped) {
  co_await MoveTo{loop};
  while (!stop) co_await Yield();
  stopped.set_value();
}

TEST(EventLoop, ACoroutineThatYieldsForeverStarvesNobody) {
  EventLoops loops(1);
  std::atomic<bool> stop{false};
  std::promise<void> stopped;
  start(yield_until(loops.at(0), stop, stopped));
  loops.at(0).post_after(1ms, [&] { stop = true; });
  EXPECT_EQ(stopped.get_future().wait_for(5s), std::future_status::ready);
}

TEST(EventLoop, PostAfterWaitsAtLeastTheDelay) {
  EventLoops loops(1);
  std::promise<bool> ran;
  const auto begin = std::chrono::steady_clock::now();
  loops.at(0).post_after(20ms, [&] { ran.set_value(loops.at(0).runs_on_this_thread()); });
  EXPECT_TRUE(ran.get_future().get());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TEST(EventLoop, WorkStillWaitingIsDroppedWithTheLoop) {
  const auto token = std::make_shared<int>(0);
  {
    EventLoops loops(1);
    loops.at(0).post_after(1h, [token] {});
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
}

TEST(EventLoops, NextTakesTurns) {
  EventLoops loops(2);
  EventLoop& first = loops.next();
  EXPECT_NE(&first, &loops.next());
  EXPECT_EQ(&first, &loops.next());
}

}  // namespace
}  // namespace armature::http
