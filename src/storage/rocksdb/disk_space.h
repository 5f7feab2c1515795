// Is there enough of the disk left? A database that runs into a full disk has to be recovered; one that stops in time
// does not. Not thread-safe: the committer's.
#pragma once

#include <rocksdb/env.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace armature::storage {

class DiskSpace {
 public:
  // Keeps `reserve_bytes` free, or a twentieth of the disk if that is less.
  DiskSpace(rocksdb::Env* env, std::string directory, std::uint64_t reserve_bytes);

  // Looks at the disk at most ten times a second. A disk that cannot be asked counts as large enough.
  bool is_short(std::chrono::steady_clock::time_point now);

  std::uint64_t reserve_bytes() const { return reserve_bytes_; }

 private:
  rocksdb::Env* const env_;
  const std::string directory_;
  std::uint64_t reserve_bytes_;
  std::chrono::steady_clock::time_point next_look_{};
  bool short_ = false;
};

}  // namespace armature::storage
