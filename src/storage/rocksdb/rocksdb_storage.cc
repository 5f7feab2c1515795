#include "storage/rocksdb/rocksdb_storage.h"

#include <rocksdb/convenience.h>

#include <algorithm>

#include "base/assert.h"
#include "base/log.h"
#include "storage/rocksdb/cache_balance.h"
#include "storage/rocksdb/committer.h"
#include "storage/rocksdb/data_directory.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/entry_cache.h"
#include "storage/rocksdb/io_pool.h"
#include "storage/rocksdb/key_space_totals.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/range_read.h"
#include "storage/rocksdb/status.h"
#include "storage/rocksdb/version_table.h"

namespace armature::storage {
namespace {

// Reads since the start of the process, by where the answer was.
struct ReadCounters {
  std::atomic<std::uint64_t> from_cache{0};  // Of whole entries.
  std::atomic<std::uint64_t> from_memory{0};
  std::atomic<std::uint64_t> from_disk{0};
  std::atomic<std::uint64_t> conflicts{0};
};

Unexpected<StorageError> closed() {
  return Unexpected(StorageError{StorageErrorCode::kUnavailable, "the storage engine is shut down"});
}

void add_stripe(const Write& write, QueuedCommit* commit, StripeSet* stripes) {
  const StripeIndex stripe = VersionTable::stripe_of(write.home.key_space, write.space, write.key);
  commit->pending.push_back({.write = &write, .stripe = stripe});
  stripes->push_back(stripe);
}

StorageResult<Stamp> read_last_stamp(const Database& database) {
  std::string value;
  const rocksdb::Status status =
      database.rocksdb().Get(rocksdb::ReadOptions(), database.meta(), as_slice(kStampKey), &value);
  if (status.IsNotFound()) return Stamp{0};
  if (!status.ok()) return Unexpected(storage_error(status, "read the last stamp"));
  if (value.size() != kStampBytes) {
    return Unexpected(StorageError{StorageErrorCode::kCorruption, "the row of the last stamp is malformed"});
  }
  return Stamp{read_u64_be(value.data())};
}

class RocksdbEngine final : public RocksdbStorage {
 public:
  RocksdbEngine(std::unique_ptr<Database> database, const RocksdbOptions& options, Stamp last_stamp)
      : sync_all_(options.logs_ahead),
        database_(std::move(database)),
        cache_(cache_bytes(options) - first_block_cache_bytes(cache_bytes(options))),
        cache_balance_(cache_bytes(options), cache_, database_->block_cache()),
        io_pool_(options.io_threads),
        committer_(*database_, versions_, cache_, totals_, next_version_,
                   DiskSpace(database_->rocksdb().GetEnv(), options.directory, options.disk_reserve_bytes),
                   last_stamp) {}
  ~RocksdbEngine() override { close(); }

  StorageResult<void> load() { return totals_.load(*database_); }

  Task<StorageResult<Versioned>> get(ReadKey key, ReadMode mode) override;
  Task<StorageResult<std::vector<Versioned>>> get_many(std::span<const ReadKey> keys, ReadMode mode) override;
  Task<StorageResult<RangePage>> range(RangeRequest request) override;
  Task<StorageResult<CommitVersion>> commit(Batch batch, Durability durability) override;
  Task<StorageResult<Stamp>> stamp(KeySpaceId key_space) override;
  Task<StorageResult<std::vector<Partition>>> partitions(KeySpaceId key_space) override;
  Task<StorageResult<KeySpaceStats>> stats(KeySpaceId key_space) override;
  Task<StorageResult<void>> drop_key_space(KeySpaceId key_space, Drop drop) override;
  Task<StorageResult<void>> erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin,
                                         BytesView end) override;

  void close() override;
  std::vector<EngineNumber> statistics() const override;

 private:
  // What has to happen to a commit after it was entered.
  enum class Entry { kQueued, kDone };
  struct Queue;

  bool is_closed() const { return closed_.load(std::memory_order_acquire); }
  rocksdb::Status read(const ReadKey& key, ReadMode mode, Database::Reach reach, Versioned* result);
  Entry enter(QueuedCommit* commit);
  Task<StorageResult<void>> erase(const Erasure& erasure);

