// The one thread that writes. It takes every commit the event loops have queued, makes one RocksDB batch of them,
// writes and syncs it once, and wakes the coroutines that wait, one post to each executor.
//
// When a write fails, the group fails, and so does everything queued behind it, because it may build on what was not
// written. Versions move, so later readers start afresh; commits are refused until RocksDB has recovered (recovery.h).
// A disk that is almost full is not an error of RocksDB: commits are refused before it becomes one.
//
// The thread also gives out stamps, commit by commit in the order of writing, and a group shows as a whole. So whoever
// has read up to a stamp has read everything before it.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/disk_space.h"
#include "storage/rocksdb/entry_cache.h"
#include "storage/rocksdb/key_space_totals.h"
#include "storage/rocksdb/recovery.h"
#include "storage/rocksdb/version_table.h"
#include "storage/stamp_clock.h"

namespace armature::storage {

// All of them count from the start of the process.
struct CommitCounters {
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> groups{0};
  std::atomic<std::uint64_t> synced_groups{0};
  std::atomic<std::uint64_t> written_bytes{0};
  std::atomic<std::uint64_t> write_nanoseconds{0};  // In RocksDB's Write: log, sync, memory.
};

class Committer {
 public:
  // `next_version` hands out versions; shared with the commits that enter the table. Stamps go on behind `last_stamp`.
  // All references outlive the committer.
  Committer(Database& database, VersionTable& versions, EntryCache& cache, KeySpaceTotals& totals,
            std::atomic<Version>& next_version, DiskSpace disk_space, Stamp last_stamp);
  ~Committer();

  // Takes the commit over until its waiter is posted; false when closed. Thread-safe.
  bool push(QueuedCommit* commit) { return queue_.push(commit); }

  // The stamp of the last stamped commit that can be read. Thread-safe.
  Stamp visible_stamp() const { return visible_stamp_.load(std::memory_order_acquire); }

  // Completes what was pushed and ends the thread. Thread-safe.
  void close();

  const CommitCounters& counters() const { return counters_; }

 private:
  using Group = std::span<QueuedCommit* const>;

  void run();
  void queue_behind(QueuedCommit* oldest);
  Group next_group() const;

  rocksdb::Status write(Group group);
  rocksdb::Status append(const QueuedCommit& commit);
  rocksdb::Status append(const Write& write, Stamp stamp);
  rocksdb::Status append(const Erasure& erasure);
  rocksdb::Status append_last_stamp();
  rocksdb::Status write_batch(bool durable);
  rocksdb::Status may_write(Group group);

  void complete(Group group);
  void settle(PendingWrite* pending);
  void fail_backlog(const rocksdb::Status& status);
  void finish(Group group);

  Database& database_;
  VersionTable& versions_;
  EntryCache& cache_;
  KeySpaceTotals& totals_;
  std::atomic<Version>& next_version_;

  Recovery recovery_;
  CommitQueue queue_;
  CommitCounters counters_;
  std::atomic<Stamp> visible_stamp_;

  // The thread's own from here.
  std::vector<QueuedCommit*> backlog_;  // Taken from the queue, in order, not done yet.
  rocksdb::WriteBatch batch_;
  StampClock stamps_;
  rocksdb::Status failure_;  // Why the last write failed, while the engine has not recovered.
  DiskSpace disk_space_;
  struct Wake {
    Executor* executor;
    std::vector<std::coroutine_handle<>> waiters;
  };
  std::vector<Wake> wakes_;

  std::mutex close_mutex_;
  std::thread thread_;  // Last: it uses everything above.
};

}  // namespace armature::storage
