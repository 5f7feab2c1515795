#include "index/entry_key.h"

#include "base/assert.h"
#include "model/key_codec.h"

namespace armature {
namespace {

constexpr std::size_t kTokenBytes = sizeof(std::uint64_t);

void append_u32_be(Bytes* out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

std::uint32_t read_u32_be(const char* data) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(data[i]);
  return value;
}

// Appends the values `item` has for `attributes`; false when they keep it out of the index.
bool append_key_parts(std::span<const KeyAttribute> attributes, std::size_t limit_bytes, const ItemView& item,
                      Arena* arena, Bytes* out) {
  std::size_t size_bytes = 0;
  for (const KeyAttribute& attribute : attributes) {
    const std::optional<EncodedValue> stored = item.find(attribute.name);
    if (!stored || stored->type() != attribute.type) return false;
    if (attribute.type != Type::kNumber && stored->count() == 0) return false;
    const Value value = stored->decode(arena);
    size_bytes += value_size_bytes(value);
    if (size_bytes > limit_bytes) return false;
    append_key_part(value, out);
  }
  return true;
}

void put_token(Bytes* key) {
  Bytes token;
  append_u64_be(&token, partition_token(BytesView(*key).substr(kTokenBytes)));
  key->replace(0, kTokenBytes, token);
}

std::optional<Bytes> local_entry_key(const TableDefinition& table, const IndexDefinition& index, BytesView item_key,
                                     const ItemView& item, Arena* arena) {
  const BytesView collection = item_collection_prefix(table, item_key, arena);
  Bytes key = local_entry_prefix(collection, index.id);
  if (!append_key_parts(index.key.sort, kMaxSortKeyBytes, item, arena, &key)) return std::nullopt;
  key.append(item_key.substr(collection.size()));
  return key;
}

std::optional<Bytes> global_entry_key(const IndexDefinition& index, BytesView item_key, const ItemView& item,
                                      Arena* arena) {
  Bytes key(kTokenBytes, '\0');
  if (!append_key_parts(index.key.partition, kMaxPartitionKeyBytes, item, arena, &key)) return std::nullopt;
  put_token(&key);
  if (!append_key_parts(index.key.sort, kMaxSortKeyBytes, item, arena, &key)) return std::nullopt;
  key.append(item_key.substr(kTokenBytes));
  return key;
}

}  // namespace

storage::KeySpaceId entry_key_space(const TableDefinition& table, const IndexDefinition& index) {
  return index.global ? index.key_space : table.key_space;
}

storage::Space entry_space(const IndexDefinition& index) {
  return index.global ? storage::Space::kItems : storage::Space::kLsi;
}

Bytes collection_prefix(const IndexDefinition* index, std::span<const Value> partition) {
  Bytes prefix(kTokenBytes, '\0');
  for (const Value& value : partition) append_key_part(value, &prefix);
  put_token(&prefix);
  if (index != nullptr && !index->global) append_u32_be(&prefix, index->id);
  return prefix;
}

std::optional<BytesView> find_item_collection_prefix(const TableDefinition& table, BytesView key, Arena* arena) {
  if (key.size() <= kTokenBytes) return std::nullopt;
  const char* cursor = key.data() + kTokenBytes;
  const auto partition_key = read_key_part(table.key.partition.front().type, &cursor, key.data() + key.size(), arena);
  if (!partition_key.has_value()) return std::nullopt;
  return key.substr(0, static_cast<std::size_t>(cursor - key.data()));
}

BytesView item_collection_prefix(const TableDefinition& table, BytesView item_key, Arena* arena) {
  const std::optional<BytesView> prefix = find_item_collection_prefix(table, item_key, arena);
  ARMATURE_ASSERT(prefix.has_value());
  return *prefix;
}

std::optional<Bytes> entry_key(const TableDefinition& table, const IndexDefinition& index, BytesView item_key,
                               const ItemView& item, Arena* arena) {
  return index.global ? global_entry_key(index, item_key, item, arena)
                      : local_entry_key(table, index, item_key, item, arena);
}

LocalEntryPosition local_entry_position(const TableDefinition& table, BytesView key, Arena* arena) {
  const std::optional<LocalEntryPosition> position = find_local_entry_position(table, key, arena);
  ARMATURE_ASSERT(position.has_value());
  return *position;
}

std::optional<LocalEntryPosition> find_local_entry_position(const TableDefinition& table, BytesView key, Arena* arena) {
  const std::optional<BytesView> collection = find_item_collection_prefix(table, key, arena);
  if (!collection || key.size() < collection->size() + sizeof(std::uint32_t)) return std::nullopt;
  return LocalEntryPosition{*collection, read_u32_be(key.data() + collection->size())};
}

Bytes local_entry_prefix(BytesView collection, std::uint32_t index_id) {
  Bytes prefix(collection);
  append_u32_be(&prefix, index_id);
  return prefix;
}

}  // namespace armature
