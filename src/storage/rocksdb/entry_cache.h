// Whole entries that were read or written lately, by key: a point read of a hot item costs a hash instead of a search
// through memory tables, filters, index and data blocks.
//
// The cache decides nothing. Whoever fills it holds the lock of the key's stripe (version_table.h) and knows that no
// write of that stripe is pending; whoever enters a write erases the key under the same lock. So while a write is on
// its way nobody finds the key here, and what is found is the newest acknowledged value.
//
// Sharded; each shard is a hash table of single allocations with a clock hand that takes back what was not used since
// its last round. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/storage.h"

namespace armature::storage {

class EntryCache {
 public:
  // Larger values are left to RocksDB and the kernel's page cache, whose costs matter little beside copying them.
  static constexpr std::size_t kLargestValueBytes = 64 * 1024;

  // `capacity_bytes` counts keys, values and their overhead; 0 keeps nothing.
  explicit EntryCache(std::size_t capacity_bytes);
  ~EntryCache();
  EntryCache(const EntryCache&) = delete;
  EntryCache& operator=(const EntryCache&) = delete;

  // Copies the value to `*value`; false when it is not here.
  bool find(KeySpaceId key_space, BytesView key, Bytes* value);
  // Keeps a copy, in place of what was kept before. Too large a value is not kept.
  void insert(KeySpaceId key_space, BytesView key, BytesView value);
  // insert() for what was only read: when the cache is full, the first reading is noted and the next, if it comes soon,
  // keeps the copy. What is read once does not push out what is read often. False if a larger cache had kept it.
  bool offer(KeySpaceId key_space, BytesView key, BytesView value);
  void erase(KeySpaceId key_space, BytesView key);
  // Looks at everything kept: for a table that is dropped.
  void erase_key_space(KeySpaceId key_space);

  // Evicts what is too much before it returns.
  void set_capacity(std::size_t capacity_bytes);
  std::size_t capacity_bytes() const { return shard_capacity() * kShards; }
  std::size_t used_bytes() const;

 private:
  struct Node;
  static constexpr std::size_t kShards = 64;

  struct alignas(64) Shard {
    mutable std::mutex mutex;
    // All guarded by mutex.
    std::vector<Node*> buckets;  // A power of two of chains.
    std::size_t count = 0;
    std::size_t used = 0;
    Node* hand = nullptr;              // In a ring of all nodes.
    std::vector<std::uint16_t> noted;  // Part of the hash of keys that were offered, each at its place; 0: none.
  };

  static std::uint64_t hash_of(KeySpaceId key_space, BytesView key);
  Shard& shard_of(std::uint64_t hash) { return shards_[hash >> 58]; }
  static Node** find_link(Shard& shard, std::uint64_t hash, KeySpaceId key_space, BytesView key);
  static void remove(Shard& shard, Node** link);
  static void link(Shard& shard, Node* node);
  static void grow(Shard& shard);
  static bool was_noted(Shard& shard, std::uint64_t hash);
  void keep(Shard& shard, std::uint64_t hash, KeySpaceId key_space, BytesView key, BytesView value) const;
  bool is_small(BytesView key, BytesView value) const;
  void evict(Shard& shard) const;

  std::size_t shard_capacity() const { return shard_capacity_.load(std::memory_order_relaxed); }

  std::atomic<std::size_t> shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace armature::storage
