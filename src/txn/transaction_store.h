// TransactionStore: many items, one commit. Reads all items of a transaction, decides purely (txn/decide.h), and
// commits all that follows at once with every version it read, so that a transaction is serializable against single
// writes and other transactions. Knows nothing of JSON or HTTP. Source: Developer Guide, "Managing complex workflows
// with DynamoDB transactions".
//
// Intents borrow from the request's arena; they and the tables must outlive the task. Thread-safe; conflicts are
// retried here, and only what still conflicts after many tries is told to the client.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "storage/storage.h"
#include "table/item_store.h"
#include "txn/running_tokens.h"
#include "txn/token_log.h"
#include "txn/token_record.h"

namespace armature {

class ChangeSet;  // table/change.h

// A condition on an item that the transaction leaves as it is.
struct CheckIntent {
  ItemKey key;
  WriteGuard guard;
};

// One of the actions of a transaction. Updates measure the finished item alone (UpdateIntent::measure_actions false).
struct TransactAction {
  const TableDefinition* table = nullptr;
  std::variant<PutIntent, UpdateIntent, DeleteIntent, CheckIntent> intent;

  const ItemKey& key() const {
    return std::visit([](const auto& one) -> const ItemKey& { return one.key; }, intent);
  }
  const WriteGuard& guard() const {
    return std::visit([](const auto& one) -> const WriteGuard& { return one.guard; }, intent);
  }
};

// ClientRequestToken, with what it is compared by.
struct TransactToken {
  TransactOperation operation = TransactOperation::kTransactWriteItems;
  std::string_view region;
  std::string_view token;
  BytesView fingerprint;  // kFingerprintBytes: the digest of what the request asks for.
};

struct TransactWriteIntent {
  std::span<const TransactAction> actions;  // Each item once.
  std::optional<TransactToken> token;
};

// What became of one action.
struct ActionOutcome {
  // The table's part is doubled, those of indexes are not. Of a replay: what reading the item would cost.
  ConsumedCapacity consumed;
  std::optional<std::int64_t> collection_size_bytes;  // As WriteOutcome's; never of a check or a replay.
};

struct TransactWriteOutcome {
  std::vector<ActionOutcome> actions;  // In the order of the intent's.
  bool replayed = false;               // The token's transaction had gone through before; nothing was done.
};

struct TransactGet {
  const TableDefinition* table = nullptr;
  ItemKey key;
};

class TransactionStore {
 public:
  // All outlive the store. Commits are as durable as the item store's.
  TransactionStore(storage::Storage* storage, ItemStore* items, const Clock* clock)
      : storage_(storage), clock_(clock), items_(items), tokens_(storage, clock) {}

  // All actions or none. kTransactionCanceled with a reason for each action; kTransactionInProgress and
  // kIdempotentParameterMismatch about the token.
  Task<Result<TransactWriteOutcome>> write(const TransactWriteIntent& intent, Arena* arena);

  // All items as they were at one moment, in the order of `gets`. kTransactionCanceled as above.
  Task<Result<std::vector<ReadOutcome>>> get(std::span<const TransactGet> gets);

 private:
  // One try of a write. nullopt: something read has changed since.
  class WriteAttempt;
  // Why nothing came of all the tries: the actions whose items have changed since `versions` were read.
  Task<Result<void>> conflict(std::span<const storage::ReadKey> keys, std::span<const storage::Version> versions);

  storage::Storage* const storage_;
  const Clock* const clock_;
  ItemStore* const items_;
  TokenLog tokens_;
  RunningTokens running_;
};

}  // namespace armature