  const bool sync_all_;
  std::unique_ptr<Database> database_;
  VersionTable versions_;
  EntryCache cache_;
  CacheBalance cache_balance_;
  KeySpaceTotals totals_;
  std::atomic<Version> next_version_{1};
  ReadCounters reads_;
  std::atomic<bool> closed_{false};
  IoPool io_pool_;
  Committer committer_;  // Last: it ends before what it uses.
};

// Awaiting it enters the commit and, unless that settled it, waits until the committer has.
struct RocksdbEngine::Queue {
  RocksdbEngine& engine;
  QueuedCommit& commit;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    commit.executor = Executor::current();
    commit.waiter = waiter;
    ARMATURE_ASSERT(commit.executor != nullptr);
    return engine.enter(&commit) == Entry::kQueued;
  }
  void await_resume() const noexcept {}
};

// Reads `key`: from the pending writes where the mode allows, from the entry cache, from RocksDB. NotFound is told by
// result->found.
rocksdb::Status RocksdbEngine::read(const ReadKey& key, ReadMode mode, Database::Reach reach, Versioned* result) {
  const StripeIndex stripe = VersionTable::stripe_of(key.home.key_space, key.space, key.key);
  VersionTable::StripeState seen;
  if (mode == ReadMode::kForUpdate) {
    VersionTable::Look look = versions_.look(key);
    seen = {look.version, look.stripe_pending};
    result->version = look.version;
    if (look.pending) {
      result->found = look.found;
      result->value = std::move(look.value);
      return rocksdb::Status::OK();
    }
  }
  const bool cached = key.space == Space::kItems;
  if (cached && cache_.find(key.home.key_space, key.key, &result->value)) {
    result->found = true;
    reads_.from_cache.fetch_add(1, std::memory_order_relaxed);
    return rocksdb::Status::OK();
  }
  if (mode == ReadMode::kCommitted) seen = versions_.state(stripe);
  const std::uint64_t index_blocks = Database::index_blocks_read();
  const rocksdb::Status status = database_->get(key.space, key.home.key_space, key.key, reach, &result->value);
  cache_balance_.missed_index_blocks(Database::index_blocks_read() - index_blocks);
  result->found = status.ok();
  if (cached && status.ok()) {
    bool was_full = false;
    versions_.if_unchanged(stripe, seen, [&] { was_full = !cache_.offer(key.home.key_space, key.key, result->value); });
    if (was_full) cache_balance_.missed_entry(key.home.key_space, key.key, result->value.size());
  }
  return status.IsNotFound() ? rocksdb::Status::OK() : status;
}

Task<StorageResult<Versioned>> RocksdbEngine::get(ReadKey key, ReadMode mode) {
  if (is_closed()) co_return closed();
  Versioned result;
  rocksdb::Status status = read(key, mode, Database::Reach::kPageCache, &result);
  if (status.IsIncomplete()) {
    auto from_disk = [&] { status = read(key, mode, Database::Reach::kDisk, &result); };
    if (!co_await io_pool_.run(from_disk)) co_return closed();
    reads_.from_disk.fetch_add(1, std::memory_order_relaxed);
  } else {
    reads_.from_memory.fetch_add(1, std::memory_order_relaxed);
  }
  if (!status.ok()) co_return Unexpected(storage_error(status, "read"));
  co_return result;
}

Task<StorageResult<std::vector<Versioned>>> RocksdbEngine::get_many(std::span<const ReadKey> keys, ReadMode mode) {
  if (is_closed()) co_return closed();
  std::vector<Versioned> results(keys.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const rocksdb::Status status = read(keys[i], mode, Database::Reach::kBlockCache, &results[i]);
    if (status.IsIncomplete()) {
      missing.push_back(i);
    } else if (!status.ok()) {
      co_return Unexpected(storage_error(status, "read"));
    }
  }
  if (!missing.empty()) {
    rocksdb::Status status;
    auto from_disk = [&] {
      for (const std::size_t i : missing) {
        status = read(keys[i], mode, Database::Reach::kDisk, &results[i]);
        if (!status.ok()) return;
      }
    };
    if (!co_await io_pool_.run(from_disk)) co_return closed();
    if (!status.ok()) co_return Unexpected(storage_error(status, "read"));
  }
  reads_.from_memory.fetch_add(keys.size() - missing.size(), std::memory_order_relaxed);
  reads_.from_disk.fetch_add(missing.size(), std::memory_order_relaxed);
  co_return results;
}

