#include "table/key_checks.h"

#include <algorithm>

#include "model/key_codec.h"
#include "table/item_store.h"

namespace armature {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
constexpr std::string_view kNotValid = "One or more parameter values are not valid. ";

template <class... Parts>
std::string join(const Parts&... parts) {
  std::string text;
  (text.append(parts), ...);
  return text;
}

bool is_empty(const Value& value) { return !value.is(Type::kNumber) && value.bytes().empty(); }

// "The AttributeValue for a key attribute cannot contain an empty string value."
std::string empty_value_text(const Value& value) {
  return join("The AttributeValue for a key attribute cannot contain an empty ",
              value.is(Type::kString) ? "string" : "binary", " value.");
}

Unexpected<Error> partition_key_too_long() {
  return invalid(join(kInvalid, "Size of hashkey has exceeded the maximum size limit of2048 bytes"));
}
Unexpected<Error> sort_key_too_long() {
  return invalid(join(kInvalid, "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"));
}

// --- The table's key ---

Result<void> check_key_values(const TableDefinition& table, const Value& partition_key, const Value* sort_key) {
  const auto check_not_empty = [](const KeyAttribute& attribute, const Value& value) -> Result<void> {
    if (!is_empty(value)) return {};
    return invalid(join(kNotValid, empty_value_text(value), " Key: ", attribute.name));
  };
  TRY(check_not_empty(table.key.partition.front(), partition_key));
  if (sort_key != nullptr) TRY(check_not_empty(table.key.sort.front(), *sort_key));
  if (value_size_bytes(partition_key) > kMaxPartitionKeyBytes) return partition_key_too_long();
  if (sort_key != nullptr && value_size_bytes(*sort_key) > kMaxSortKeyBytes) return sort_key_too_long();
  return {};
}

Result<ItemKey> checked_key(const TableDefinition& table, const Value& partition_key, const Value* sort_key,
                            Arena* arena) {
  TRY(check_key_values(table, partition_key, sort_key));
  const std::size_t count = sort_key != nullptr ? 2 : 1;
  Attribute* const attributes = arena->allocate_array<Attribute>(count);
  attributes[0] = {table.key.partition.front().name, partition_key};
  if (sort_key != nullptr) attributes[1] = {table.key.sort.front().name, *sort_key};
  // Names come from the definition, which a caller may let go of before the request ends.
  for (std::size_t i = 0; i < count; ++i) attributes[i].name = arena->copy(attributes[i].name);
  return ItemKey{{attributes, count}, encode_item_key(partition_key, sort_key)};
}

// --- Index keys ---

// The attributes of one side of an index key, partition or sort, as `item` has them.
struct IndexKeySide {
  const IndexDefinition& index;
  std::span<const KeyAttribute> attributes;
  bool is_partition;
};

using Touched = std::span<const std::string_view>;

bool contains(Touched names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> check_index_key_value(const IndexDefinition& index, const KeyAttribute& attribute, const Value& value,
                                   bool updating) {
  if (!value.is(attribute.type)) {
    return invalid(join(kInvalid, "Type mismatch for Index Key ", attribute.name, " Expected: ",
                        type_name(attribute.type), " Actual: ", type_name(value.type()), " IndexName: ", index.name));
  }
  if (!is_empty(value)) return {};
  if (updating) {
    return invalid(join(
        kNotValid, "The update expression attempted to update a secondary index key to a value that is not supported. ",
        empty_value_text(value)));
  }
  return invalid(join(kNotValid, "A value specified for a secondary index key is not supported. ",
                      empty_value_text(value), " IndexName: ", index.name, ", IndexKey: ", attribute.name));
}

// `touched` null: everything is new.
Result<void> check_side(const IndexKeySide& side, std::span<const Attribute> item, const Touched* touched) {
  std::size_t size_bytes = 0;
  bool any_touched = false;
  for (const KeyAttribute& attribute : side.attributes) {
    const Value* const value = find_attribute(item, attribute.name);
    if (value == nullptr) continue;
    if (touched == nullptr || contains(*touched, attribute.name)) {
      TRY(check_index_key_value(side.index, attribute, *value, touched != nullptr));
      any_touched = true;
    }
    size_bytes += value_size_bytes(*value);
  }
  if (!any_touched) return {};
  if (side.is_partition && size_bytes > kMaxPartitionKeyBytes) return partition_key_too_long();
  if (!side.is_partition && size_bytes > kMaxSortKeyBytes) return sort_key_too_long();
  return {};
}

Result<void> check_index(const IndexDefinition& index, std::span<const Attribute> item, const Touched* touched) {
  TRY(check_side({index, index.key.partition, true}, item, touched));
  return check_side({index, index.key.sort, false}, item, touched);
}

// Of several indexes an item does not fit, DynamoDB names the first in the order of names.
Result<void> check_all_indexes(const TableDefinition& table, std::span<const Attribute> item, const Touched* touched) {
  const IndexDefinition* first = nullptr;
  Result<void> result;
  for (const auto* indexes : {&table.local_indexes, &table.global_indexes}) {
    for (const IndexDefinition& index : *indexes) {
      if (index.global && index.status == IndexStatus::kDeleting) continue;
      if (first != nullptr && first->name < index.name) continue;
      Result<void> checked = check_index(index, item, touched);
      if (checked) continue;
      first = &index;
      result = std::move(checked);
    }
  }
  return result;
}

}  // namespace

Result<ItemKey> bind_key(const TableDefinition& table, std::span<const Attribute> attributes, Arena* arena) {
  const auto find = [&](const KeyAttribute& attribute) -> const Value* {
    const Value* const value = find_attribute(attributes, attribute.name);
    return value != nullptr && value->is(attribute.type) ? value : nullptr;
  };
  const Value* const partition_key = find(table.key.partition.front());
  const Value* const sort_key = table.has_range_key() ? find(table.key.sort.front()) : nullptr;
  const bool complete = partition_key != nullptr && (sort_key != nullptr || !table.has_range_key());
  if (!complete || attributes.size() != (table.has_range_key() ? 2u : 1u)) {
    return invalid("The provided key element does not match the schema");
  }
  return checked_key(table, *partition_key, sort_key, arena);
}

Result<ItemKey> bind_item_key(const TableDefinition& table, std::span<const Attribute> item, Arena* arena) {
  const auto find = [&](const KeyAttribute& attribute) -> Result<const Value*> {
    const Value* const value = find_attribute(item, attribute.name);
    if (value == nullptr) return invalid(join(kInvalid, "Missing the key ", attribute.name, " in the item"));
    if (value->is(attribute.type)) return value;
    return invalid(join(kInvalid, "Type mismatch for key ", attribute.name, " expected: ", type_name(attribute.type),
                        " actual: ", type_name(value->type())));
  };
  TRY_ASSIGN(const Value* const partition_key, find(table.key.partition.front()));
  const Value* sort_key = nullptr;
  if (table.has_range_key()) {
    TRY_ASSIGN(sort_key, find(table.key.sort.front()));
  }
  return checked_key(table, *partition_key, sort_key, arena);
}

Result<void> check_index_keys(const TableDefinition& table, std::span<const Attribute> item) {
  return check_all_indexes(table, item, nullptr);
}

Result<void> check_updated_index_keys(const TableDefinition& table, std::span<const Attribute> item, Touched touched) {
  return check_all_indexes(table, item, &touched);
}

bool is_start_key(const TableDefinition& table, const IndexDefinition* index, std::span<const Attribute> attributes) {
  std::size_t expected = 0;
  const auto has_all = [&](const KeySchema& schema, const KeySchema* counted) {
    for (const auto* side : {&schema.partition, &schema.sort}) {
      std::size_t size_bytes = 0;
      for (const KeyAttribute& attribute : *side) {
        const Value* const value = find_attribute(attributes, attribute.name);
        if (value == nullptr || !value->is(attribute.type) || is_empty(*value)) return false;
        size_bytes += value_size_bytes(*value);
        if (counted == nullptr || counted->find(attribute.name) == nullptr) ++expected;
      }
      if (size_bytes > (side == &schema.partition ? kMaxPartitionKeyBytes : kMaxSortKeyBytes)) return false;
    }
    return true;
  };
  if (!has_all(table.key, nullptr)) return false;
  if (index != nullptr && !has_all(index->key, &table.key)) return false;
  return attributes.size() == expected;
}

}  // namespace armature
