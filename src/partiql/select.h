// One page of a SELECT. A page ends after Limit evaluated rows or 1 MB of them, whatever the WHERE left, and says where
// the next one begins.
// Source: API Reference, "ExecuteStatement" (Limit, NextToken, LastEvaluatedKey).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/task.h"
#include "model/error.h"
#include "partiql/select_plan.h"
#include "table/item_store.h"

namespace armature::partiql {

// Where a SELECT goes on: the parts of its plan (keys, collections, or the one scan) before `first_part` are done. Of
// those from there on `parts` tells how far they were read; what lies behind its end was not begun.
struct SelectPosition {
  struct Part {
    enum class State : std::uint8_t { kNotBegun, kBehind, kDone };
    State state = State::kNotBegun;
    std::span<const Attribute> start_key;  // kBehind: ExclusiveStartKey of the part.
  };
  std::uint32_t first_part = 0;
  std::vector<Part> parts;
};

struct SelectPage {
  std::vector<PageItem> items;                                   // With columns: projected.
  std::optional<SelectPosition> next;                            // Absent: that was all.
  std::optional<std::span<const Attribute>> last_evaluated_key;  // In the arena; only with `next`.
  ConsumedCapacity consumed;
  std::vector<std::shared_ptr<const void>> memory;  // What `items` borrow from, besides the arena.
};

struct SelectIntent {
  const TableDefinition* table = nullptr;
  const SelectPlan* plan = nullptr;
  bool consistent = false;
  std::optional<std::uint32_t> limit;  // Rows evaluated.
  SelectPosition position;
};

// kValidation when the position is none of this plan's. The intent and what it names outlive the task.
Task<Result<SelectPage>> read_select(ItemStore* items, const SelectIntent& intent, Arena* arena);

}  // namespace armature::partiql