Task<StorageResult<RangePage>> RocksdbEngine::range(RangeRequest request) {
  if (is_closed()) co_return closed();
  const bool in_one_partition =
      request.space == Space::kStream || request.space == Space::kTtl || request.space == Space::kOutbox;
  // A key space has one partition here; any other one is empty.
  if (in_one_partition && request.partition != request.key_space) co_return RangePage{};

  RangeRead walk(*database_, request);
  rocksdb::Status status = walk.run(rocksdb::kBlockCacheTier);
  if (status.IsIncomplete()) {
    auto from_disk = [&] {
      const std::uint64_t blocks = Database::blocks_read();
      status = walk.run(rocksdb::kReadAllTier);
      cache_balance_.missed_range(request.key_space, request.reverse ? request.end : request.begin,
                                  Database::blocks_read() - blocks);
    };
    if (!co_await io_pool_.run(from_disk)) co_return closed();
    reads_.from_disk.fetch_add(1, std::memory_order_relaxed);
  } else {
    reads_.from_memory.fetch_add(1, std::memory_order_relaxed);
  }
  if (!status.ok()) co_return Unexpected(storage_error(status, "read a range"));
  co_return std::move(walk).take();
}

Task<StorageResult<CommitVersion>> RocksdbEngine::commit(Batch batch, Durability durability) {
  QueuedCommit commit;
  commit.batch = &batch;
  commit.durable = durability == Durability::kDurable || sync_all_;
  Queue queue{*this, commit};
  co_await queue;
  if (commit.error.has_value()) co_return Unexpected(std::move(*commit.error));
  co_return commit.version;
}

// Decides the commit: compares what it read, enters what it writes, queues it, all under the locks of its stripes, so
// that every commit that sees its writes is queued behind it.
RocksdbEngine::Entry RocksdbEngine::enter(QueuedCommit* commit) {
  const Batch& batch = *commit->batch;
  StripeSet stripes;
  commit->pending.reserve(batch.writes.size() + batch.follow_ups.size());
  for (const Write& write : batch.writes) {
    if (write.is_stamped()) {
      commit->stamped = true;  // Nobody can have read it, and nobody can ask for it.
    } else {
      add_stripe(write, commit, &stripes);
    }
  }
  for (const Write& write : batch.follow_ups) add_stripe(write, commit, &stripes);
  boost::container::small_vector<StripeIndex, 4> read_stripes;
  for (const ReadCheck& read : batch.reads) {
    read_stripes.push_back(VersionTable::stripe_of(read.home.key_space, read.space, read.key));
    stripes.push_back(read_stripes.back());
  }
  std::sort(stripes.begin(), stripes.end());
  stripes.erase(std::unique(stripes.begin(), stripes.end()), stripes.end());

  const VersionTable::Lock lock(versions_, stripes);
  bool builds_on_pending = false;
  for (std::size_t i = 0; i < batch.reads.size(); ++i) {
    if (versions_.version(read_stripes[i]) != batch.reads[i].version) {
      reads_.conflicts.fetch_add(1, std::memory_order_relaxed);
      commit->error = StorageError{StorageErrorCode::kConflict, "conflict"};
      return Entry::kDone;
    }
    builds_on_pending = builds_on_pending || versions_.has_pending(read_stripes[i]);
  }
  commit->version = next_version_.fetch_add(1, std::memory_order_relaxed);
  const bool changes_nothing = commit->pending.empty() && !commit->stamped && batch.stats.empty();
  if (changes_nothing && !builds_on_pending && !is_closed()) return Entry::kDone;

  for (PendingWrite& write : commit->pending) {
    versions_.enter(&write, commit->version);
    if (write.write->space == Space::kItems) cache_.erase(write.write->home.key_space, write.write->key);
  }
  if (committer_.push(commit)) return Entry::kQueued;
  for (PendingWrite& write : commit->pending) versions_.withdraw(&write);
  commit->error = closed().error();
  return Entry::kDone;
}

