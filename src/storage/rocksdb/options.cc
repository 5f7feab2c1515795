#include "storage/rocksdb/options.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "storage/rocksdb/cache_balance.h"
#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/memtable.h"

namespace armature::storage {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

// What this process may use: the machine's memory or its control group's share.
std::size_t memory_bytes() {
  const std::size_t machine =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::size_t group = 0;
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  return limit >> group ? std::min(machine, group) : machine;  // "max" does not parse.
}

std::shared_ptr<rocksdb::Cache> make_block_cache(const RocksdbOptions& options) {
  const std::size_t all = cache_bytes(options);
  // LRU, not HyperClock: 7.8 calls the latter experimental, and it allocates its whole table at once.
  return rocksdb::NewLRUCache(first_block_cache_bytes(all), /*num_shard_bits=*/all >= 64 * kMebibyte ? 5 : 1,
                              /*strict_capacity_limit=*/false,
                              /*high_pri_pool_ratio=*/0.3);
}

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  table.format_version = 5;
  table.block_size = 4 * 1024;
  // An index is searched in memory that no cache of the processor holds, a miss a step: keys that share their
  // beginnings with their neighbours make it a third as large.
  table.index_block_restart_interval = 16;
  // A hash inside each block saves a point read most of its binary search.
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  // Index and filter blocks count against the cache, so memory has one ceiling however large the data; newest files
  // keep theirs.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

rocksdb::ColumnFamilyOptions family_options(const rocksdb::BlockBasedTableOptions& table, std::size_t memtable_bytes) {
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = memtable_bytes;
  family.max_write_buffer_number = 3;
  family.memtable_factory = make_memtable_factory();
  // The newest files are soon merged into larger ones: compressing them would be for nothing.
  // Source: RocksDB Tuning Guide, "Compression".
  family.compression_per_level = {rocksdb::kNoCompression, rocksdb::kLZ4Compression};
  family.level_compaction_dynamic_level_bytes = true;
  return family;
}

// Items beyond 32 KB live in blob files, so that compactions do not copy them again and again.
void add_blobs(rocksdb::ColumnFamilyOptions* family, const std::shared_ptr<rocksdb::Cache>& cache) {
  family->enable_blob_files = true;
  family->min_blob_size = 32 * 1024;
  family->blob_compression_type = rocksdb::kLZ4Compression;
  family->enable_blob_garbage_collection = true;
  family->blob_cache = cache;
}

// These spaces are queues: written at one end, deleted at the other. A file that is mostly deletions is compacted
// early, or every walk would step over them.
void add_deletion_trigger(rocksdb::ColumnFamilyOptions* family) {
  family->table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(/*sliding_window_size=*/16 * 1024, /*deletion_trigger=*/4 * 1024));
}

rocksdb::DBOptions database_options(const RocksdbOptions& options) {
  rocksdb::DBOptions database;
  database.create_missing_column_families = true;
  database.paranoid_checks = true;
  // The default mode drops acknowledged commits in silence after one damaged byte; this one accepts an unfinished
  // record at the end, where a crash leaves one, and refuses everything else. It rules out recycled log files.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  database.recycle_log_file_num = 0;
  database.manual_wal_flush = false;
  database.max_total_wal_size = options.log_bytes;
  database.db_write_buffer_size = options.memtable_bytes;
  // One thread writes, so nothing is gained from the machinery for many.
  database.allow_concurrent_memtable_write = false;
  database.enable_write_thread_adaptive_yield = false;
  // The committer recovers by itself, when the next commit comes (Database::recover).
  database.max_bgerror_resume_count = 0;
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  database.max_background_jobs = std::clamp(cores / 2, 2, 8);
  database.rate_limiter.reset(
      rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(options.background_write_bytes_per_s)));
  // Background writes reach the disk steadily instead of in bursts that a commit's sync would wait for.
  database.bytes_per_sync = kMebibyte;
  database.max_open_files = -1;
  database.max_file_opening_threads = 4;
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.max_log_file_size = 4 * kMebibyte;
  database.keep_log_file_num = 3;
  database.max_manifest_file_size = 64 * kMebibyte;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

}  // namespace

std::size_t cache_bytes(const RocksdbOptions& options) {
  return options.cache_bytes != 0 ? options.cache_bytes : memory_bytes() / 4;
}

EngineOptions make_engine_options(const RocksdbOptions& options) {
  const auto cache = make_block_cache(options);
  const auto table = table_options(cache);
  const std::size_t large = std::max(options.memtable_bytes / 2, kMebibyte);
  const std::size_t small = std::max(options.memtable_bytes / 8, kMebibyte);

  EngineOptions result;
  result.block_cache = cache;
  result.database = database_options(options);
  result.families.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options(table, small));
  for (const Space space : kSpaces) {
    auto family = family_options(table, space == Space::kItems ? large : small);
    if (space == Space::kItems) add_blobs(&family, cache);
    if (space == Space::kStream || space == Space::kTtl || space == Space::kOutbox) add_deletion_trigger(&family);
    result.families.emplace_back(kSpaceNames[static_cast<std::size_t>(space)], family);
  }
  return result;
}

}  // namespace armature::storage
