// WorkerThread: one thread for work that would hold up an event loop, such as hashing a password. Thread-safe.
//
//   co_await worker.run([&] { hash = hash_password(password); });
#pragma once

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "base/executor.h"

namespace armature {

class WorkerThread {
 public:
  WorkerThread() : thread_([this] { work(); }) {}
  // Does what was accepted first. Nobody may call run() any more.
  ~WorkerThread() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  class Run {
   public:
    Run(WorkerThread* thread, std::function<void()> work) : thread_(thread), work_(std::move(work)) {}
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      ARMATURE_ASSERT(Executor::current() != nullptr);
      thread_->submit({std::move(work_), handle, Executor::current()});
    }
    void await_resume() const {}

   private:
    WorkerThread* thread_;
    std::function<void()> work_;
  };

  // Awaiting it calls `work` on the thread, then resumes the caller on its own executor.
  Run run(std::function<void()> work) { return {this, std::move(work)}; }

 private:
  struct Job {
    std::function<void()> work;
    std::coroutine_handle<> waiter;
    Executor* executor;
  };

  void submit(Job job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

  void work() {
    while (true) {
      Job job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !jobs_.empty() || closing_; });
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job.work();
      job.executor->post(job.waiter);
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;  // Guarded by mutex_.
  bool closing_ = false;  // Guarded by mutex_.
  std::thread thread_;    // Last: it uses all of the above.
};

}  // namespace armature