Task<StorageResult<Stamp>> RocksdbEngine::stamp(KeySpaceId) {
  if (is_closed()) co_return closed();
  co_return committer_.visible_stamp();
}

Task<StorageResult<std::vector<Partition>>> RocksdbEngine::partitions(KeySpaceId key_space) {
  if (is_closed()) co_return closed();
  co_return std::vector<Partition>{Partition{.id = key_space}};
}

Task<StorageResult<KeySpaceStats>> RocksdbEngine::stats(KeySpaceId key_space) {
  if (is_closed()) co_return closed();
  co_return totals_.stats(key_space);
}

Task<StorageResult<void>> RocksdbEngine::drop_key_space(KeySpaceId key_space, Drop drop) {
  Erasure erasure{.dropped = key_space};
  for (const Space space : kSpaces) {
    if (space == Space::kStream && drop == Drop::kAllButStream) continue;
    erasure.ranges.push_back({space, Bytes(as_view(PhysicalKey(key_space, {}).slice())),
                              Bytes(as_view(PhysicalKey(key_space + 1, {}).slice()))});
  }
  StorageResult<void> erased = co_await erase(erasure);
  if (erased) cache_.erase_key_space(key_space);
  co_return erased;
}

Task<StorageResult<void>> RocksdbEngine::erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin,
                                                      BytesView end) {
  if (partition != key_space || begin >= end) co_return StorageResult<void>();
  Erasure erasure;
  erasure.ranges.push_back({Space::kStream, Bytes(as_view(PhysicalKey(key_space, begin).slice())),
                            Bytes(as_view(PhysicalKey(key_space, end).slice()))});
  co_return co_await erase(erasure);
}

Task<StorageResult<void>> RocksdbEngine::erase(const Erasure& erasure) {
  struct Push {
    Committer& committer;
    QueuedCommit& commit;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) {
      commit.executor = Executor::current();
      commit.waiter = waiter;
      ARMATURE_ASSERT(commit.executor != nullptr);
      if (committer.push(&commit)) return true;
      commit.error = closed().error();
      return false;
    }
    void await_resume() const noexcept {}
  };
  QueuedCommit commit;
  commit.erasure = &erasure;
  Push push{committer_, commit};
  co_await push;
  if (commit.error.has_value()) co_return Unexpected(std::move(*commit.error));

  // The entries are gone. Files that held nothing else can go too, instead of waiting for a compaction; if that fails,
  // they wait.
  auto remove_files = [&] {
    for (const Erasure::Range& range : erasure.ranges) {
      const rocksdb::Slice first = as_slice(range.begin);
      const rocksdb::Slice last = as_slice(range.end);
      const rocksdb::RangePtr bounds(&first, &last);
      const rocksdb::Status status = rocksdb::DeleteFilesInRanges(&database_->rocksdb(), database_->family(range.space),
                                                                  &bounds, 1, /*include_end=*/false);
      if (!status.ok()) {
        log(LogLevel::kWarning, "files of erased entries could not be removed yet",
            {{"error", std::string_view(status.ToString())}});
      }
    }
  };
  static_cast<void>(co_await io_pool_.run(remove_files));
  co_return StorageResult<void>();
}

void RocksdbEngine::close() {
  closed_.store(true, std::memory_order_release);
  committer_.close();
  io_pool_.close();
}

