// Files that the next logs of one directory are made of (log_file.h).
//
// A log nobody needs any more is kept as a spare. Where there is none, a thread fills a file with zeros, at leisure and
// past the page cache: what nobody reads again need not be copied there.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "storage/rocksdb/log_head.h"

namespace armature::storage {

// A spare file holds at least so much of a log. Where logs outgrow it, later ones hold more.
inline constexpr std::uint64_t kSmallestSpareBytes = std::uint64_t{64} << 20;

// Thread-safe.
class SpareLogs {
 public:
  // Removes what a crash left. `directory` exists by the time something is prepared.
  explicit SpareLogs(std::string directory);
  ~SpareLogs();
  SpareLogs(const SpareLogs&) = delete;
  SpareLogs& operator=(const SpareLogs&) = delete;

  // Begins to make a file for at least `bytes` of log unless one is there or being made. Not waited for. None is made
  // where the disk has little space left, or the file system cannot write past the page cache.
  void prepare(std::uint64_t bytes);

  bool is_ready() const { return ready_.load(std::memory_order_acquire); }

  // A file under the name that take() gave it, with its head, open to be written past the page cache.
  struct Log {
    int descriptor;
    std::uint64_t bytes;  // Of log, behind the head, that are there already.
    LogMask mask;
  };
  // Nothing if none is ready.
  std::optional<Log> take(const std::string& path);

  // Makes a spare of the closed log `path`, under a name of its own. False, and the log is as it was or empty, if it
  // was not made ahead or has no fitting size, or the disk has little space left.
  bool keep(const std::string& path);

  // Removes all spares; none are made or kept from now on.
  void close();
  bool is_closed() const { return closed_.load(std::memory_order_relaxed); }

 private:
  struct Spare {
    std::string path;
    std::uint64_t bytes;
    LogMask mask;
  };

  void run();
  std::optional<Spare> fill(std::uint64_t bytes);
  std::string new_path();
  bool has_space_for(std::uint64_t bytes) const;
  bool add(Spare spare);

  const std::string directory_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t wanted_bytes_ = 0;  // Guarded by mutex_.
  std::vector<Spare> spares_;       // Guarded by mutex_.
  std::atomic<bool> ready_{false};  // There are spares. Changed under mutex_.
  std::atomic<bool> closed_{false};
  std::atomic<std::uint64_t> named_{0};
  std::thread thread_;  // Started by the first prepare().
};

}  // namespace armature::storage
