#include "storage/rocksdb/io_pool.h"

#include "base/assert.h"

namespace armature::storage {

IoPool::IoPool(int threads) {
  ARMATURE_ASSERT(threads > 0);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

IoPool::~IoPool() { close(); }

void IoPool::close() {
  const std::lock_guard closing(close_mutex_);
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool IoPool::submit(Job* job) {
  ARMATURE_ASSERT(job->executor != nullptr);
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return false;
    job->next = nullptr;
    (newest_ != nullptr ? newest_->next : oldest_) = job;
    newest_ = job;
  }
  wake_.notify_one();
  return true;
}

void IoPool::work() {
  while (true) {
    Job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return oldest_ != nullptr || closing_; });
      if (oldest_ == nullptr) return;
      job = oldest_;
      oldest_ = job->next;
      if (oldest_ == nullptr) newest_ = nullptr;
    }
    job->execute();
    // The job is gone once its waiter runs.
    job->executor->post(job->waiter);
  }
}

}  // namespace armature::storage
