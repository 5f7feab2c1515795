// EventLoop: one thread, one Asio io_context, and the executor of every coroutine started on it.
// EventLoops: the group of them a server runs on, one per core by default.
#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/executor.h"

namespace boost::asio {
class io_context;
}

namespace armature::http {

class EventLoop final : public Executor {
 public:
  EventLoop();
  // The loop must not be running. Coroutines still queued are dropped, not destroyed.
  ~EventLoop() override;

  // From the loop's own thread these go to a local queue without a lock; from others, to a shared queue, and only
  // the first of a burst wakes the loop. Both are served in batches, between socket events, so a coroutine that
  // posts itself again and again starves nobody.
  void post(std::coroutine_handle<> handle) override;
  void post_all(std::span<const std::coroutine_handle<>> handles) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  // Runs `work` on the loop's thread, soon, never inside the call. Thread-safe; costs an allocation.
  void post_work(std::function<void()> work);

  // Serves until stop(), on the calling thread.
  void run();
  // Makes run() return soon. Thread-safe.
  void stop();

  bool runs_on_this_thread() const { return Executor::current() == this; }

  // For those who put sockets on the loop (they include Asio themselves).
  boost::asio::io_context& io_context() { return *context_; }

 private:
  void schedule_local();
  void run_local();
  void run_shared();

  const std::unique_ptr<boost::asio::io_context> context_;

  // Only the loop's thread touches these.
  std::vector<std::coroutine_handle<>> local_;
  std::vector<std::coroutine_handle<>> local_batch_;
  bool local_scheduled_ = false;
  std::vector<std::coroutine_handle<>> shared_batch_;

  std::mutex mutex_;
  std::vector<std::coroutine_handle<>> shared_;  // Guarded by mutex_. Not empty: a wake-up is on its way.
};

class EventLoops {
 public:
  // Starts `count` loops on threads of their own; 0 means one per core.
  explicit EventLoops(std::size_t count = 0);
  // Stops the loops and joins their threads.
  ~EventLoops();
  EventLoops(const EventLoops&) = delete;
  EventLoops& operator=(const EventLoops&) = delete;

  std::size_t size() const { return loops_.size(); }
  EventLoop& at(std::size_t index) { return *loops_[index]; }
  // Takes turns: for background work that belongs to no connection. Thread-safe.
  EventLoop& next() { return *loops_[next_.fetch_add(1, std::memory_order_relaxed) % loops_.size()]; }

  // Stops and joins; whatever still waits on a loop never resumes. Idempotent; not from a loop's thread.
  void stop();

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace armature::http
