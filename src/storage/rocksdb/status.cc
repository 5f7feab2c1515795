#include "storage/rocksdb/status.h"

#include <string>

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

// RocksDB has no code for it, and "lock" alone is also in "block checksum mismatch".
bool is_lock_held(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  const auto says = [&text](std::string_view part) { return text.find(part) != std::string::npos; };
  const bool by_another = says("While lock file") && says("temporarily unavailable");
  return status.IsIOError() && (by_another || says("lock hold by current process"));
}

}  // namespace armature::storage
