// The statistics of every key space, kept in memory and written as absolute totals with each group of commits: one
// small row per key space and group, exact after a crash because it travels in the same batch as the data.
#pragma once

#include <rocksdb/write_batch.h>

#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "storage/rocksdb/database.h"
#include "storage/storage.h"

namespace armature::storage {

class KeySpaceTotals {
 public:
  // Reads every row. Before any other call.
  StorageResult<void> load(const Database& database);

  // The committed totals. Thread-safe.
  KeySpaceStats stats(KeySpaceId key_space) const;

  // The rest is for the committer: collect what a group changes, write it with the group, then keep or forget it.
  void add(const StatsDelta& delta);
  void drop(KeySpaceId key_space);
  rocksdb::Status append_rows(const Database& database, rocksdb::WriteBatch* batch) const;
  void keep();
  void forget() { changes_.clear(); }

 private:
  struct Change {
    KeySpaceId key_space;
    bool dropped;
    KeySpaceStats total;
  };
  Change& change_of(KeySpaceId key_space);

  mutable std::mutex mutex_;
  std::unordered_map<KeySpaceId, KeySpaceStats> totals_;  // Guarded by mutex_; written by the committer alone.
  std::vector<Change> changes_;                           // The committer's. A group touches few key spaces.
};

}  // namespace armature::storage
