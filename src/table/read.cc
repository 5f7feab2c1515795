// Reads of single items, and of many by key.
// Source: API Reference, "GetItem", "BatchGetItem".

#include <utility>

#include "model/capacity.h"
#include "table/change.h"
#include "table/item_store.h"
#include "table/storage_failure.h"
#include "table/throughput.h"

namespace armature {
namespace {

ReadKind read_kind(const GetIntent& get) {
  return get.consistent ? ReadKind::kStronglyConsistent : ReadKind::kEventuallyConsistent;
}

ConsumedCapacity cost(const GetIntent& get, std::size_t size_bytes) {
  ConsumedCapacity consumed;
  consumed.table.read_half_units = static_cast<std::int64_t>(read_half_units(size_bytes, read_kind(get)));
  return consumed;
}

ReadOutcome outcome_of(const GetIntent& get, storage::Versioned stored) {
  ReadOutcome outcome{.consumed = cost(get, stored.found ? ItemView(stored.value).size_bytes() : 0)};
  if (stored.found) outcome.item = std::move(stored.value);
  return outcome;
}

}  // namespace

Task<Result<ReadOutcome>> ItemStore::get(const TableDefinition& table, const GetIntent& get) {
  if (throughput_ != nullptr) CO_TRY(throughput_->admit(table, nullptr, Direction::kRead));
  auto stored = co_await storage_->get(item_read_key(table, get.key.encoded), storage::ReadMode::kCommitted);
  if (!stored) co_return Unexpected(storage_failure(stored.error()));
  ReadOutcome outcome = outcome_of(get, std::move(*stored));
  if (throughput_ != nullptr) throughput_->charge(table, outcome.consumed);
  co_return outcome;
}

Task<std::vector<Result<ReadOutcome>>> ItemStore::get_many(const TableDefinition& table,
                                                           std::span<const GetIntent> gets) {
  std::vector<Result<ReadOutcome>> results;
  results.reserve(gets.size());
  std::vector<storage::ReadKey> admitted;
  for (const GetIntent& get : gets) {
    Result<void> may_begin;
    if (throughput_ != nullptr) may_begin = throughput_->admit(table, nullptr, Direction::kRead);
    if (may_begin) {
      // One block in advance, so that a nearly empty bucket lets some of the batch through instead of all of it.
      if (throughput_ != nullptr) throughput_->charge(table, cost(get, 0));
      admitted.push_back(item_read_key(table, get.key.encoded));
      results.emplace_back(ReadOutcome{});
    } else {
      results.emplace_back(std::move(may_begin).unexpected());
    }
  }

  auto stored = co_await storage_->get_many(admitted, storage::ReadMode::kCommitted);
  std::size_t next = 0;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    if (!results[i]) continue;
    if (!stored) {
      results[i] = Unexpected(storage_failure(stored.error()));
      continue;
    }
    ReadOutcome outcome = outcome_of(gets[i], std::move((*stored)[next++]));
    if (throughput_ != nullptr) {
      ConsumedCapacity rest = outcome.consumed;
      rest.table.read_half_units -= cost(gets[i], 0).table.read_half_units;
      throughput_->charge(table, rest);
    }
    results[i] = std::move(outcome);
  }
  co_return results;
}

}  // namespace armature
