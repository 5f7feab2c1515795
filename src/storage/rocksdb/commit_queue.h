// The way from the event loops to the committer: many push, one takes everything at once.
//
// A lock-free stack, reversed when taken. Pushing costs one compare-and-swap, and a wake-up only when the committer
// sleeps. What is pushed after something else was pushed comes out behind it. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/executor.h"
#include "storage/rocksdb/version_table.h"
#include "storage/storage.h"

namespace armature::storage {

// Whole ranges to erase, by physical keys (layout.h), [begin, end).
struct Erasure {
  struct Range {
    Space space;
    Bytes begin;
    Bytes end;
  };
  std::vector<Range> ranges;
  std::optional<KeySpaceId> dropped;  // The key space whose statistics go too.
};

// One commit on its way; lives in the frame of the coroutine that waits for it.
struct QueuedCommit {
  const Batch* batch = nullptr;  // One of these two.
  const Erasure* erasure = nullptr;
  bool stamped = false;  // The batch has stamped writes.
  bool durable = true;
  CommitVersion version = 0;
  boost::container::small_vector<PendingWrite, 4> pending;
  Executor* executor = nullptr;
  std::coroutine_handle<> waiter;
  std::optional<StorageError> error;  // Set before the waiter resumes, if it failed.
  QueuedCommit* next = nullptr;
};

class CommitQueue {
 public:
  // False: closed, and the commit was not taken.
  bool push(QueuedCommit* commit);

  // The rest is for the one thread that takes.

  // Everything pushed so far, oldest first, linked by `next`; nullptr if there is nothing.
  QueuedCommit* take();
  // The same, but sleeps until there is something; nullptr once close() was called and nothing is left. From then on
  // push() returns false.
  QueuedCommit* wait();

  // Lets wait() come to its end. From any thread.
  void close();

 private:
  // head_ is the newest commit or one of these.
  static constexpr std::uintptr_t kEmpty = 0;   // The taker is awake and will look again.
  static constexpr std::uintptr_t kAsleep = 1;  // The taker sleeps: wake it.
  static constexpr std::uintptr_t kClosed = 2;  // The taker is gone.

  void wake();
  void sleep();

  std::atomic<std::uintptr_t> head_{kEmpty};
  std::atomic<bool> closing_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool awake_ = false;  // Guarded by mutex_.
};

}  // namespace armature::storage
