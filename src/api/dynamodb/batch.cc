#include "api/dynamodb/batch.h"

namespace armature::api {

bool is_left_unprocessed(ErrorCode code) {
  return code == ErrorCode::kProvisionedThroughputExceeded || code == ErrorCode::kRequestLimitExceeded ||
         code == ErrorCode::kThrottling || code == ErrorCode::kInternal || code == ErrorCode::kServiceUnavailable ||
         code == ErrorCode::kTransactionConflict;
}

Error duplicate_keys() { return {ErrorCode::kValidation, "Provided list of item keys contains duplicates", {}}; }

}  // namespace armature::api
