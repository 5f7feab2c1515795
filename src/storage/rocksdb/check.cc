#include "storage/rocksdb/check.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "storage/rocksdb/data_directory.h"
#include "storage/rocksdb/database.h"
#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/status.h"

namespace armature::storage {
namespace {

constexpr std::uint64_t kEntriesBetweenProgress = 10'000;

// RocksDB's own lock, so that a server can not run on the directory meanwhile.
class DirectoryLock {
 public:
  explicit DirectoryLock(std::string path) : path_(std::move(path)) {}
  ~DirectoryLock() {
    if (lock_ != nullptr) static_cast<void>(rocksdb::Env::Default()->UnlockFile(lock_));
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  rocksdb::Status take() { return rocksdb::Env::Default()->LockFile(path_, &lock_); }

 private:
  std::string path_;
  rocksdb::FileLock* lock_ = nullptr;
};

// Keys are binary; problems are read by people.
std::string printable(BytesView bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 64)) {
    constexpr char kHex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      text += c;
    } else {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return bytes.size() > 64 ? text + "..." : text;
}

class Checker {
 public:
  Checker(const CheckOptions& options, const Database& database) : options_(options), database_(database) {}

  CheckReport run() {
    verify_files();
    estimate_total();
    for (const Space space : kSpaces) walk(space);
    compare_statistics();
    if (options_.verify_whole) {
      for (std::string& problem : options_.verify_whole()) add_problem(std::move(problem));
    }
    report_.key_spaces = counted_.size();
    if (options_.progress) options_.progress(report_.entries, report_.entries);
    return std::move(report_);
  }

  void add_problem(std::string problem) {
    ++report_.problem_count;
    if (report_.problems.size() < options_.most_problems) report_.problems.push_back(std::move(problem));
  }

 private:
  void verify_files() {
    const rocksdb::Status status = database_.rocksdb().VerifyChecksum();
    if (!status.ok()) add_problem("a table file is damaged: " + status.ToString());
  }

  void estimate_total() {
    for (const Space space : kSpaces) {
      std::uint64_t keys = 0;
      if (database_.rocksdb().GetIntProperty(database_.family(space), rocksdb::DB::Properties::kEstimateNumKeys,
                                             &keys)) {
        total_ += keys;
      }
    }
  }

  void walk(Space space) {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    options.readahead_size = std::size_t{2} << 20;
    const std::unique_ptr<rocksdb::Iterator> rows(database_.rocksdb().NewIterator(options, database_.family(space)));
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) look_at(space, rows->key(), as_view(rows->value()));
    if (!rows->status().ok()) {
      add_problem(std::string("the walk of the space '") + name(space) + "' ended early: " + rows->status().ToString());
    }
  }

  void look_at(Space space, rocksdb::Slice physical_key, BytesView value) {
    ++report_.entries;
    report_.bytes += physical_key.size() + value.size();
    if (options_.progress && report_.entries % kEntriesBetweenProgress == 0) {
      options_.progress(report_.entries, std::max(total_, report_.entries));
    }
    const auto key = split_physical_key(physical_key);
    if (!key.has_value()) {
      return add_problem(std::string("a key of the space '") + name(space) + "' is too short");
    }
    counted_.try_emplace(key->key_space);
    if (!options_.verify_entry) return;
    const EntryVerdict verdict = options_.verify_entry(space, key->key_space, key->key, value);
    KeySpaceStats& counted = counted_[verdict.counted_as != 0 ? verdict.counted_as : key->key_space];
    counted.entries += verdict.counted.entries;
    counted.bytes += verdict.counted.bytes;
    if (!verdict.problem.empty()) {
      add_problem("key space " + std::to_string(key->key_space) + ", space '" + name(space) + "', key " +
                  printable(key->key) + ": " + verdict.problem);
    }
  }

  void compare_statistics() {
    const std::unique_ptr<rocksdb::Iterator> rows(
        database_.rocksdb().NewIterator(rocksdb::ReadOptions(), database_.meta()));
    std::map<KeySpaceId, KeySpaceStats> stored;
    for (rows->Seek(rocksdb::Slice(&kStatsPrefix, 1)); rows->Valid() && rows->key()[0] == kStatsPrefix; rows->Next()) {
      const auto stats = decode_stats(as_view(rows->value()));
      if (rows->key().size() != 1 + sizeof(KeySpaceId) || !stats.has_value()) {
        add_problem("a row of key space statistics is malformed");
        continue;
      }
      stored[read_u64_be(rows->key().data() + 1)] = *stats;
    }
    if (!rows->status().ok()) add_problem("the statistics cannot be read: " + rows->status().ToString());
    if (!options_.verify_entry) return;

    for (const auto& [key_space, counted] : counted_) stored.try_emplace(key_space);
    for (const auto& [key_space, stats] : stored) {
      const KeySpaceStats& counted = counted_[key_space];
      if (counted.entries == stats.entries && counted.bytes == stats.bytes) continue;
      if (options_.is_counted && !options_.is_counted(key_space)) continue;
      add_problem("key space " + std::to_string(key_space) + ": statistics say " + std::to_string(stats.entries) +
                  " entries and " + std::to_string(stats.bytes) + " bytes, but there are " +
                  std::to_string(counted.entries) + " and " + std::to_string(counted.bytes));
    }
  }

  static const char* name(Space space) { return kSpaceNames[static_cast<std::size_t>(space)]; }

  const CheckOptions& options_;
  const Database& database_;
  CheckReport report_;
  std::uint64_t total_ = 0;
  std::map<KeySpaceId, KeySpaceStats> counted_;
};

}  // namespace

StorageResult<CheckReport> check_rocksdb(const CheckOptions& options) {
  TRY(check_data_directory(options.directory));
  if (std::error_code error; !std::filesystem::exists(rocksdb_directory(options.directory) + "/CURRENT", error)) {
    return CheckReport{.problem_count = 1, .problems = {options.directory + " has lost its database."}};
  }
  DirectoryLock lock(rocksdb_directory(options.directory) + "/LOCK");
  if (const rocksdb::Status status = lock.take(); !status.ok()) {
    if (!is_lock_held(status)) return Unexpected(storage_error(status, "cannot lock " + options.directory));
    return Unexpected(StorageError{StorageErrorCode::kUnavailable, "another process is using " + options.directory +
                                                                       ". Stop it first. (" + status.ToString() + ")"});
  }
  RocksdbOptions engine;
  engine.directory = options.directory;
  auto database = Database::open(engine, Database::Access::kReadOnly);
  if (!database) {
    // It is the data that is at fault, and telling so is what a check is for.
    if (database.error().code != StorageErrorCode::kCorruption) return Unexpected(std::move(database).error());
    return CheckReport{.problem_count = 1, .problems = {std::move(database).error().message}};
  }
  return Checker(options, **database).run();
}

}  // namespace armature::storage
