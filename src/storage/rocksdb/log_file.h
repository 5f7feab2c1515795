// Log files that are there before they are written.
//
// A log that grows with every commit costs a sync two writes: the commits, and the file's new size. A log whose bytes
// exist already, as zeros, costs one. So once a log shows that it is used, a thread fills the next one with zeros, at
// leisure, and RocksDB's next log is that file. It is written past the page cache: what nobody reads again need not be
// copied there. What commits leave of the zeros is behind the log's end (log_tail.h) for whoever reads it after a
// crash; a log closed in order is cut there.
//
// Every write to such a log has to be synced before the next: the zeros hide where a power failure cut.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace armature::storage {

// The next log of one directory. Thread-safe. The destructor removes it, if no log became of it.
class SpareLog {
 public:
  // `directory` exists by the time something is prepared.
  explicit SpareLog(std::string directory);
  ~SpareLog();
  SpareLog(const SpareLog&) = delete;
  SpareLog& operator=(const SpareLog&) = delete;

  // Begins to make a file of `bytes` zeros unless one is there or being made. Not waited for. None is made where the
  // disk has little space left, or the file system cannot write past the page cache.
  void prepare(std::uint64_t bytes);

  bool is_ready() const { return ready_bytes_.load(std::memory_order_acquire) != 0; }

  // Gives the file the name `path`, and its size in bytes to the caller; nothing if none is ready.
  std::optional<std::uint64_t> take(const std::string& path);

 private:
  void run();
  bool fill(std::uint64_t bytes);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t wanted_bytes_ = 0;             // Guarded by mutex_.
  std::atomic<std::uint64_t> ready_bytes_{0};  // 0: none. Changed under mutex_.
  std::atomic<bool> closing_{false};
  std::thread thread_;  // Started by the first prepare().
};

// The log files of one database. Thread-safe.
class LogFiles {
 public:
  explicit LogFiles(std::string directory) : spare_(std::make_shared<SpareLog>(std::move(directory))) {}

  // A new log: the spare file if one is ready, else one of `files` that grows. As FileSystem::NewWritableFile().
  rocksdb::IOStatus create(rocksdb::FileSystem& files, const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug);

  // The log that is written grows, and the next would not.
  bool wants_next() const { return grows_.load(std::memory_order_relaxed) && spare_->is_ready(); }

 private:
  std::shared_ptr<SpareLog> spare_;
  std::atomic<bool> grows_{false};
};

}  // namespace armature::storage
