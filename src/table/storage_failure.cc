#include "table/storage_failure.h"

#include "base/assert.h"
#include "base/log.h"

namespace armature {

Error storage_failure(const storage::StorageError& error) {
  ARMATURE_ASSERT(error.code != storage::StorageErrorCode::kConflict);
  if (error.code == storage::StorageErrorCode::kUnavailable) {
    log(LogLevel::kWarning, "storage is unavailable", {{"engine", error.message}});
    return {ErrorCode::kServiceUnavailable, "The service is temporarily unavailable", {}};
  }
  log(LogLevel::kError, "storage failed", {{"engine", error.message}});
  return {ErrorCode::kInternal, "Internal server error", {}};
}

}  // namespace armature
