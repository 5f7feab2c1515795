// The write path of transactions: read all items and the token's row, decide, commit once, decide again on a conflict.
//
// As with single writes (table/write.cc), what was read may not be durable yet, so that even an answer that changes
// nothing - a failed condition, a replay - is preceded by a commit of the read set.

#include <algorithm>
#include <utility>

#include "model/capacity.h"
#include "table/change.h"
#include "table/decide.h"
#include "table/retry.h"
#include "table/storage_failure.h"
#include "table/throughput.h"
#include "txn/cancellation.h"
#include "txn/decide.h"
#include "txn/transaction_store.h"

namespace armature {
namespace {

std::size_t size_bytes(const std::optional<ItemView>& item) { return item ? item->size_bytes() : 0; }

// The table's part of a transaction costs twice what it costs alone.
// As DynamoDB does: indexes are charged as outside of transactions.
ConsumedCapacity doubled(ConsumedCapacity consumed) {
  consumed.table += consumed.table;
  return consumed;
}

ConsumedCapacity cost_of_looking(const std::optional<ItemView>& before) {
  ConsumedCapacity consumed;
  consumed.table = item_write_cost(size_bytes(before), 0);
  return doubled(std::move(consumed));
}

std::vector<storage::ReadKey> read_keys(std::span<const TransactAction> actions) {
  std::vector<storage::ReadKey> keys;
  keys.reserve(actions.size() + 1);
  for (const TransactAction& action : actions) keys.push_back(item_read_key(*action.table, action.key().encoded));
  return keys;
}

TransactWriteOutcome replay_of(const TokenRecord& finished) {
  TransactWriteOutcome outcome{.actions = {}, .replayed = true};
  for (const std::int64_t half_units : finished.read_half_units) {
    ActionOutcome& action = outcome.actions.emplace_back();
    action.consumed.table.read_half_units = half_units;
  }
  return outcome;
}

bool is_check(const TransactAction& action) { return std::holds_alternative<CheckIntent>(action.intent); }

}  // namespace

// The state of one try; what a batch borrows lives here until its commit is done.
class TransactionStore::WriteAttempt {
 public:
  WriteAttempt(TransactionStore* store, const TransactWriteIntent& intent, std::span<const storage::ReadKey> keys,
               BytesView token_key, Arena* arena)
      : store_(*store), intent_(intent), keys_(keys), token_key_(token_key), arena_(arena), changes_(arena) {}

  // nullopt: a conflict. `*charged`: whether the buckets have paid for this transaction; a further try costs no more.
  Task<Result<std::optional<TransactWriteOutcome>>> run(bool* charged) {
    CO_TRY(co_await read());
    if (rows_ && rows_->finished()) co_return co_await replay(*rows_->finished());
    if (!*charged) CO_TRY(admit_tables());

    Result<std::vector<std::optional<Bytes>>> after = decide_transaction(intent_.actions, before_, arena_);
    TransactWriteOutcome outcome;
    if (after) {
      after_ = std::move(*after);
      outcome = append_changes();
    } else {
      for (const std::optional<ItemView>& item : before_) {
        outcome.actions.emplace_back().consumed = cost_of_looking(item);
      }
    }
    if (!*charged) {
      CO_TRY(admit_indexes(outcome));
      charge(outcome);
      *charged = true;
    }
    CO_TRY(co_await changes_.settle(store_.storage_, store_.items_->options().collection_limit_bytes));
    Result<void> allowed = after ? check_collections(&outcome) : Result<void>(Unexpected(std::move(after).error()));
    if (!allowed) changes_.drop_writes();

    storage::Batch batch = changes_.take_batch();
    if (rows_) rows_->add_read(&batch);
    if (rows_ && allowed) {
      const TokenRecord finished = record();
      rows_->add_writes(finished, &batch);
    }
    CO_TRY_ASSIGN(const bool committed, co_await commit(std::move(batch)));
    if (!committed) co_return std::optional<TransactWriteOutcome>();
    if (!allowed) {
      count_as_consumed(outcome);
      co_return Unexpected(std::move(allowed).error());
    }
    co_return std::optional(std::move(outcome));
  }

