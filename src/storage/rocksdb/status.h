// RocksDB's status type ends here.
#pragma once

#include <rocksdb/status.h>

#include <string_view>

#include "storage/storage.h"

namespace armature::storage {

// `status` must not be OK. `doing` says what failed: "commit", "read".
StorageError storage_error(const rocksdb::Status& status, std::string_view doing);

// Whether it says that the lock of a directory is held, by another process or by this one. That the lock's file cannot
// be opened is another matter.
bool is_lock_held(const rocksdb::Status& status);

}  // namespace armature::storage
