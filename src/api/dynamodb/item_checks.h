// Checks of whole items that need no table. Source: Developer Guide, "Constraints in Amazon DynamoDB".
#pragma once

#include <span>

#include "model/error.h"
#include "model/value.h"

namespace armature::api {

inline constexpr int kMaxNestingLevels = 32;

// At most 32 levels in a value.
Result<void> check_nesting(const Value& value);
// The same for every attribute of an item, a key, or ExpressionAttributeValues; and their names.
Result<void> check_attributes(std::span<const Attribute> attributes);
// `Item size has exceeded the maximum allowed size`.
Result<void> check_item_size(std::span<const Attribute> item);

}  // namespace armature::api
