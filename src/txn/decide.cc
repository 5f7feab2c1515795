#include "txn/decide.h"

#include <utility>

#include "table/decide.h"
#include "txn/cancellation.h"

namespace armature {
namespace {

struct AfterImage {
  const TableDefinition& table;
  const ItemView* before;
  Arena* arena;

  Result<std::optional<Bytes>> operator()(const PutIntent& put) const { return decide_put(put); }
  Result<std::optional<Bytes>> operator()(const UpdateIntent& update) const {
    return decide_update(table, update, before, arena);
  }
  Result<std::optional<Bytes>> operator()(const DeleteIntent&) const { return std::optional<Bytes>(); }
  Result<std::optional<Bytes>> operator()(const CheckIntent&) const { return std::optional<Bytes>(); }
};

}  // namespace

Result<std::vector<std::optional<Bytes>>> decide_transaction(std::span<const TransactAction> actions,
                                                             std::span<const std::optional<ItemView>> before,
                                                             Arena* arena) {
  std::vector<std::optional<Bytes>> after(actions.size());
  CancellationReasons reasons(actions.size());
  bool any_condition_failed = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const ItemView* const found = before[i] ? &*before[i] : nullptr;
    if (Result<void> holds = check_guard(actions[i].guard(), found, arena); !holds) {
      any_condition_failed = true;
      reasons[i] = *cancellation_reason(holds.error());
      continue;
    }
    Result<std::optional<Bytes>> decided = std::visit(AfterImage{*actions[i].table, found, arena}, actions[i].intent);
    if (!decided) {
      return Unexpected(transaction_cancelled_by(i, actions.size(), std::move(decided).error()));
    }
    after[i] = std::move(*decided);
  }
  if (any_condition_failed) return Unexpected(transaction_cancelled(std::move(reasons)));
  return after;
}

}  // namespace armature
