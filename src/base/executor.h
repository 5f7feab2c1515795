// Executor: where a suspended coroutine is resumed. Each event loop is one. What suspends (a commit,
// a cold read) remembers Executor::current() and posts the coroutine back there, so that the code
// above storage/ never changes threads and needs no locks of its own.
#pragma once

#include <chrono>
#include <coroutine>
#include <functional>
#include <span>

namespace armature {

class Executor {
 public:
  virtual ~Executor() = default;

  // Resumes `handle` on this executor's thread, soon, never inside the call. Thread-safe.
  virtual void post(std::coroutine_handle<> handle) = 0;
  // The same for many at the cost of one wake-up. Thread-safe.
  virtual void post_all(std::span<const std::coroutine_handle<>> handles) {
    for (auto handle : handles) post(handle);
  }
  // Runs `work` on this executor's thread after at least `delay`. Thread-safe. Work still waiting
  // when the executor is destroyed is dropped.
  virtual void post_after(std::chrono::nanoseconds delay, std::function<void()> work) = 0;

  // The executor running on this thread; nullptr outside of any.
  static Executor* current();

 protected:
  // Marks this thread as running `executor` for the scope's life; scopes nest.
  class Scope {
   public:
    explicit Scope(Executor* executor);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Executor* previous_;
  };
};

// Suspends the calling coroutine for at least `delay`. Needs a current executor.
class SleepFor {
 public:
  explicit SleepFor(std::chrono::nanoseconds delay) : delay_(delay) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) const {
    Executor::current()->post_after(delay_, [handle] { handle.resume(); });
  }
  void await_resume() const {}

 private:
  std::chrono::nanoseconds delay_;
};

// Suspends and resumes behind whatever is queued already: a long walk stays polite with it.
class Yield {
 public:
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { Executor::current()->post(handle); }
  void await_resume() const {}
};

}  // namespace armature
