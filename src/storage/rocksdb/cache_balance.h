// Divides one budget of memory between whole entries (entry_cache.h), which answer point reads, and RocksDB's blocks,
// which answer ranges.
//
// Which of the two is worth more depends on what is asked, so the border moves while the server runs. Memory that one
// side does not use is the other's for the asking. When both are full, the border moves towards the side that regrets
// more: a miss is regretted when the same was missed so short a time before that, with all the memory, it would still
// have been there. A single walk through a large table misses with every block and regrets nothing, so it does not
// push out what point reads use.
//
// Each side keeps an eighth: blocks for the indexes and filters every search needs. Called on misses only. Thread-safe;
// what threads do to the figures at the same time may blur them, never the sum of the capacities. When the border
// moves, the calling thread frees what the one side loses: a thousandth of the memory after a point read, up to a
// sixty-fourth after a range that went to the disk.
#pragma once

#include <rocksdb/cache.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "storage/rocksdb/entry_cache.h"

namespace armature::storage {

// What blocks have to begin with, of a budget of `total_bytes`; the rest is for entries.
constexpr std::size_t first_block_cache_bytes(std::size_t total_bytes) { return total_bytes / 8; }

// Remembers a sample of what was missed, for as long as other misses amount to less than a window.
class RecentMisses {
 public:
  // One key in `sample`, a power of two, stands for all of them.
  RecentMisses(std::size_t window_bytes, std::uint32_t sample);

  struct Note {
    std::size_t bytes = 0;  // For which this miss stands; 0 unless it is of the sample.
    bool again = false;     // It was missed before, within the window.
  };
  // Notes that `bytes` would have been in memory if what `hash` names had been.
  Note note(std::uint64_t hash, std::size_t bytes);

 private:
  const std::uint32_t sample_;
  const std::uint32_t window_kib_;
  std::atomic<std::uint64_t> missed_bytes_{0};  // By the sample, times its rate.
  // The upper half of a hash, and how many KiB had been missed then. 0: nothing.
  std::vector<std::atomic<std::uint64_t>> slots_;
};

class CacheBalance {
 public:
  // Both caches have their first capacities (first_block_cache_bytes()) and live longer than this.
  CacheBalance(std::size_t total_bytes, EntryCache& entries, rocksdb::Cache& blocks);

  // A point read found an entry of `bytes` in RocksDB that EntryCache::offer() had no room for.
  void missed_entry(KeySpaceId key_space, BytesView key, std::size_t bytes);
  // A walk that begins at `begin` read `blocks` blocks from files.
  void missed_range(KeySpaceId key_space, BytesView begin, std::uint64_t blocks);
  // A point read read that many blocks of indexes and filters, which should always be in memory.
  void missed_index_blocks(std::uint64_t blocks) {
    if (blocks != 0) missed_blocks_for_certain(blocks);
  }

 private:
  enum class Side { kEntries, kBlocks };

  void missed(Side side, RecentMisses::Note note, std::uint64_t misses);
  void missed_blocks_for_certain(std::uint64_t blocks);
  void regret(Side side, std::uint64_t misses);
  bool has_slack(Side side) const;
  void grow(Side side, std::size_t bytes);

  const std::size_t total_bytes_;
  const std::size_t least_bytes_;
  const std::size_t step_bytes_;
  EntryCache& entries_;
  rocksdb::Cache& blocks_;
  RecentMisses missed_entries_;
  RecentMisses missed_ranges_;
  std::atomic<std::int64_t> regrets_{0};  // Of entries, minus those of blocks, since the border moved last.
  std::mutex moving_;
  std::size_t entry_bytes_;  // Guarded by moving_.
};

}  // namespace armature::storage