std::vector<EngineNumber> RocksdbEngine::statistics() const {
  using Kind = EngineNumber::Kind;
  const CommitCounters& commits = committer_.counters();
  const auto count = [](const std::atomic<std::uint64_t>& counter) {
    return static_cast<double>(counter.load(std::memory_order_relaxed));
  };
  const auto property = [this](const std::string& name) {
    std::uint64_t value = 0;
    database_->rocksdb().GetAggregatedIntProperty(name, &value);
    return static_cast<double>(value);
  };
  const auto cache = [this](const std::string& name) {
    std::uint64_t value = 0;  // The families share one cache.
    database_->rocksdb().GetIntProperty(database_->meta(), name, &value);
    return static_cast<double>(value);
  };
  using Properties = rocksdb::DB::Properties;
  return {
      {"armature_storage_commits_total", "Commits that succeeded.", Kind::kCounter, count(commits.commits)},
      {"armature_storage_failed_commits_total", "Commits the engine failed to write.", Kind::kCounter,
       count(commits.failed)},
      {"armature_storage_conflicts_total", "Commits refused because what they had read was out of date.",
       Kind::kCounter, count(reads_.conflicts)},
      {"armature_storage_commit_groups_total", "Log writes; each carries one or more commits.", Kind::kCounter,
       count(commits.groups)},
      {"armature_storage_synced_groups_total", "Log writes that waited for the disk.", Kind::kCounter,
       count(commits.synced_groups)},
      {"armature_storage_written_bytes_total", "Bytes committed, before compression.", Kind::kCounter,
       count(commits.written_bytes)},
      {"armature_storage_write_seconds_total", "Time the committer spent writing and syncing.", Kind::kCounter,
       count(commits.write_nanoseconds) / 1e9},
      {"armature_storage_entry_cache_hits_total", "Point reads answered by the cache of whole entries.", Kind::kCounter,
       count(reads_.from_cache)},
      {"armature_storage_entry_cache_bytes", "Memory of that cache.", Kind::kGauge,
       static_cast<double>(cache_.used_bytes())},
      {"armature_storage_entry_cache_capacity_bytes", "The most that cache may hold now.", Kind::kGauge,
       static_cast<double>(cache_.capacity_bytes())},
      {"armature_storage_memory_reads_total", "Reads answered from memory.", Kind::kCounter, count(reads_.from_memory)},
      {"armature_storage_disk_reads_total", "Reads that had to wait for the disk.", Kind::kCounter,
       count(reads_.from_disk)},
      {"armature_storage_memtable_bytes", "Writes in memory that are not files yet.", Kind::kGauge,
       property(Properties::kCurSizeAllMemTables)},
      {"armature_storage_block_cache_bytes", "Blocks in memory.", Kind::kGauge, cache(Properties::kBlockCacheUsage)},
      {"armature_storage_block_cache_capacity_bytes", "The most the block cache may hold now.", Kind::kGauge,
       cache(Properties::kBlockCacheCapacity)},
      {"armature_storage_table_file_bytes", "Size of the table files on disk.", Kind::kGauge,
       property(Properties::kTotalSstFilesSize)},
      {"armature_storage_blob_file_bytes", "Size of the files of large items on disk.", Kind::kGauge,
       property(Properties::kTotalBlobFileSize)},
      {"armature_storage_compaction_pending_bytes", "An estimate of what compactions have yet to rewrite.",
       Kind::kGauge, property(Properties::kEstimatePendingCompactionBytes)},
      {"armature_storage_background_errors_total", "Failed flushes and compactions.", Kind::kCounter,
       cache(Properties::kBackgroundErrors)},
  };
}

}  // namespace

StorageResult<std::unique_ptr<RocksdbStorage>> open_rocksdb(const RocksdbOptions& options) {
  TRY_ASSIGN(const DataDirectory directory, prepare_data_directory(options.directory));
  const bool create = directory == DataDirectory::kNew;
  TRY_ASSIGN(std::unique_ptr<Database> database,
             Database::open(options, create ? Database::Access::kCreate : Database::Access::kReadWrite));
  if (directory != DataDirectory::kExisting) TRY(finish_data_directory(options.directory));
  TRY_ASSIGN(const Stamp last_stamp, read_last_stamp(*database));
  auto engine = std::make_unique<RocksdbEngine>(std::move(database), options, last_stamp);
  TRY(engine->load());
  return std::unique_ptr<RocksdbStorage>(std::move(engine));
}

}  // namespace armature::storage
