// Many coroutines at once on one loop.
#pragma once

#include <vector>

#include "base/task.h"
#include "base/thread_executor.h"

namespace armature::storage {

// Runs `tasks` at once on an executor of their own.
inline void run_together(std::vector<Task<void>> tasks) {
  ThreadExecutor executor;
  struct Join {
    ThreadExecutor& executor;
    std::vector<Task<void>>& tasks;
    std::size_t left = 0;
    std::coroutine_handle<> waiter;

    bool await_ready() const { return tasks.empty(); }
    void await_suspend(std::coroutine_handle<> handle) {
      waiter = handle;
      left = tasks.size();
      for (Task<void>& task : tasks) {
        start(std::move(task), [this] {
          if (--left == 0) executor.post(waiter);
        });
      }
    }
    void await_resume() const {}
  };
  const auto all = [](ThreadExecutor& on, std::vector<Task<void>>& work) -> Task<void> {
    Join join{on, work};
    co_await join;
  };
  executor.run_until(all(executor, tasks));
}

}  // namespace armature::storage
