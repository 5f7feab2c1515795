// Is the end of a log a record that a crash cut off, or damage in front of commits that were acknowledged?
//
// RocksDB accepts a log whose last record is cut off, as it must; but it takes a damaged length for that too, and drops
// all the sound records behind it in silence. A crash leaves nothing behind the place where it cut. So we look: where
// RocksDB will stop reading, no sound record may follow.
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

#include <string>

#include "storage/storage.h"

namespace armature::storage {

// Judges every log in RocksDB's `directory`; kCorruption, with a message for the operator, if one cannot be trusted.
// What else may be wrong with a log, RocksDB finds itself.
StorageResult<void> check_log_tails(const std::string& directory);

}  // namespace armature::storage
