// The read path of transactions. Storage promises no snapshot over many keys; reading the items and then committing
// nothing but their versions proves that all of them were current at the moment of the commit.

#include <utility>

#include "model/capacity.h"
#include "table/change.h"
#include "table/retry.h"
#include "table/storage_failure.h"
#include "table/throughput.h"
#include "txn/cancellation.h"
#include "txn/transaction_store.h"

namespace armature {
namespace {

ReadOutcome outcome_of(storage::Versioned found) {
  const std::size_t size_bytes = found.found ? ItemView(found.value).size_bytes() : 0;
  ReadOutcome outcome;
  outcome.consumed.table.read_half_units =
      static_cast<std::int64_t>(read_half_units(size_bytes, ReadKind::kTransactional));
  if (found.found) outcome.item = std::move(found.value);
  return outcome;
}

Result<void> admit(Throughput* throughput, std::span<const TransactGet> gets) {
  if (throughput == nullptr) return {};
  CancellationReasons reasons(gets.size());
  bool any_refused = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    const Result<void> admitted = throughput->admit(*gets[i].table, nullptr, Direction::kRead);
    if (admitted) continue;
    any_refused = true;
    reasons[i] = *cancellation_reason(admitted.error());
  }
  if (any_refused) return Unexpected(transaction_cancelled(std::move(reasons)));
  return {};
}

}  // namespace

Task<Result<std::vector<ReadOutcome>>> TransactionStore::get(std::span<const TransactGet> gets) {
  CO_TRY(admit(items_->throughput(), gets));
  std::vector<storage::ReadKey> keys;
  keys.reserve(gets.size());
  for (const TransactGet& get : gets) keys.push_back(item_read_key(*get.table, get.key.encoded));

  for (Retry retry(items_->turns(), keys, items_->options().conflict_patience);;) {
    if (retry.must_wait()) co_await retry.wait();
    auto found = co_await storage_->get_many(keys, storage::ReadMode::kForUpdate);
    if (!found) co_return Unexpected(storage_failure(found.error()));
    storage::Batch snapshot;
    std::vector<storage::Version> versions;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      versions.push_back((*found)[i].version);
      snapshot.reads.push_back({keys[i].home, keys[i].space, keys[i].key, versions[i]});
    }

    const auto committed = co_await storage_->commit(std::move(snapshot), items_->options().durability);
    if (!committed && committed.error().code == storage::StorageErrorCode::kConflict) {
      const bool again = co_await retry.again();
      if (!again) CO_TRY(co_await conflict(keys, versions));
      continue;
    }
    if (!committed) co_return Unexpected(storage_failure(committed.error()));

    std::vector<ReadOutcome> outcomes;
    outcomes.reserve(gets.size());
    for (std::size_t i = 0; i < gets.size(); ++i) {
      outcomes.push_back(outcome_of(std::move((*found)[i])));
      if (Throughput* throughput = items_->throughput()) throughput->charge(*gets[i].table, outcomes[i].consumed);
    }
    co_return outcomes;
  }
}

Task<Result<void>> TransactionStore::conflict(std::span<const storage::ReadKey> keys,
                                              std::span<const storage::Version> versions) {
  const auto now = co_await storage_->get_many(keys, storage::ReadMode::kForUpdate);
  if (!now) co_return Unexpected(storage_failure(now.error()));
  CancellationReasons reasons(keys.size());
  bool any_changed = false;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if ((*now)[i].version == versions[i]) continue;
    any_changed = true;
    reasons[i] = conflict_reason();
  }
  // Nothing to see: an engine may call a conflict what only looked like one.
  if (!any_changed) reasons.assign(keys.size(), conflict_reason());
  co_return Unexpected(transaction_cancelled(std::move(reasons)));
}

}  // namespace armature