  // Of the items, in the order of the actions; after run().
  std::vector<storage::Version> versions() const {
    std::vector<storage::Version> versions;
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) versions.push_back(found_[i].version);
    return versions;
  }

 private:
  Task<Result<void>> read() {
    auto found = co_await store_.storage_->get_many(keys_, storage::ReadMode::kForUpdate);
    if (!found) co_return Unexpected(storage_failure(found.error()));
    found_ = std::move(*found);
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      before_.push_back(found_[i].found ? std::optional(ItemView(found_[i].value)) : std::nullopt);
      changes_.add_read(*intent_.actions[i].table, intent_.actions[i].key().encoded, found_[i].version);
    }
    if (intent_.token) rows_.emplace(token_key_, found_.back(), store_.clock_->now_ms());
    co_return Result<void>();
  }

  Task<Result<std::optional<TransactWriteOutcome>>> replay(const TokenRecord& finished) {
    storage::Batch batch;
    rows_->add_read(&batch);
    CO_TRY_ASSIGN(const bool committed, co_await commit(std::move(batch)));
    if (!committed) co_return std::optional<TransactWriteOutcome>();
    if (finished.fingerprint != intent_.token->fingerprint) {
      co_return fail(ErrorCode::kIdempotentParameterMismatch,
                     "DynamoDB rejected the request because you retried a request with a different payload but with an "
                     "idempotent token that was already used.");
    }
    TransactWriteOutcome outcome = replay_of(finished);
    outcome.actions.resize(intent_.actions.size());
    charge(outcome);
    co_return std::optional(std::move(outcome));
  }

  TransactWriteOutcome append_changes() {
    TransactWriteOutcome outcome;
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      const TransactAction& action = intent_.actions[i];
      ActionOutcome& done = outcome.actions.emplace_back();
      if (is_check(action)) {
        done.consumed = cost_of_looking(before_[i]);
        continue;
      }
      const std::optional<ItemView> after = after_[i] ? std::optional(ItemView(*after_[i])) : std::nullopt;
      done.consumed = doubled(changes_.append(*action.table, {action.key().encoded, before_[i], after}));
    }
    return outcome;
  }

  // Tells how large item collections will be, and cancels when one grows too large.
  Result<void> check_collections(TransactWriteOutcome* outcome) const {
    CancellationReasons reasons(intent_.actions.size());
    bool any_too_large = false;
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      const TransactAction& action = intent_.actions[i];
      if (is_check(action)) continue;
      outcome->actions[i].collection_size_bytes = changes_.collection_size_bytes(*action.table, action.key().encoded);
      if (!changes_.is_too_large(*action.table, action.key().encoded)) continue;
      any_too_large = true;
      reasons[i] = *cancellation_reason(collection_too_large().error());
    }
    if (any_too_large) return Unexpected(transaction_cancelled(std::move(reasons)));
    return {};
  }

  // What the token remembers of a transaction that ends now.
  TokenRecord record() const {
    TokenRecord finished{.fingerprint = Bytes(intent_.token->fingerprint),
                         .finished_at_ms = store_.clock_->now_ms(),
                         .read_half_units = {}};
    for (std::size_t i = 0; i < before_.size(); ++i) {
      const std::size_t after_bytes = after_[i] ? ItemView(*after_[i]).size_bytes() : 0;
      const std::size_t larger_bytes = std::max(size_bytes(before_[i]), after_bytes);
      finished.read_half_units.push_back(
          static_cast<std::int64_t>(read_half_units(larger_bytes, ReadKind::kTransactional)));
    }
    return finished;
  }

  Result<void> admit_tables() const {
    Throughput* const throughput = store_.items_->throughput();
    if (throughput == nullptr) return {};
    return admit_each(
        [&](std::size_t i) { return throughput->admit(*intent_.actions[i].table, nullptr, Direction::kWrite); });
  }

  // A table's writes are held back by the capacity of the global indexes they touch.
  Result<void> admit_indexes(const TransactWriteOutcome& outcome) const {
    Throughput* const throughput = store_.items_->throughput();
    if (throughput == nullptr) return {};
    return admit_each([&](std::size_t i) -> Result<void> {
      const TableDefinition& table = *intent_.actions[i].table;
      for (const IndexCapacity& index : outcome.actions[i].consumed.indexes) {
        if (index.global) TRY(throughput->admit(table, table.find_index(index.index_name), Direction::kWrite));
      }
      return {};
    });
  }

  // Names every action that is held back.
  template <class Admit>  // Result<void> admit(std::size_t action)
  Result<void> admit_each(Admit admit) const {
    CancellationReasons reasons(intent_.actions.size());
    bool any_refused = false;
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      const Result<void> admitted = admit(i);
      if (admitted) continue;
      any_refused = true;
      reasons[i] = *cancellation_reason(admitted.error());
    }
    if (any_refused) return Unexpected(transaction_cancelled(std::move(reasons)));
    return {};
  }

  void charge(const TransactWriteOutcome& outcome) const {
    Throughput* const throughput = store_.items_->throughput();
    if (throughput == nullptr) return;
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      throughput->charge(*intent_.actions[i].table, outcome.actions[i].consumed);
    }
  }

  // Of a transaction that was refused; what one that was carried out costs is counted with its answer.
  void count_as_consumed(const TransactWriteOutcome& outcome) const {
    for (std::size_t i = 0; i < intent_.actions.size(); ++i) {
      const CapacityAmount amount = outcome.actions[i].consumed.total();
      intent_.actions[i].table->usage->count_capacity(amount.read_half_units, amount.write_half_units);
    }
  }

  // False: a conflict.
  Task<Result<bool>> commit(storage::Batch batch) {
    const auto committed = co_await store_.storage_->commit(std::move(batch), store_.items_->options().durability);
    if (committed) co_return true;
    if (committed.error().code == storage::StorageErrorCode::kConflict) co_return false;
    co_return Unexpected(storage_failure(committed.error()));
  }

  TransactionStore& store_;
  const TransactWriteIntent& intent_;
  const std::span<const storage::ReadKey> keys_;  // Of the items, then of the token's row if there is a token.
  const BytesView token_key_;
  Arena* const arena_;

  std::vector<storage::Versioned> found_;        // By keys_.
  std::vector<std::optional<ItemView>> before_;  // Borrows from found_.
  std::vector<std::optional<Bytes>> after_;
  std::optional<TokenRows> rows_;
  ChangeSet changes_;
};

