// Where does a log end, and is that where a crash cut it off, or damage in front of commits that were acknowledged?
//
// A crash leaves a log in one of two shapes. One that grew as it was written ends with its file, perhaps in the middle
// of a write. One that was there before it was written (log_file.h) goes on with zeros, and of the last write, which
// was not acknowledged, any part may be missing. RocksDB understands the first shape, but takes a damaged length for
// it too, and drops all the sound writes behind it in silence. So we look: behind the place where a log breaks off, no
// sound write may begin.
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

#include "storage/storage.h"

namespace armature::storage {

// How much of the log `path` is to be read, in bytes: up to the end of its last whole write if zeros follow, else all
// of the file. kCorruption, with a message for the operator, if it cannot be trusted. What else may be wrong with a
// log, RocksDB finds itself.
StorageResult<std::uint64_t> readable_log_bytes(const std::string& path);

// Judges every log in RocksDB's `directory`, as readable_log_bytes().
StorageResult<void> check_log_tails(const std::string& directory);

}  // namespace armature::storage
