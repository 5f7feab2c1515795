// The data directory: what is in it, whether it is ours, and which format it has.
//
//   DIR/FORMAT      three lines of text: "armature-data", "format: 2", "engine: rocksdb"
//   DIR/FORMAT.new  the same, while the directory is being created or moved on from an older format; then renamed
//   DIR/rocksdb/    RocksDB's files, its LOCK among them
//
// FORMAT comes last: a directory that has one also has a database, so a missing database is damage, never a fresh
// start.
#pragma once

#include <string>

#include "storage/storage.h"

namespace armature::storage {

// Grows when an older build could misread what this one writes. 2: logs may have heads (log_head.h).
inline constexpr int kDataFormat = 2;

enum class DataDirectory {
  kNew,       // Empty, or its creation was cut short: make a database, then call finish_data_directory().
  kOlder,     // Has a database in a format that this build reads: open it, then call finish_data_directory().
  kExisting,  // Has a database.
};

// Judges DIR, and creates it if it is absent. Refused, untouched: a newer format, another engine's directory, a
// directory that holds files but no FORMAT.
StorageResult<DataDirectory> prepare_data_directory(const std::string& directory);
StorageResult<void> finish_data_directory(const std::string& directory);

// The same judgement without creating anything: an absent or empty directory is an error too.
StorageResult<void> check_data_directory(const std::string& directory);

std::string rocksdb_directory(const std::string& directory);

}  // namespace armature::storage
