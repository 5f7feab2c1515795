#include "base/thread_executor.h"

namespace armature {

void ThreadExecutor::post(std::coroutine_handle<> handle) {
  const std::lock_guard lock(mutex_);
  ready_.push_back(handle);
  wake_.notify_one();
}

void ThreadExecutor::post_all(std::span<const std::coroutine_handle<>> handles) {
  const std::lock_guard lock(mutex_);
  ready_.insert(ready_.end(), handles.begin(), handles.end());
  wake_.notify_one();
}

void ThreadExecutor::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  const auto when =
      std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(delay);
  timers_.emplace(when, std::move(work));
  wake_.notify_one();
}

void ThreadExecutor::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_one();
}

void ThreadExecutor::run() {
  const Scope scope(this);
  run_while([this] {
    const std::lock_guard lock(mutex_);
    return !stopping_ || !ready_.empty();
  });
}

void ThreadExecutor::run_while(const std::function<bool()>& wanted) {
  std::vector<std::coroutine_handle<>> batch;
  std::vector<std::function<void()>> due;
  while (wanted()) {
    {
      std::unique_lock lock(mutex_);
      while (ready_.empty() && !stopping_) {
        if (timers_.empty()) {
          wake_.wait(lock);
        } else if (wake_.wait_until(lock, timers_.begin()->first) == std::cv_status::timeout ||
                   timers_.begin()->first <= std::chrono::steady_clock::now()) {
          break;
        }
      }
      batch.swap(ready_);
      const auto now = std::chrono::steady_clock::now();
      while (!timers_.empty() && timers_.begin()->first <= now) {
        due.push_back(std::move(timers_.begin()->second));
        timers_.erase(timers_.begin());
      }
    }
    for (auto handle : batch) handle.resume();
    batch.clear();
    for (auto& work : due) work();
    due.clear();
  }
}

}  // namespace armature
