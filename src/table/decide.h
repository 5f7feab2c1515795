// What a write makes of the item it found: pure functions, run again when a commit conflicts, shared by single writes
// and transactions. No I/O, no clock.
#pragma once

#include <optional>

#include "base/arena.h"
#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "model/item.h"
#include "table/item_store.h"

namespace armature {

// Whether the item (nullptr: there is none) satisfies the guard's condition: "The conditional request failed", with the
// item if the guard asks for it.
Result<void> check_guard(const WriteGuard& guard, const ItemView* before, Arena* arena);

// The item afterwards, encoded; nullopt: there is none. An update may find that its result is not a legal item.
Result<std::optional<Bytes>> decide_put(const PutIntent& put);
Result<std::optional<Bytes>> decide_update(const TableDefinition& table, const UpdateIntent& update,
                                           const ItemView* before, Arena* arena);

// Of a write that would make its item collection grow beyond the limit.
Unexpected<Error> collection_too_large();

}  // namespace armature
