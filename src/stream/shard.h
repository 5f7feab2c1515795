// Shards: which records of a stream are read together. A shard is a range of tokens from one stamp on to another; it is
// not a place where records are kept, so it can begin and end without anybody who writes knowing of it.
//
// Shards of a stream never overlap and leave nothing out. One ends when others begin that name it as their parent:
// usually one child with the same range (shards live some hours), or two with the halves (a shard took too many
// records, or the engine split the partition below). The stream's end ends them all. A child's records are younger than
// all of its parent's, and an item stays in one line of shards, so who reads parents before children reads each item's
// records in order.
//
// Pure functions and values. Source: Developer Guide, "Change data capture for DynamoDB Streams"; API Reference,
// "Shard", "ShardFilter".
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "storage/storage.h"
#include "stream/sequence_number.h"
#include "stream/token_range.h"

namespace armature::stream {

// Ordered as DescribeStream lists shards: by their texts.
struct ShardId {
  storage::Stamp begin = 0;  // Of the commit that made the shard.
  std::uint32_t token = 0;   // Where its range begins.

  friend auto operator<=>(const ShardId&, const ShardId&) = default;
};

// "shardId-<20 digits>-<8 hexadecimal digits>".
std::string to_text(const ShardId& id);
std::optional<ShardId> parse_shard_id(std::string_view text);

struct Shard {
  ShardId id;
  TokenRange range;
  std::optional<ShardId> parent;
  // The shard has every record of its range in [begin, end).
  storage::Stamp begin = 0;
  std::optional<storage::Stamp> end;  // Absent: open.

  bool is_open() const { return !end.has_value(); }
  SequenceNumber first_number() const { return {begin, 0}; }
  // The largest number a record of a closed shard can have.
  SequenceNumber last_number() const { return SequenceNumber{*end, 0}.previous(); }
};

// All shards of one stream.
struct Lineage {
  std::vector<Shard> shards;          // By id.
  std::optional<storage::Stamp> end;  // The stream was switched off there.

  const Shard* find(const ShardId& id) const;
};

// --- How shards are stored: rows in Space::kStream of the table's key space; drawn in shard.cc. ---

struct NewShard {
  TokenRange range;
  std::optional<ShardId> parent;
  bool begins_with_table = false;  // Has all records from the first; for the shards a table is created with.
};

struct ShardRow {
  Bytes key;
  std::uint32_t stamp_at = 0;
  Bytes value;
};
ShardRow encode_shard(std::uint32_t stream_id, const NewShard& shard);
// The row that ends a stream and all its shards.
ShardRow encode_end(std::uint32_t stream_id);
// The key of the row of an existing shard, to erase it.
Bytes shard_key(std::uint32_t stream_id, const ShardId& id);

// Of all rows of one stream, and of all rows of all streams: [begin, end).
struct Bounds {
  Bytes begin;
  Bytes end;
};
Bounds shard_bounds(std::uint32_t stream_id);

// The lineage that rows in any order tell of; nullopt: a row is damaged.
std::optional<Lineage> decode_lineage(std::span<const storage::Entry> rows);
// For `armature check`: whether a row is whole.
bool is_valid_shard_row(BytesView key, BytesView value);
// Whether the key is one of these rows' at all.
bool is_shard_key(BytesView key);

// The row, not stamped, that every change of a stream's shards reads and writes, so that two never cross.
Bytes shards_guard_key(std::uint32_t stream_id);
bool is_shards_guard_key(BytesView key);

}  // namespace armature::stream
