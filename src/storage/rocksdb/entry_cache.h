// Whole entries that were read or written lately, by key: a point read of a hot item costs a hash instead of a search
// through memory tables, filters, index and data blocks.
//
// The cache decides nothing. Whoever fills it holds the lock of the key's stripe (version_table.h) and knows that no
// write of that stripe is pending; whoever enters a write erases the key under the same lock. So while a write is on
// its way nobody finds the key here, and what is found is the newest acknowledged value.
//
// Sharded; each shard is a table over a log of entries (entry_log.h), so memory is what it is said to be however sizes
// change. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "storage/rocksdb/entry_log.h"
#include "storage/storage.h"

namespace armature::storage {

class EntryCache {
 public:
  // Larger values are kept when they are read, not when they are written: the committer's time is everybody's.
  static constexpr std::size_t kLargestWrittenBytes = 64 * 1024;

  // `capacity_bytes` counts all memory of the cache; 0 keeps nothing.
  explicit EntryCache(std::size_t capacity_bytes);

  // Copies the value to `*value`; false when it is not here.
  bool find(KeySpaceId key_space, BytesView key, Bytes* value);
  // Keeps a copy of what was written, in place of what was kept before.
  void insert(KeySpaceId key_space, BytesView key, BytesView value);
  // Keeps a copy of what was only read: when the cache is full, the first reading is noted and the next, if it comes
  // soon, keeps the copy. What is read once does not push out what is read often. False if a larger cache had kept it.
  bool offer(KeySpaceId key_space, BytesView key, BytesView value);
  void erase(KeySpaceId key_space, BytesView key);
  // Looks at everything kept: for a table that is dropped.
  void erase_key_space(KeySpaceId key_space);

  // Evicts what is too much before it returns.
  void set_capacity(std::size_t capacity_bytes);
  std::size_t capacity_bytes() const { return capacity_bytes_.load(std::memory_order_relaxed); }
  // Memory held, also by what was erased.
  std::size_t used_bytes() const;
  // A full cache leaves up to that much unused: memory is taken a segment at a time.
  std::size_t granularity_bytes() const { return kShards * segment_bytes_; }

 private:
  static constexpr std::size_t kShards = 64;

  struct alignas(64) Shard {
    mutable std::mutex mutex;
    EntryLog log;  // Guarded by mutex.
  };

  Shard& shard_of(const EntryLog::Key& key) { return shards_[key.hash >> 58]; }

  const std::size_t segment_bytes_;
  std::atomic<std::size_t> capacity_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace armature::storage
