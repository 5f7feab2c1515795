#include "storage/rocksdb/database.h"

#include <rocksdb/listener.h>
#include <rocksdb/perf_context.h>

#include <filesystem>
#include <optional>

#include "base/assert.h"
#include "base/log.h"
#include "storage/rocksdb/data_directory.h"
#include "storage/rocksdb/file_system.h"
#include "storage/rocksdb/log_tail.h"
#include "storage/rocksdb/options.h"
#include "storage/rocksdb/page_cache_reads.h"
#include "storage/rocksdb/status.h"

namespace armature::storage {

// Hears about emptied memory and failed background work. RocksDB calls it from its own threads.
class Database::Listener final : public rocksdb::EventListener {
 public:
  void OnMemTableSealed(const rocksdb::MemTableInfo& info) override {
    log_failed.store(false, std::memory_order_release);  // A new memtable comes with a new log file.
    if (info.cf_name == rocksdb::kDefaultColumnFamilyName) marker_wanted.store(true, std::memory_order_release);
  }
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    log(LogLevel::kError, "the storage engine could not write to its disk",
        {{"error", std::string_view(status->ToString())}});
    if (reason == rocksdb::BackgroundErrorReason::kWriteCallback) log_failed.store(true, std::memory_order_release);
    // RocksDB would give up for good on an I/O error. But all that was acknowledged is in memory and in finished files,
    // and recovery writes the former to new files and goes on in a new log; nothing hangs on the file that failed.
    if (status->IsIOError() && status->severity() > rocksdb::Status::Severity::kHardError) {
      *status = rocksdb::Status(*status, rocksdb::Status::Severity::kHardError);
    }
  }
  // Ours is the only recovery, so that RocksDB and the committer never recover at once.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }

  std::atomic<bool> marker_wanted{true};
  std::atomic<bool> log_failed{false};  // The current log file may end in a torn record.
};

namespace {

// Logs, the manifest and file ends need some space beyond what is in memory.
constexpr std::uint64_t kRecoveryMarginBytes = std::uint64_t{1} << 20;

StorageError open_error(const std::string& directory, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (is_lock_held(status)) {
    return {StorageErrorCode::kUnavailable,
            "another process is using " + directory + ". Stop it first, or name another directory. (" + text + ")"};
  }
  if (status.IsInvalidArgument() && text.find("does not exist") != std::string::npos) {
    return {StorageErrorCode::kCorruption,
            directory + " has lost its database: " + text + ". Restore the directory from a backup."};
  }
  if (status.IsCorruption()) {
    return {StorageErrorCode::kCorruption, "the data in " + directory +
                                               " is damaged, and starting could lose acknowledged writes: " + text +
                                               ". Run 'armature check' on it, or restore it from a backup."};
  }
  return storage_error(status, "cannot open " + directory);
}

// Opening with every family named would create them one by one and write and verify an options file for each; created
// together, a new directory is ready in a third of the time. If a crash comes between, the next start creates the rest.
rocksdb::Status create(const EngineOptions& engine, const std::string& path, rocksdb::DB** db,
                       std::vector<rocksdb::ColumnFamilyHandle*>* families) {
  const auto first = engine.families.begin();
  rocksdb::Status status = rocksdb::DB::Open(engine.database, path, {*first}, families, db);
  if (!status.ok()) return status;
  std::vector<rocksdb::ColumnFamilyHandle*> created;
  status = (*db)->CreateColumnFamilies({first + 1, engine.families.end()}, &created);
  families->insert(families->end(), created.begin(), created.end());
  return status;
}

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path + "/CURRENT", error);
}

}  // namespace

StorageResult<std::unique_ptr<Database>> Database::open(const RocksdbOptions& options, Access access) {
  EngineOptions engine = make_engine_options(options);
  std::unique_ptr<Database> database(new Database());
  database->block_cache_ = engine.block_cache;
  database->listener_ = std::make_shared<Listener>();
  engine.database.listeners.push_back(database->listener_);
  engine.database.create_if_missing = access == Access::kCreate;

  const std::string path = rocksdb_directory(options.directory);
  if (options.env == nullptr) {
    if (options.logs_ahead && access != Access::kReadOnly) database->logs_ = std::make_unique<LogFiles>(path);
    database->environment_ = make_environment(database->logs_.get());
  }
  engine.database.env = options.env != nullptr ? options.env : database->environment_.get();
  if (exists(path)) TRY(check_log_tails(path));
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  if (access == Access::kReadOnly) {
    status = rocksdb::DB::OpenForReadOnly(engine.database, path, engine.families, &database->families_, &db);
  } else if (access == Access::kCreate && !exists(path)) {
    status = create(engine, path, &db, &database->families_);
  } else {
    status = rocksdb::DB::Open(engine.database, path, engine.families, &database->families_, &db);
  }
  database->db_.reset(db);
  if (!status.ok()) return Unexpected(open_error(options.directory, status));
  return database;
}

