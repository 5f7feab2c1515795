// Secondary index maintenance as a pure function: what has to change in the indexes of a table when one of its items
// changes. No I/O, no clock, no locks.
// Source: Developer Guide, "Using Global Secondary Indexes in DynamoDB", "Local secondary indexes".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/item.h"

namespace armature {

struct IndexWrite {
  const IndexDefinition* index;
  BytesView key;  // index/entry_key.h. In the arena.
  Bytes entry;    // The projected part of the item, encoded; empty when the entry goes away.
  // DynamoDB's sizes of the entry under this key; 0: there is none (an entry has its keys and is never that small).
  std::size_t size_before_bytes = 0;
  std::size_t size_after_bytes = 0;

  bool erases() const { return size_after_bytes == 0; }
};

// Appends to `*writes` what turns the index entries of `before` into those of `after`; nullptr is an absent item. At
// most two an index: a delete when the index key moved, then a put. An index whose projection did not change gets
// nothing. `item_key` is the key of the item in its table.
//
// An item is in an index only if every index key attribute is present with the declared type. A mistyped one can be
// found only on items older than the index (writes reject it), and such an item is simply not in that index.
//
// An index that is being deleted gets nothing. One that is being built gets what its phase says (BuildPhase), so a
// write may erase or replace an entry that is not there yet; whoever commits has to look (table/change.h).
//
// Cannot fail: a malformed definition is a bug and asserts.
void plan_writes(const TableDefinition& table, BytesView item_key, const ItemView* before, const ItemView* after,
                 Arena* arena, std::vector<IndexWrite>* writes);

// What the write costs its index: the larger image, so that a key that moves pays a delete and an insert.
std::uint64_t write_units(const IndexWrite& write);

}  // namespace armature
