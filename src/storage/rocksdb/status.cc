#include "storage/rocksdb/status.h"

#include "base/assert.h"

namespace armature::storage {
namespace {

StorageErrorCode code_of(const rocksdb::Status& status) {
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::SubCode::kSpaceLimit)
    return StorageErrorCode::kNoSpace;
  if (status.IsCorruption()) return StorageErrorCode::kCorruption;
  if (status.IsShutdownInProgress()) return StorageErrorCode::kUnavailable;
  return StorageErrorCode::kIo;
}

}  // namespace

StorageError storage_error(const rocksdb::Status& status, std::string_view doing) {
  ARMATURE_ASSERT(!status.ok());
  return {code_of(status), std::string(doing) + ": " + status.ToString()};
}

}  // namespace armature::storage
