// LoopThread: a ClientLoop on a thread of its own, for clients whose callers run elsewhere.
#pragma once

#include <coroutine>
#include <thread>

#include "base/executor.h"
#include "connector/client_loop.h"

namespace armature::connector {

class LoopThread {
 public:
  LoopThread();
  // Stops the loop. No transport on it may have an exchange running.
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  ClientLoop* loop() { return &loop_; }

 private:
  class Stopped;
  Task<void> run_until_stopped();

  ClientLoop loop_;
  std::coroutine_handle<> stopped_;
  std::thread thread_;
};

// Moves the awaiting coroutine to `executor`'s thread.
class ResumeOn {
 public:
  explicit ResumeOn(Executor* executor) : executor_(executor) {}
  bool await_ready() const { return Executor::current() == executor_; }
  void await_suspend(std::coroutine_handle<> handle) const { executor_->post(handle); }
  void await_resume() const {}

 private:
  Executor* executor_;
};

}  // namespace armature::connector