Task<Result<TransactWriteOutcome>> TransactionStore::write(const TransactWriteIntent& intent, Arena* arena) {
  std::vector<storage::ReadKey> keys = read_keys(intent.actions);
  Bytes key_of_token;
  std::optional<RunningTokens::Entry> running;
  if (intent.token) {
    key_of_token = token_key(intent.token->operation, intent.token->region, intent.token->token);
    keys.push_back(token_read_key(key_of_token));
    if (auto entered = running_.enter(key_of_token)) {
      running.emplace(std::move(*entered));
    } else {
      co_return fail(ErrorCode::kTransactionInProgress,
                     "The transaction with the given request token is already in progress.");
    }
  }

  bool charged = false;
  const std::span item_keys = std::span(std::as_const(keys)).first(intent.actions.size());
  for (Retry retry(items_->turns(), item_keys, items_->options().conflict_patience);;) {
    if (retry.must_wait()) co_await retry.wait();
    WriteAttempt attempt(this, intent, keys, key_of_token, arena);
    CO_TRY_ASSIGN(std::optional<TransactWriteOutcome> outcome, co_await attempt.run(&charged));
    if (!outcome) {
      const bool again = co_await retry.again();
      if (!again) {
        const std::vector<storage::Version> versions = attempt.versions();
        CO_TRY(co_await conflict(item_keys, versions));
      }
      continue;
    }
    if (outcome->replayed) co_return std::move(*outcome);

    if (intent.token) co_await tokens_.sweep_now_and_then();
    co_return std::move(*outcome);
  }
}

}  // namespace armature
