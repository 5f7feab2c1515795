// What an index keeps of an item. Pure functions; safe from any thread.
// Source: Developer Guide, "Attribute projections".
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/item.h"

namespace armature {

// Whether entries of `index` keep the top-level attribute: the index's key, the table's key, and what is projected.
bool projects(const TableDefinition& table, const IndexDefinition& index, std::string_view attribute);

// The projected part of `item`, encoded. Borrows from the item when everything is projected, else from `*buffer`, which
// must outlive the result. `arena` takes what decoding needs.
BytesView project_entry(const TableDefinition& table, const IndexDefinition& index, const ItemView& item, Arena* arena,
                        Bytes* buffer);

}  // namespace armature
