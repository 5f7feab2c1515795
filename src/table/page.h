// One page of a query or scan: walks a range of keys, counts what it reads, filters, projects, and stops at the page
// limit. Source: API Reference, "Query", "Scan"; Developer Guide, "Query filter expressions", "Paginating table query
// results".
#pragma once

#include "base/arena.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "storage/storage.h"
#include "table/item_store.h"
#include "table/key_range.h"

namespace armature {

// What a page walks over, from one end or the other.
struct PageWalk {
  KeyRange range;
  bool forward = true;
  // A scan of a local index: entries of the table's other local indexes, and sizes of collections, lie between its own.
  bool meets_other_indexes = false;
};

// Reads one page of the table or index the intent names. What is borrowed must outlive the task. Name the walk you
// pass: g++ 12 destroys a brace-initialized temporary twice when it stands in an awaited call.
Task<Result<PageOutcome>> read_page(storage::Storage* storage, const TableDefinition& table, const PageIntent& intent,
                                    PageWalk walk, Arena* arena);

}  // namespace armature
