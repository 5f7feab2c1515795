// An executor with a thread's own queue and no sockets: for tests, tools and background work.
#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "base/executor.h"
#include "base/task.h"

namespace armature {

// Runs on the thread that calls run() or run_until(). post*() are thread-safe.
class ThreadExecutor final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override;
  void post_all(std::span<const std::coroutine_handle<>> handles) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  // Runs until stop() was called and nothing is ready.
  void run();
  void stop();

  // Runs until `task` is done; returns what it returned.
  template <class T>
  T run_until(Task<T> task) {
    const Scope scope(this);
    bool done = false;
    if constexpr (std::is_void_v<T>) {
      start(std::move(task), [&] { done = true; });
      run_while([&] { return !done; });
    } else {
      std::optional<T> result;
      start(std::move(task), [&](T&& value) {
        result.emplace(std::move(value));
        done = true;
      });
      run_while([&] { return !done; });
      return std::move(*result);
    }
  }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void run_while(const std::function<bool()>& wanted);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::coroutine_handle<>> ready_;               // Guarded by mutex_.
  std::multimap<SteadyTime, std::function<void()>> timers_;  // Guarded by mutex_.
  bool stopping_ = false;                                    // Guarded by mutex_.
};

// Runs `task` to its end on this thread, which must not be an executor's.
template <class T>
T sync_wait(Task<T> task) {
  ThreadExecutor executor;
  return executor.run_until(std::move(task));
}

}  // namespace armature
