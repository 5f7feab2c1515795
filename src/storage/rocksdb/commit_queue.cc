#include "storage/rocksdb/commit_queue.h"

namespace armature::storage {

bool CommitQueue::push(QueuedCommit* commit) {
  std::uintptr_t head = head_.load(std::memory_order_relaxed);
  do {
    if (head == kClosed) return false;
    commit->next = head == kAsleep ? nullptr : reinterpret_cast<QueuedCommit*>(head);
  } while (!head_.compare_exchange_weak(head, reinterpret_cast<std::uintptr_t>(commit), std::memory_order_acq_rel,
                                        std::memory_order_relaxed));
  if (head == kAsleep) wake();
  return true;
}

QueuedCommit* CommitQueue::take() {
  const std::uintptr_t head = head_.exchange(kEmpty, std::memory_order_acq_rel);
  if (head == kAsleep) return nullptr;
  QueuedCommit* oldest = nullptr;
  for (auto* commit = reinterpret_cast<QueuedCommit*>(head); commit != nullptr;) {
    QueuedCommit* older = commit->next;
    commit->next = oldest;
    oldest = commit;
    commit = older;
  }
  return oldest;
}

QueuedCommit* CommitQueue::wait() {
  while (true) {
    if (QueuedCommit* oldest = take(); oldest != nullptr) return oldest;
    const bool closing = closing_.load(std::memory_order_acquire);
    std::uintptr_t expected = kEmpty;
    if (!head_.compare_exchange_strong(expected, closing ? kClosed : kAsleep, std::memory_order_acq_rel)) continue;
    if (closing) return nullptr;
    sleep();
  }
}

void CommitQueue::close() {
  closing_.store(true, std::memory_order_release);
  wake();
}

void CommitQueue::wake() {
  const std::lock_guard lock(mutex_);
  awake_ = true;
  wake_.notify_one();
}

void CommitQueue::sleep() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return awake_; });
  awake_ = false;
}

}  // namespace armature::storage
