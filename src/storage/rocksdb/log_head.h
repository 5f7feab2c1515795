// How a log that is there before it is written (log_file.h) tells its own bytes from those it held before.
//
// Such a file has been a log once or was filled with zeros. It begins with a head that names a random mask, and all
// that RocksDB writes behind it is XORed with that. What another mask hides, or none, is not a sound record, so where
// the commits of this log end, nothing that looks like one follows. A log without a head holds RocksDB's bytes as they
// are, to the end of the file.
//
//   offset  size  content
//   0       8     "ARMALOG1"
//   8       8     the mask, little-endian; no byte below 0x80, so that zeros are not a record either
//   16      8     the same, all bits inverted
//   2048    24    once more: a sector that breaks does not take the log with it
//   4096    n     the bytes of the log; the mask begins anew every 8 bytes
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace armature::storage {

inline constexpr std::size_t kLogHeadBytes = 4096;

class LogMask {
 public:
  // Changes nothing.
  constexpr LogMask() = default;
  // From the operating system's random numbers.
  static LogMask random();

  // Writes `in` to `out`, which may be the same place, masked or unmasked. `offset` is where `in` stands in the log.
  void apply(std::uint64_t offset, BytesView in, char* out) const;

  bool operator==(const LogMask&) const = default;

 private:
  friend std::array<char, kLogHeadBytes> make_log_head(LogMask mask);
  friend std::optional<LogMask> mask_of_head(BytesView file);

  explicit constexpr LogMask(std::uint64_t bits) : bits_(bits) {}

  std::uint64_t bits_ = 0;
};

std::array<char, kLogHeadBytes> make_log_head(LogMask mask);

// The mask of the log that begins with the bytes of `file`; nothing if it has no head.
std::optional<LogMask> mask_of_head(BytesView file);

}  // namespace armature::storage
