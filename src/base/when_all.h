// when_all: many tasks at once instead of one after the other. For work that waits on the same thing, like writes that
// share one sync.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "base/task.h"

namespace armature {

namespace when_all_detail {

struct Gate {
  std::size_t running = 0;
  std::coroutine_handle<> waiting;  // Set while somebody waits.
  std::exception_ptr exception;     // The first one thrown.

  void leave() {
    if (--running == 0 && waiting) waiting.resume();
  }
};

struct GateAwaiter {
  Gate* gate;
  bool await_ready() const noexcept { return gate->running == 0; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept { gate->waiting = handle; }
  void await_resume() const {
    if (gate->exception) std::rethrow_exception(gate->exception);
  }
};

template <class T>
task_detail::Detached run(Task<T> task, std::optional<T>* result, Gate* gate) {
  try {
    result->emplace(co_await std::move(task));
  } catch (...) {
    if (!gate->exception) gate->exception = std::current_exception();
  }
  gate->leave();  // May resume the waiter, and with it end the gate: nothing follows.
}

}  // namespace when_all_detail

// Starts every task, in order, on this thread, and returns their results in that order once the last is done. The tasks
// must resume on the executor they were started on, as everything above storage/ does. When tasks throw, the first
// exception is rethrown after all have ended.
template <class T>
Task<std::vector<T>> when_all(std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> slots(tasks.size());
  when_all_detail::Gate gate{.running = tasks.size(), .waiting = {}, .exception = {}};
  for (std::size_t i = 0; i < tasks.size(); ++i) when_all_detail::run(std::move(tasks[i]), &slots[i], &gate);
  co_await when_all_detail::GateAwaiter{&gate};
  std::vector<T> results;
  results.reserve(slots.size());
  for (std::optional<T>& slot : slots) results.push_back(std::move(*slot));
  co_return results;
}

}  // namespace armature
