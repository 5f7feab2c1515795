// A few threads for what would block an event loop: reads that miss the cache. Thread-safe.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <mutex>
#include <thread>
#include <vector>

#include "base/executor.h"

namespace armature::storage {

class IoPool {
 public:
  explicit IoPool(int threads);
  ~IoPool();

  // Awaiting run(work) calls `work` on a thread of the pool and resumes the caller where it was. Gives false, without a
  // call, once the pool is closed. `work` must live as long as the await.
  template <class Work>
  auto run(Work& work) {
    return Run<Work>(*this, work);
  }

  // Does what was accepted, then ends the threads.
  void close();

 private:
  struct Job {
    virtual void execute() = 0;
    Executor* executor = nullptr;
    std::coroutine_handle<> waiter;
    Job* next = nullptr;

   protected:
    ~Job() = default;
  };

  template <class Work>
  class Run final : private Job {
   public:
    Run(IoPool& pool, Work& work) : pool_(pool), work_(work) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) {
      this->executor = Executor::current();
      this->waiter = waiter;
      accepted_ = pool_.submit(this);
      return accepted_;
    }
    bool await_resume() const noexcept { return accepted_; }

   private:
    void execute() override { work_(); }

    IoPool& pool_;
    Work& work_;
    bool accepted_ = false;
  };

  bool submit(Job* job);
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  Job* oldest_ = nullptr;   // Guarded by mutex_.
  Job* newest_ = nullptr;   // Guarded by mutex_.
  bool closing_ = false;    // Guarded by mutex_.
  std::mutex close_mutex_;  // Orders calls of close().
  std::vector<std::thread> threads_;
};

}  // namespace armature::storage
