// AsyncMutex: one coroutine at a time; waiting suspends instead of blocking the event loop. Fair. Thread-safe.
//
//   const auto lock = co_await mutex.lock();   // released when `lock` dies, on any thread
#pragma once

#include <coroutine>
#include <deque>
#include <mutex>
#include <utility>

#include "base/assert.h"
#include "base/executor.h"

namespace armature {

class AsyncMutex {
 public:
  class Lock {
   public:
    explicit Lock(AsyncMutex* mutex) : mutex_(mutex) {}
    Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    AsyncMutex* mutex_;
  };

  class Waiting {
   public:
    explicit Waiting(AsyncMutex* mutex) : mutex_(mutex) {}
    bool await_ready() const { return false; }
    bool await_suspend(std::coroutine_handle<> handle) { return mutex_->wait(handle); }
    Lock await_resume() { return Lock(mutex_); }

   private:
    AsyncMutex* mutex_;
  };

  Waiting lock() { return Waiting(this); }

 private:
  struct Waiter {
    std::coroutine_handle<> handle;
    Executor* executor;
  };

  // False when the lock was free and is now the caller's.
  bool wait(std::coroutine_handle<> handle) {
    const std::lock_guard guard(mutex_);
    if (!locked_) {
      locked_ = true;
      return false;
    }
    ARMATURE_ASSERT(Executor::current() != nullptr);
    waiters_.push_back({handle, Executor::current()});
    return true;
  }

  void unlock() {
    Waiter next;
    {
      const std::lock_guard guard(mutex_);
      if (waiters_.empty()) {
        locked_ = false;
        return;
      }
      next = waiters_.front();  // The lock passes to it; locked_ stays true.
      waiters_.pop_front();
    }
    next.executor->post(next.handle);
  }

  std::mutex mutex_;
  bool locked_ = false;         // Guarded by mutex_.
  std::deque<Waiter> waiters_;  // Guarded by mutex_.
};

}  // namespace armature
