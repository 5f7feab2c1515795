// What a transaction makes of the items it found: a pure function, run again when the commit conflicts.
// Source: API Reference, "TransactWriteItems".
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/error.h"
#include "model/item.h"
#include "txn/transaction_store.h"

namespace armature {

// The items afterwards, encoded, in the order of the actions; nullopt: there is none. Checks keep theirs, and get
// nullopt here. `before` is in the same order.
//
// kTransactionCanceled otherwise. Every failed condition is reported. An action that holds but makes no legal item (a
// path that leads nowhere, an item too large) is reported alone, the first of its kind, and all others as None.
// As DynamoDB does for an invalid update beside a failed condition.
Result<std::vector<std::optional<Bytes>>> decide_transaction(std::span<const TransactAction> actions,
                                                             std::span<const std::optional<ItemView>> before,
                                                             Arena* arena);

}  // namespace armature
