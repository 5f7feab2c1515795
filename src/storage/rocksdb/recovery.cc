#include "storage/rocksdb/recovery.h"

#include <rocksdb/convenience.h>

#include <algorithm>

#include "base/log.h"

namespace armature::storage {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2000};

}  // namespace

void Recovery::start() {
  const std::lock_guard lock(mutex_);
  healthy_.store(false, std::memory_order_release);
  wake_.notify_one();
}

void Recovery::run() {
  std::unique_lock lock(mutex_);
  std::chrono::milliseconds pause = kFirstPause;
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !healthy(); });
    if (closing_) return;
    lock.unlock();
    const rocksdb::Status status = database_.recover();
    lock.lock();
    if (status.ok()) {
      log(LogLevel::kInfo, "the storage engine recovered; commits are accepted again");
      healthy_.store(true, std::memory_order_release);
      pause = kFirstPause;
      continue;
    }
    log(LogLevel::kWarning, "the storage engine did not recover yet; commits are refused",
        {{"error", std::string_view(status.ToString())}});
    wake_.wait_for(lock, pause, [this] { return closing_; });
    pause = std::min(2 * pause, kLongestPause);
  }
}

void Recovery::close() {
  const std::lock_guard closing(close_mutex_);
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (!healthy()) rocksdb::CancelAllBackgroundWork(&database_.rocksdb(), /*wait=*/false);
  thread_.join();
}

}  // namespace armature::storage
