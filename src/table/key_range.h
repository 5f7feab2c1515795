// Key conditions, start keys and segments as ranges of stored keys. Pure functions; safe from any thread.
// Source: Developer Guide, "Querying tables in DynamoDB", "Paginating table query results", "Parallel scan".
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/arena.h"
#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "expression/condition.h"
#include "model/error.h"
#include "model/value.h"

namespace armature {

// From `begin` up to but without `end`; an empty `end` is no bound. Nothing is in a range whose `begin` is not below
// its `end`.
struct KeyRange {
  Bytes begin;
  Bytes end;

  bool is_empty() const { return !end.empty() && begin >= end; }
  bool contains(BytesView key) const { return key >= begin && (end.empty() || key < end); }
};

// Keys of the table (`index` null) or of the index that satisfy the condition.
KeyRange query_range(const IndexDefinition* index, const expression::KeyCondition& condition);

// Keys of segment `segment` of `total_segments`: equal shares of the token space. All key spaces begin with a token.
KeyRange segment_range(std::uint32_t segment, std::uint32_t total_segments);

// An ExclusiveStartKey, unchecked, as the key it stands for in the table or index; nullopt when its attributes are not
// those of such a key.
std::optional<Bytes> start_position(const TableDefinition& table, const IndexDefinition* index,
                                    std::span<const Attribute> start_key, Arena* arena);

// Takes what lies up to and with `position` out of the range, in the direction of reading.
void continue_behind(BytesView position, bool forward, KeyRange* range);

// The range a page reads, its start key checked: DynamoDB's errors.
Result<KeyRange> query_page_range(const TableDefinition& table, const IndexDefinition* index,
                                  const expression::KeyCondition& condition,
                                  std::optional<std::span<const Attribute>> start_key, bool forward, Arena* arena);
Result<KeyRange> scan_page_range(const TableDefinition& table, const IndexDefinition* index, std::uint32_t segment,
                                 std::uint32_t total_segments, std::optional<std::span<const Attribute>> start_key,
                                 Arena* arena);

}  // namespace armature
