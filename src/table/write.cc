// The one write path: read the item, decide purely, gather what follows, commit once, decide again on a conflict.
//
// A decision may rest on a value that is visible but not durable yet (storage::ReadMode::kForUpdate). Answering
// "condition failed", or "nothing to change", from such a value would tell a client of a write that a power loss may
// still undo. So every decision ends in a commit, one without writes too: the engine acknowledges it only after the
// values it read. The same commit makes the read and the decision one atomic step.

#include <utility>

#include "table/change.h"
#include "table/decide.h"
#include "table/item_store.h"
#include "table/retry.h"
#include "table/storage_failure.h"
#include "table/throughput.h"

namespace armature {
namespace {

std::size_t item_size_bytes(const std::optional<ItemView>& item) { return item ? item->size_bytes() : 0; }

std::optional<ItemView> view_of(const std::optional<Bytes>& item) {
  return item ? std::optional(ItemView(*item)) : std::nullopt;
}

// A failed write is charged for the item it looked at.
ConsumedCapacity cost_of_looking(const std::optional<ItemView>& before) {
  ConsumedCapacity consumed;
  consumed.table = item_write_cost(item_size_bytes(before), 0);
  return consumed;
}

}  // namespace

template <class Decide>
Task<Result<WriteOutcome>> ItemStore::write(const TableDefinition& table, const ItemKey& key, const WriteGuard& guard,
                                            Arena* arena, Decide decide) {
  if (throughput_ != nullptr) CO_TRY(throughput_->admit(table, nullptr, Direction::kWrite));

  bool charged = false;
  const storage::ReadKey read_key = item_read_key(table, key.encoded);
  for (Retry retry(&turns_, {&read_key, 1}, options_.conflict_patience);;) {
    if (retry.must_wait()) co_await retry.wait();
    auto read = co_await storage_->get(read_key, storage::ReadMode::kForUpdate);
    if (!read) co_return Unexpected(storage_failure(read.error()));
    const std::optional<ItemView> before = read->found ? std::optional(ItemView(read->value)) : std::nullopt;
    const ItemView* const found = before ? &*before : nullptr;

    Result<void> allowed = check_guard(guard, found, arena);
    Result<std::optional<Bytes>> after =
        allowed ? decide(found) : Result<std::optional<Bytes>>(Unexpected(std::move(allowed).error()));

    ChangeSet changes(arena);
    changes.add_read(table, key.encoded, read->version);
    ConsumedCapacity consumed =
        after ? changes.append(table, {key.encoded, before, view_of(*after)}) : cost_of_looking(before);
    // Asked again and charged in one step before the commit, so that the writes of a batch, which run at once, see what
    // the others took. A second attempt costs what the first did.
    if (throughput_ != nullptr && !charged) {
      CO_TRY(throughput_->admit(table, nullptr, Direction::kWrite));
      CO_TRY(admit_index_writes(changes));
      throughput_->charge(table, consumed);
      charged = true;
    }
    if (changes.must_settle()) CO_TRY(co_await changes.settle(storage_, options_.collection_limit_bytes));
    const auto collection_size_bytes = changes.collection_size_bytes(table, key.encoded);
    if (after && changes.is_too_large(table, key.encoded)) {
      after = collection_too_large();
      changes.drop_writes();
    }

    const auto committed = co_await storage_->commit(changes.take_batch(), options_.durability);
    if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) {
      const bool again = co_await retry.again();
      if (!again) co_return fail(ErrorCode::kTransactionConflict, "Transaction is ongoing for the item");
      continue;
    }
    if (!committed) co_return Unexpected(storage_failure(committed.error()));

    if (!after) {
      const CapacityAmount looked = consumed.total();
      table.usage->count_capacity(looked.read_half_units, looked.write_half_units);
      co_return Unexpected(std::move(after).error());
    }
    WriteOutcome outcome{.after = std::move(*after), .consumed = std::move(consumed)};
    if (read->found) outcome.before = std::move(read->value);
    outcome.collection_size_bytes = collection_size_bytes;
    co_return outcome;
  }
}

// A table's writes are held back by the capacity of the global indexes they touch.
Result<void> ItemStore::admit_index_writes(const ChangeSet& changes) {
  Result<void> admitted;
  changes.for_each_global_index([&](const TableDefinition& table, const IndexDefinition& index) {
    if (admitted) admitted = throughput_->admit(table, &index, Direction::kWrite);
  });
  return admitted;
}

Task<Result<WriteOutcome>> ItemStore::put(const TableDefinition& table, const PutIntent& put, Arena* arena) {
  return write(table, put.key, put.guard, arena, [&put](const ItemView*) { return decide_put(put); });
}

Task<Result<WriteOutcome>> ItemStore::remove(const TableDefinition& table, const DeleteIntent& remove, Arena* arena) {
  return write(table, remove.key, remove.guard, arena,
               [](const ItemView*) { return Result<std::optional<Bytes>>(std::nullopt); });
}

Task<Result<WriteOutcome>> ItemStore::update(const TableDefinition& table, const UpdateIntent& update, Arena* arena) {
  return write(table, update.key, update.guard, arena, [&table, &update, arena](const ItemView* before) {
    return decide_update(table, update, before, arena);
  });
}

}  // namespace armature
