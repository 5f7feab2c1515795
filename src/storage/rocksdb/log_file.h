// Log files that are there before they are written.
//
// A log that grows with every commit costs a sync two writes: the commits, and the file's new size. A log whose bytes
// exist already costs one. So RocksDB's next log is a file that was filled before or has been a log before
// (spare_logs.h), and a log RocksDB deletes becomes such a file: deleting it would free space, and syncs wait while the
// disk is told. What such a log held before is behind its end (log_head.h, log_tail.h) for whoever reads it after a
// crash; when the database is closed in order, the log is cut there.
//
// Every write to such a log has to be synced before the next: what was there hides where a power failure cut.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>

#include "storage/rocksdb/spare_logs.h"

namespace armature::storage {

// The log files of one database. Thread-safe.
class LogFiles {
 public:
  explicit LogFiles(std::string directory) : spares_(std::make_shared<SpareLogs>(std::move(directory))) {}

  // A new log: a spare file if one is ready, else one of `files` that grows. As FileSystem::NewWritableFile().
  rocksdb::IOStatus create(rocksdb::FileSystem& files, const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug);

  // As FileSystem::DeleteFile().
  rocksdb::IOStatus remove(rocksdb::FileSystem& files, const std::string& path, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug);

  // The log that is written grows, and the next would not.
  bool wants_next() const { return grows_.load(std::memory_order_relaxed) && spares_->is_ready(); }

  // The database is about to be closed: logs end where they end, and nothing is left behind.
  void close() { spares_->close(); }

 private:
  std::shared_ptr<SpareLogs> spares_;
  std::atomic<bool> grows_{false};
};

}  // namespace armature::storage
