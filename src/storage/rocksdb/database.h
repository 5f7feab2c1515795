// RocksDB, opened the way we need it: one column family per space, options chosen and explained, the log recovered
// strictly. Knows nothing of versions, groups or coroutines.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/log_file.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {

class Database {
 public:
  enum class Access { kCreate, kReadWrite, kReadOnly };
  // How far a read may go. Only kDisk may wait for the disk (page_cache_reads.h).
  enum class Reach { kBlockCache, kPageCache, kDisk };

  // Opens the RocksDB of the data directory (data_directory.h has judged it). kReadOnly
  // takes no lock and leaves every file as it is.
  static StorageResult<std::unique_ptr<Database>> open(const RocksdbOptions& options, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& rocksdb() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Space space) const { return families_[static_cast<std::size_t>(space) + 1]; }
  rocksdb::ColumnFamilyHandle* meta() const { return families_[0]; }

  // The cache of blocks; its capacity may be changed at any time.
  rocksdb::Cache& block_cache() const { return *block_cache_; }
  // Blocks this thread has read from files so far: all of them, and those that are indexes and filters.
  static std::uint64_t blocks_read();
  static std::uint64_t index_blocks_read();

  // The current value of `key`; NotFound if there is none; Incomplete if the answer is farther away than `reach`.
  // Data blocks of items that come from files are not kept: whoever asks for one item keeps that (entry_cache.h).
  // Indexes and filters are kept, and so are the blocks of other spaces, which have no such cache.
  rocksdb::Status get(Space space, KeySpaceId key_space, BytesView key, Reach reach, Bytes* value) const;

  // Leaves the failed state a write or flush error put RocksDB in, if the cause is gone. Not while anything writes.
  // Takes as long as writing all memory to files, or for ever: see recovery.h.
  rocksdb::Status recover();

  // Goes on in a log that is made ahead, if the present one grows and such a one is ready. By the thread that writes.
  rocksdb::Status move_to_log_made_ahead();

  // RocksDB recovers from a failed log write by flushing what is in memory, which moves it to a new log file; with
  // nothing in memory it would go on writing behind the damage, and the next start would refuse the log. So there is
  // always something in memory: a marker, written without a log, whenever the memory of the meta family may have been
  // emptied.
  rocksdb::Status mark_memtable();

 private:
  class Listener;

  Database() = default;
  rocksdb::Status try_disk();

  std::shared_ptr<Listener> listener_;
  std::unique_ptr<LogFiles> logs_;  // nullptr: logs grow.
  std::unique_ptr<rocksdb::Env> environment_;
  std::shared_ptr<rocksdb::Cache> block_cache_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // Meta, then one per space.
};

}  // namespace armature::storage
