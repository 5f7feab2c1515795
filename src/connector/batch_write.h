// Many puts and deletes: cut into BatchWriteItem calls, sent side by side, what comes back unprocessed sent again.
// Source: API Reference, "BatchWriteItem".
#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "connector/open_connection.h"

namespace armature::connector {

inline constexpr std::size_t kMostBatchWrites = 25;

// Puts `items` (DynamoDB JSON, no two with the same key) into `table`. Retries what was not processed with growing,
// jittered pauses for as long as something is processed now and then; gives up after kMostIdleRounds rounds without.
inline constexpr int kMostIdleRounds = 10;
Task<CallResult<void>> put_items(OpenConnection* connection, std::string table, std::vector<std::string> items);

}  // namespace armature::connector
