// What the batch operations share. Source: API Reference, "BatchGetItem", "BatchWriteItem".
#pragma once

#include <string_view>

#include "api/shape.h"
#include "model/error.h"

namespace armature::api {

inline constexpr std::size_t kMaxBatchWrites = 25;
inline constexpr std::size_t kMaxBatchGets = 100;

// Keys of RequestItems: table names or ARNs.
inline constexpr Constraint kBatchTableName{.minimum = 1, .maximum = 1024, .pattern = &kNameOrArnPattern};

// Whether a part of a batch that failed so may be sent again, as UnprocessedItems or UnprocessedKeys. Anything else
// fails the whole batch.
bool is_left_unprocessed(ErrorCode code);

Error duplicate_keys();

}  // namespace armature::api
