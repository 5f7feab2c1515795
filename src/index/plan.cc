#include "index/plan.h"

#include <algorithm>
#include <optional>

#include "index/entry_key.h"
#include "index/projection.h"
#include "model/capacity.h"

namespace armature {
namespace {

// An item as one index sees it.
struct Entry {
  std::optional<Bytes> key;  // nullopt: the item is not in the index.
  Bytes buffer;
  BytesView projected;  // Borrows from `buffer` or the item.

  std::size_t size_bytes() const { return ItemView(projected).size_bytes(); }
};

void look_up(const TableDefinition& table, const IndexDefinition& index, BytesView item_key, const ItemView* item,
             Arena* arena, Entry* entry) {
  if (item == nullptr) return;
  entry->key = entry_key(table, index, item_key, *item, arena);
  if (entry->key) entry->projected = project_entry(table, index, *item, arena, &entry->buffer);
}

void plan_index(const TableDefinition& table, const IndexDefinition& index, BytesView item_key, const ItemView* before,
                const ItemView* after, Arena* arena, std::vector<IndexWrite>* writes) {
  Entry from;
  Entry to;
  look_up(table, index, item_key, before, arena, &from);
  look_up(table, index, item_key, after, arena, &to);

  // Absent, mistyped, moved and equal all fall out of comparing whole keys.
  const bool in_place = from.key && from.key == to.key;
  if (in_place && from.projected == to.projected) return;
  if (from.key && (!in_place || index.build == BuildPhase::kErasing)) {
    writes->push_back({.index = &index, .key = arena->copy(*from.key), .size_before_bytes = from.size_bytes()});
  }
  // Of an index that others do not keep yet: what is not there cannot go stale.
  if (to.key && index.build != BuildPhase::kErasing) {
    writes->push_back({.index = &index,
                       .key = arena->copy(*to.key),
                       .entry = Bytes(to.projected),
                       .size_before_bytes = in_place ? from.size_bytes() : 0,
                       .size_after_bytes = to.size_bytes()});
  }
}

}  // namespace

void plan_writes(const TableDefinition& table, BytesView item_key, const ItemView* before, const ItemView* after,
                 Arena* arena, std::vector<IndexWrite>* writes) {
  for (const IndexDefinition& index : table.local_indexes) {
    plan_index(table, index, item_key, before, after, arena, writes);
  }
  for (const IndexDefinition& index : table.global_indexes) {
    if (index.status == IndexStatus::kDeleting) continue;
    plan_index(table, index, item_key, before, after, arena, writes);
  }
}

std::uint64_t write_units(const IndexWrite& write) {
  return write_units(std::max(write.size_before_bytes, write.size_after_bytes));
}

}  // namespace armature
