#include "connector/loop_thread.h"

namespace armature::connector {

// Suspends until the loop is told to stop.
class LoopThread::Stopped {
 public:
  explicit Stopped(LoopThread* owner) : owner_(owner) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { owner_->stopped_ = handle; }
  void await_resume() const {}

 private:
  LoopThread* owner_;
};

// The loop runs the task, and thus sets `stopped_`, before anything that was posted to it.
LoopThread::LoopThread() : thread_([this] { loop_.run(run_until_stopped()); }) {}

LoopThread::~LoopThread() {
  loop_.post_after(std::chrono::nanoseconds(0), [this] { loop_.post(stopped_); });
  thread_.join();
}

Task<void> LoopThread::run_until_stopped() { co_await Stopped(this); }

}  // namespace armature::connector
