// A transaction store over a TestStore, with short words for its actions.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/item_store.h"
#include "support/storage_probe.h"
#include "support/tables.h"
#include "txn/transaction_store.h"

namespace armature::test {

class TestTransactions {
 public:
  explicit TestTransactions(TableDefinition definition = table("t").pk("p", 'S'), ItemStoreOptions options = {})
      : TestTransactions(std::move(definition), std::make_unique<StorageProbe>(), options) {}

  // Over another engine; probe() then does not exist.
  TestTransactions(TableDefinition definition, std::unique_ptr<storage::Storage> storage, ItemStoreOptions options = {})
      : items(std::move(definition), std::move(storage), options),
        transactions(&items.storage(), &items.items(), &items.clock()) {}

  StorageProbe& probe() { return dynamic_cast<StorageProbe&>(items.storage()); }

  // --- Actions; `condition` may be nullptr ---

  TransactAction put(Values item, const expression::Condition* condition = nullptr) {
    PutIntent put = items.put_intent(attributes(item));
    put.guard.condition = condition;
    return {&items.definition(), std::move(put)};
  }
  TransactAction update(Values key, std::string_view expression, Values values = {},
                        const expression::Condition* condition = nullptr) {
    UpdateIntent update = items.update_intent(key, expression, values);
    update.measure_actions = false;
    update.guard.condition = condition;
    return {&items.definition(), std::move(update)};
  }
  TransactAction remove(Values key, const expression::Condition* condition = nullptr) {
    DeleteIntent remove = items.delete_intent(key);
    remove.guard.condition = condition;
    return {&items.definition(), std::move(remove)};
  }
  TransactAction check(Values key, const expression::Condition* condition) {
    DeleteIntent like = items.delete_intent(key);
    CheckIntent check{.key = std::move(like.key), .guard = {}};
    check.guard.condition = condition;
    return {&items.definition(), std::move(check)};
  }

  // --- Single writes, which must go through ---

  void store(Values item) { EXPECT_EQ(error_text(items.put(item)), "ok"); }
  void erase(Values key) { EXPECT_EQ(error_text(items.remove(key)), "ok"); }

  // --- Calls ---

  Result<TransactWriteOutcome> write(const std::vector<TransactAction>& actions) {
    return sync_wait(transactions.write({.actions = actions, .token = {}}, items.arena()));
  }
  // With a token; `request` stands for the contents of the request.
  Result<TransactWriteOutcome> write(const std::vector<TransactAction>& actions, std::string_view token, char request,
                                     TransactOperation operation = TransactOperation::kTransactWriteItems) {
    const Bytes fingerprint(kFingerprintBytes, request);
    const TransactToken named{
        .operation = operation, .region = "us-east-1", .token = token, .fingerprint = fingerprint};
    return sync_wait(transactions.write({.actions = actions, .token = named}, items.arena()));
  }

  // The same, which must go through.
  void repeat(const std::vector<TransactAction>& actions, std::string_view token, char request,
              TransactOperation operation = TransactOperation::kTransactWriteItems) {
    EXPECT_EQ(error_text(write(actions, token, request, operation)), "ok");
  }

  TransactGet get(Values key) { return {&items.definition(), items.get_intent(key).key}; }
  Result<std::vector<ReadOutcome>> read(const std::vector<TransactGet>& gets) {
    return sync_wait(transactions.get(gets));
  }

  // How many rows of tokens there are, of both kinds.
  std::size_t token_rows() {
    const auto page = sync_wait(items.storage().range(
        {.key_space = storage::kTransactionKeySpace, .space = storage::Space::kItems, .limit_entries = 1000}));
    return page->entries.size();
  }

  TestStore items;
  TransactionStore transactions;
};

// The codes of a cancelled transaction: "None, ConditionalCheckFailed"; what else became of it otherwise.
template <class T>
std::string reasons(const Result<T>& result) {
  if (result) return "went through";
  const auto* reasons = std::get_if<std::vector<CancellationReason>>(&result.error().detail);
  if (reasons == nullptr) return result.error().message;
  std::string text;
  for (const CancellationReason& reason : *reasons) text += (text.empty() ? "" : ", ") + reason.code;
  return text;
}

template <class T>
const CancellationReason& reason(const Result<T>& result, std::size_t index) {
  return std::get<std::vector<CancellationReason>>(result.error().detail).at(index);
}

}  // namespace armature::test