Database::~Database() {
  if (db_ == nullptr) return;
  if (logs_ != nullptr) logs_->close();
  for (auto* family : families_) db_->DestroyColumnFamilyHandle(family);
  const rocksdb::Status status = db_->Close();
  if (!status.ok()) {
    log(LogLevel::kWarning, "the storage engine did not close cleanly; the next start replays its log",
        {{"error", std::string_view(status.ToString())}});
  }
}

std::uint64_t Database::blocks_read() { return rocksdb::get_perf_context()->block_read_count; }

std::uint64_t Database::index_blocks_read() {
  const rocksdb::PerfContext& counts = *rocksdb::get_perf_context();
  return counts.index_block_read_count + counts.filter_block_read_count;
}

rocksdb::Status Database::get(Space space, KeySpaceId key_space, BytesView key, Reach reach, Bytes* value) const {
  std::optional<PageCacheOnly> without_waiting;
  if (reach == Reach::kPageCache) without_waiting.emplace();
  rocksdb::ReadOptions options;
  options.read_tier = reach == Reach::kBlockCache ? rocksdb::kBlockCacheTier : rocksdb::kReadAllTier;
  options.fill_cache = space != Space::kItems;
  const PhysicalKey physical(key_space, key);
  rocksdb::PinnableSlice pinned(value);
  const std::uint64_t index_blocks = index_blocks_read();
  rocksdb::Status status = db_->Get(options, family(space), physical.slice(), &pinned);
  // RocksDB knows one wish for all blocks. An index read for one entry would be read again for the next one.
  if (!options.fill_cache && index_blocks_read() != index_blocks && (status.ok() || status.IsNotFound())) {
    options.fill_cache = true;
    pinned.Reset();
    status = db_->Get(options, family(space), physical.slice(), &pinned);
  }
  if (!status.ok() && without_waiting && without_waiting->missed()) return rocksdb::Status::Incomplete();
  // From the memtable the value was copied straight into *value; from a cached block it is only pinned.
  if (status.ok() && pinned.IsPinned()) value->assign(pinned.data(), pinned.size());
  return status;
}

rocksdb::Status Database::recover() {
  std::uint64_t entries_in_memory = 0;
  for (auto* family : families_) {
    std::uint64_t entries = 0;
    db_->GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesActiveMemTable, &entries);
    entries_in_memory += entries;
  }
  if (entries_in_memory == 0 && listener_->log_failed.load(std::memory_order_acquire)) {
    return rocksdb::Status::IOError("the log failed at a moment from which only a restart of the server recovers");
  }
  if (const rocksdb::Status status = try_disk(); !status.ok()) return status;
  return db_->Resume();
}

// A recovery that fails half-way may leave RocksDB in a state from which it does not come back, so it begins only when
// it is likely to succeed.
rocksdb::Status Database::try_disk() {
  std::uint64_t memory = 0;
  db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
  const std::uint64_t needed = memory + kRecoveryMarginBytes;
  std::uint64_t free_bytes = 0;
  if (db_->GetEnv()->GetFreeSpace(db_->GetName(), &free_bytes).ok() && free_bytes < needed) {
    return rocksdb::Status::NoSpace("recovery needs " + std::to_string(needed) + " bytes, " +
                                    std::to_string(free_bytes) + " are free");
  }
  const std::string probe = db_->GetName() + "/probe.tmp";
  const rocksdb::Status status =
      rocksdb::WriteStringToFile(db_->GetEnv(), rocksdb::Slice("is the disk back?"), probe, /*should_sync=*/true);
  static_cast<void>(db_->GetEnv()->DeleteFile(probe));
  return status;
}

// RocksDB begins a log when it seals a family's memory; the meta family's holds next to nothing.
rocksdb::Status Database::move_to_log_made_ahead() {
  if (logs_ == nullptr || !logs_->wants_next()) return rocksdb::Status::OK();
  rocksdb::FlushOptions options;
  options.wait = false;
  options.allow_write_stall = true;
  return db_->Flush(options, meta());
}

rocksdb::Status Database::mark_memtable() {
  if (!listener_->marker_wanted.load(std::memory_order_acquire)) return rocksdb::Status::OK();
  listener_->marker_wanted.store(false, std::memory_order_release);
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status status = db_->Put(options, meta(), as_slice(kMarkerKey), rocksdb::Slice());
  if (!status.ok()) listener_->marker_wanted.store(true, std::memory_order_release);
  return status;
}

}  // namespace armature::storage
