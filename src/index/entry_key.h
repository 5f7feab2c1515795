// Where the entries of secondary indexes are stored. Pure functions; safe from any thread.
//
// An entry of a local index lives in Space::kLsi of its table's key space, in the home of its item:
//
//   8 bytes   token                  of the item, so entries follow the order of homes
//   n         partition key          a key part (model/key_codec.h)
//   4         index id               big-endian
//   n         index sort key         a key part
//   n         table sort key         a key part
//
// Index ids begin with 1. Where an entry of index 0 would be is the size of the item collection
// (table/collection_size.h).
//
// The index id stands behind the partition key because whatever is in kLsi begins with its item's token. A scan of one
// index meets the entries of the table's other local indexes (four at most) and seeks past long runs of them.
//
// An entry of a global index lives in Space::kItems of the index's own key space, and is its own home:
//
//   8 bytes   token                  of the index partition key parts
//   n...      index partition key    one to four key parts
//   n...      index sort key         none to four key parts
//   n         table partition key    a key part
//   n         table sort key         a key part, if the table has one
//
// Source: Developer Guide, "Local secondary indexes", "Using Global Secondary Indexes in DynamoDB".
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/arena.h"
#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/item.h"
#include "model/value.h"
#include "storage/storage.h"

namespace armature {

// The key space and the space `index` of `table` is stored in.
storage::KeySpaceId entry_key_space(const TableDefinition& table, const IndexDefinition& index);
storage::Space entry_space(const IndexDefinition& index);

// What all keys of one partition key value share: of the table itself (`index` null), or of an index. As many values as
// the schema has partition key attributes.
Bytes collection_prefix(const IndexDefinition* index, std::span<const Value> partition);

// What the keys of all items of a collection share, of the key of one of them; borrows from `item_key`.
BytesView item_collection_prefix(const TableDefinition& table, BytesView item_key, Arena* arena);
// The same of a key that may be damaged, also of one in Space::kLsi; nullopt: it is.
std::optional<BytesView> find_item_collection_prefix(const TableDefinition& table, BytesView key, Arena* arena);

// The key of the entry `item` has in `index`; nullopt when it has none: an index key attribute is absent, of another
// type than declared, empty, or too long. `item_key` is the item's key in its table. `arena` takes what decoding needs.
std::optional<Bytes> entry_key(const TableDefinition& table, const IndexDefinition& index, BytesView item_key,
                               const ItemView& item, Arena* arena);

// Where a key of Space::kLsi belongs.
struct LocalEntryPosition {
  BytesView collection;  // `token | partition key`, the first bytes of the key.
  std::uint32_t index_id = 0;
};
LocalEntryPosition local_entry_position(const TableDefinition& table, BytesView key, Arena* arena);
// The same of a key that may be damaged; nullopt: it is.
std::optional<LocalEntryPosition> find_local_entry_position(const TableDefinition& table, BytesView key, Arena* arena);
// What the keys of one collection in one local index share.
Bytes local_entry_prefix(BytesView collection, std::uint32_t index_id);

}  // namespace armature
