#include "table/key_range.h"

#include "index/entry_key.h"
#include "model/item.h"
#include "model/key_codec.h"
#include "table/key_checks.h"

namespace armature {
namespace {

using expression::KeyCondition;
using expression::SortOperator;

Bytes with_part(Bytes prefix, const Value& value) {
  append_key_part(value, &prefix);
  return prefix;
}

Bytes with_part_prefix(Bytes prefix, const Value& value) {
  append_key_part_prefix(value, &prefix);
  return prefix;
}

// What all keys share that the condition's equalities leave.
Bytes equal_prefix(const IndexDefinition* index, const KeyCondition& condition) {
  Bytes prefix = collection_prefix(index, condition.partition);
  for (const Value& value : condition.sort_equal) append_key_part(value, &prefix);
  return prefix;
}

}  // namespace

// A part ends unambiguously, so "all keys with this value" are those with its encoding as prefix: up to the prefix's
// successor.
KeyRange query_range(const IndexDefinition* index, const KeyCondition& condition) {
  const Bytes prefix = equal_prefix(index, condition);
  const Bytes end = prefix_successor(prefix);
  switch (condition.sort_operator) {
    case SortOperator::kNone:
    case SortOperator::kEqual: return {prefix, end};
    case SortOperator::kLess: return {prefix, with_part(prefix, condition.low)};
    case SortOperator::kLessOrEqual: return {prefix, prefix_successor(with_part(prefix, condition.low))};
    case SortOperator::kGreater: return {prefix_successor(with_part(prefix, condition.low)), end};
    case SortOperator::kGreaterOrEqual: return {with_part(prefix, condition.low), end};
    case SortOperator::kBetween:
      return {with_part(prefix, condition.low), prefix_successor(with_part(prefix, condition.high))};
    case SortOperator::kBeginsWith: {
      const Bytes begin = with_part_prefix(prefix, condition.low);
      return {begin, prefix_successor(begin)};
    }
  }
  __builtin_unreachable();
}

KeyRange segment_range(std::uint32_t segment, std::uint32_t total_segments) {
  const auto bound = [total_segments](std::uint64_t segment) {
    Bytes key;
    if (segment == 0 || segment == total_segments) return key;
    const auto token = (static_cast<unsigned __int128>(segment) << 64) / total_segments;
    append_u64_be(&key, static_cast<std::uint64_t>(token));
    return key;
  };
  return {bound(segment), bound(std::uint64_t{segment} + 1)};
}

std::optional<Bytes> start_position(const TableDefinition& table, const IndexDefinition* index,
                                    std::span<const Attribute> start_key, Arena* arena) {
  if (!is_start_key(table, index, start_key)) return std::nullopt;
  const Value* const partition_key = find_attribute(start_key, table.key.partition.front().name);
  const Value* const sort_key =
      table.has_range_key() ? find_attribute(start_key, table.key.sort.front().name) : nullptr;
  Bytes item_key = encode_item_key(*partition_key, sort_key);
  if (index == nullptr) return item_key;
  const Bytes encoded = encode_item(start_key);
  return entry_key(table, *index, item_key, ItemView(encoded), arena);
}

void continue_behind(BytesView position, bool forward, KeyRange* range) {
  if (forward) {
    range->begin.assign(position);
    range->begin.push_back('\0');  // The least key behind it.
  } else {
    range->end.assign(position);
  }
}

Result<KeyRange> query_page_range(const TableDefinition& table, const IndexDefinition* index,
                                  const KeyCondition& condition, std::optional<std::span<const Attribute>> start_key,
                                  bool forward, Arena* arena) {
  KeyRange range = query_range(index, condition);
  if (!start_key) return range;
  const std::optional<Bytes> position = start_position(table, index, *start_key, arena);
  if (!position) {
    const bool plain_table = index == nullptr && !table.has_range_key();
    return invalid(
        plain_table ? "The provided exclusive start key is invalid: The provided key element does not match the schema"
                    : "The provided starting key is invalid");
  }
  if (!position->starts_with(collection_prefix(index, condition.partition))) {
    return invalid("The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!range.contains(*position)) {
    return invalid("The provided starting key does not match the range key predicate");
  }
  continue_behind(*position, forward, &range);
  return range;
}

Result<KeyRange> scan_page_range(const TableDefinition& table, const IndexDefinition* index, std::uint32_t segment,
                                 std::uint32_t total_segments, std::optional<std::span<const Attribute>> start_key,
                                 Arena* arena) {
  KeyRange range = segment_range(segment, total_segments);
  if (!start_key) return range;
  const std::optional<Bytes> position = start_position(table, index, *start_key, arena);
  if (!position) {
    return invalid("The provided starting key is invalid: The provided key element does not match the schema");
  }
  if (!range.contains(*position)) {
    return invalid(
        "The provided starting key is invalid: Invalid Exclusive Start Key. Please use an Exclusive Start Key with the "
        "correct Segment. TotalSegments: " +
        std::to_string(total_segments) + " Segment: " + std::to_string(segment));
  }
  continue_behind(*position, /*forward=*/true, &range);
  return range;
}

}  // namespace armature
