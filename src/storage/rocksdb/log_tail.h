// Where does a log end, and is that where a crash cut it off, or damage in front of commits that were acknowledged?
//
// A crash leaves a log in one of two shapes. One that grew as it was written ends with its file, perhaps in the middle
// of a write. One that was there before it was written (log_head.h) goes on with what is no record of this log, and of
// the last write, which was not acknowledged, any part may be missing. RocksDB understands the first shape, but takes a
// damaged length for it too, and drops all the sound writes behind it in silence. So we look: behind the place where a
// log breaks off, no sound write may begin.
//
// The format, from RocksDB's db/log_format.h: a log is blocks of 32 KB; a block is records, and zeros where no header
// fits.
//
//   offset  size  content
//   0       4     CRC-32C of type and data, masked, little-endian
//   4       2     length of the data, little-endian
//   6       1     type: 1 whole, 2 first, 3 middle, 4 last part of a write
//   7       n     data
#pragma once

#include <cstdint>
#include <string>

#include "storage/rocksdb/log_head.h"
#include "storage/storage.h"

namespace armature::storage {

// What of a log is to be read.
struct ReadableLog {
  std::uint64_t begin = 0;  // In the file, in bytes: behind the head, if there is one.
  std::uint64_t bytes = 0;  // Up to the end of the last whole write, or of the file for a log that grew.
  LogMask mask;
};

// kCorruption, with a message for the operator, if the log `path` cannot be trusted. What else may be wrong with a log,
// RocksDB finds itself.
StorageResult<ReadableLog> readable_log(const std::string& path);

// Judges every log in RocksDB's `directory`, as readable_log().
StorageResult<void> check_log_tails(const std::string& directory);

}  // namespace armature::storage
