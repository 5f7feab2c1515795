// RocksDB's status type ends here.
#pragma once

#include <rocksdb/status.h>

#include <string_view>

#include "storage/storage.h"

namespace armature::storage {

// `status` must not be OK. `doing` says what failed: "commit", "read".
StorageError storage_error(const rocksdb::Status& status, std::string_view doing);

}  // namespace armature::storage
