// The engine of one machine: a data directory held by one process, kept by RocksDB.
//
// What is ours is the commit path. Commits are optimistic: a table of versions (version_table.h) decides conflicts
// without touching the disk, and one committer thread (committer.h) merges what the event loops hand it into one log
// write and one sync. A read answers on the calling loop when memory has the answer and goes to a small pool when it
// needs the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/engine_statistics.h"
#include "storage/storage.h"

namespace rocksdb {
class Env;
}

namespace armature::storage {

struct RocksdbOptions {
  // Created when absent. Must be empty or an Armature data directory of a format this build knows.
  std::string directory;
  // Entries and uncompressed blocks kept in memory. 0: a quarter of the memory this process may use.
  std::size_t cache_bytes = 0;
  // Writes kept in memory before they become files, all spaces together.
  std::size_t memtable_bytes = std::size_t{128} << 20;
  // The most log a restart has to replay. When it is full, the oldest writes become files.
  std::size_t log_bytes = std::size_t{128} << 20;
  // Commits are refused with kNoSpace while the disk has less than this free, or less than a twentieth of its size if
  // that is smaller. Reads, and dropping tables, go on.
  std::uint64_t disk_reserve_bytes = std::uint64_t{512} << 20;
  // Threads for reads that need the disk.
  int io_threads = 4;
  // Background flushes and compactions together write at most this much.
  std::uint64_t background_write_bytes_per_s = std::uint64_t{128} << 20;
  // Log files are made before they are written (log_file.h), which spares a synced group one of its two writes.
  // Buffered commits are synced then too: of an unsynced log made ahead, a power failure leaves what cannot be told
  // from damage.
  bool logs_ahead = false;
  // Tests bring an environment whose files fail on purpose; nullptr is the operating system's.
  rocksdb::Env* env = nullptr;
};

class RocksdbStorage : public Storage, public EngineStatistics {
 public:
  // Completes every call accepted so far; later ones get kUnavailable. The executors of waiting calls must still run.
  // The destructor does the same. Blocks; thread-safe; idempotent.
  virtual void close() = 0;
};

// Opens or creates the data directory. An error's message is written for the operator: it names the directory and says
// what is wrong with it. kUnavailable when another process holds it, kCorruption when its content cannot be trusted or
// was written by a newer version, kNoSpace or kIo otherwise. In each case nothing was changed.
StorageResult<std::unique_ptr<RocksdbStorage>> open_rocksdb(const RocksdbOptions& options);

}  // namespace armature::storage
