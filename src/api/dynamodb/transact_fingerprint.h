// What two requests with the same ClientRequestToken are compared by. Pure; safe from any thread.
#pragma once

#include <span>

#include "api/dynamodb/transact_write_items.h"
#include "base/bytes.h"

namespace armature::api {

// SHA-256 over the actions: tables as they are named, items, keys, expressions and placeholders. The order of map
// members and set elements, and how a number is written, make no difference; what the reply is to contain neither.
Bytes fingerprint(std::span<const TransactWriteItem> actions);

}  // namespace armature::api
