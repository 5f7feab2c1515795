// Checks of primary key and index key values, with DynamoDB's sentences. The entry points for whole requests are
// bind_key(), bind_item_key() and check_index_keys() in table/item_store.h; what is here serves updates and start keys.
// Pure functions; safe from any thread.
#pragma once

#include <span>
#include <string_view>

#include "catalog/table_definition.h"
#include "model/error.h"
#include "model/value.h"

namespace armature {

// Index key attributes of `item` that an update wrote. `touched` says which; values nobody touched are left alone, so
// that an item older than an index survives unrelated updates.
Result<void> check_updated_index_keys(const TableDefinition& table, std::span<const Attribute> item,
                                      std::span<const std::string_view> touched);

// Whether `attributes` are exactly those of `schema` and, with an index, of the table's key: names, types, neither
// empty nor too long.
bool is_start_key(const TableDefinition& table, const IndexDefinition* index, std::span<const Attribute> attributes);

}  // namespace armature
