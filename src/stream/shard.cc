#include "stream/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace armature::stream {
namespace {

// The key of a shard's row:
//
//   offset  size  content
//   0       1     's'
//   1       4     id of the stream within its table, big-endian
//   5       8     stamp of the commit that made the shard, big-endian; the engine fills it in
//   13      4     where the range of tokens begins, big-endian
//
// Its value:
//
//   offset  size  content
//   0       1     version, 0x01
//   1       1     bit 0: has a parent; bit 1: begins with the table; bit 2: this is the end of the stream, and all that
//                 follows is zero
//   2       8     where the range of tokens ends, big-endian
//   10      8     stamp of the parent's id, big-endian; 0 without
//   18      4     token of the parent's id, big-endian; 0 without
//
// The guard: key 'g' | id of the stream, 4; value empty.
constexpr char kShardPrefix = 's';
constexpr char kGuardPrefix = 'g';
constexpr std::uint32_t kStampAt = 5;
constexpr std::size_t kTokenAt = kStampAt + storage::kStampBytes;
constexpr std::size_t kKeyBytes = kTokenAt + 4;

constexpr char kVersion = 1;
constexpr char kHasParent = 1;
constexpr char kBeginsWithTable = 2;
constexpr char kIsEnd = 4;
constexpr std::size_t kValueBytes = 22;

void append_u32_be(Bytes* out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out->push_back(static_cast<char>(value >> shift & 0xff));
}

Bytes prefix_of(char kind, std::uint32_t stream_id) {
  Bytes key(1, kind);
  append_u32_be(&key, stream_id);
  return key;
}

ShardRow encode_row(std::uint32_t stream_id, char flags, const TokenRange& range, const ShardId& parent) {
  ShardRow row{.key = shard_key(stream_id, {0, range.begin}), .stamp_at = kStampAt, .value = {}};
  row.value.push_back(kVersion);
  row.value.push_back(flags);
  append_u64_be(&row.value, range.end);
  append_u64_be(&row.value, parent.begin);
  append_u32_be(&row.value, parent.token);
  return row;
}

struct DecodedRow {
  Shard shard;
  bool is_end = false;
};

std::optional<DecodedRow> decode_row(BytesView key, BytesView value) {
  if (key.size() != kKeyBytes || key[0] != kShardPrefix) return std::nullopt;
  if (value.size() != kValueBytes || value[0] != kVersion) return std::nullopt;
  const char flags = value[1];
  if ((flags & ~(kHasParent | kBeginsWithTable | kIsEnd)) != 0) return std::nullopt;
  DecodedRow row;
  row.is_end = (flags & kIsEnd) != 0;
  row.shard.id = {read_u64_be(key.data() + kStampAt), token_of(key.substr(kTokenAt))};
  row.shard.range = {row.shard.id.token, read_u64_be(value.data() + 2)};
  if ((flags & kHasParent) != 0) row.shard.parent = {read_u64_be(value.data() + 10), token_of(value.substr(18))};
  row.shard.begin = (flags & kBeginsWithTable) != 0 ? 0 : row.shard.id.begin;
  if (!row.is_end && row.shard.range.end <= row.shard.range.begin) return std::nullopt;
  return row;
}

}  // namespace

std::string to_text(const ShardId& id) { return fmt::format("shardId-{:020}-{:08x}", id.begin, id.token); }

std::optional<ShardId> parse_shard_id(std::string_view text) {
  constexpr std::string_view kPrefix = "shardId-";
  constexpr std::size_t kStampDigits = 20;
  constexpr std::size_t kTokenDigits = 8;
  if (text.size() != kPrefix.size() + kStampDigits + 1 + kTokenDigits || !text.starts_with(kPrefix)) {
    return std::nullopt;
  }
  ShardId id;
  const std::string_view stamp = text.substr(kPrefix.size(), kStampDigits);
  const std::string_view token = text.substr(kPrefix.size() + kStampDigits + 1);
  const auto stamp_read = std::from_chars(stamp.data(), stamp.data() + stamp.size(), id.begin);
  const auto token_read = std::from_chars(token.data(), token.data() + token.size(), id.token, 16);
  if (stamp_read.ec != std::errc() || token_read.ec != std::errc()) return std::nullopt;
  if (to_text(id) != text) return std::nullopt;  // Capitals, signs.
  return id;
}

const Shard* Lineage::find(const ShardId& id) const {
  const auto found = std::ranges::lower_bound(shards, id, {}, &Shard::id);
  return found != shards.end() && found->id == id ? &*found : nullptr;
}

ShardRow encode_shard(std::uint32_t stream_id, const NewShard& shard) {
  char flags = 0;
  if (shard.parent) flags |= kHasParent;
  if (shard.begins_with_table) flags |= kBeginsWithTable;
  return encode_row(stream_id, flags, shard.range, shard.parent.value_or(ShardId{}));
}

ShardRow encode_end(std::uint32_t stream_id) { return encode_row(stream_id, kIsEnd, {0, 0}, {}); }

Bytes shard_key(std::uint32_t stream_id, const ShardId& id) {
  Bytes key = prefix_of(kShardPrefix, stream_id);
  append_u64_be(&key, id.begin);
  append_u32_be(&key, id.token);
  return key;
}

Bounds shard_bounds(std::uint32_t stream_id) {
  Bytes begin = prefix_of(kShardPrefix, stream_id);
  Bytes end = prefix_successor(begin);
  return {std::move(begin), std::move(end)};
}

std::optional<Lineage> decode_lineage(std::span<const storage::Entry> rows) {
  Lineage lineage;
  for (const storage::Entry& entry : rows) {
    const std::optional<DecodedRow> row = decode_row(entry.key, entry.value);
    if (!row) return std::nullopt;
    if (row->is_end) {
      lineage.end = row->shard.id.begin;
    } else {
      lineage.shards.push_back(row->shard);
    }
  }
  std::ranges::sort(lineage.shards, {}, &Shard::id);
  // All children of a shard begin at once, for they come from one commit.
  const std::vector<Shard> children = lineage.shards;
  for (const Shard& child : children) {
    if (!child.parent) continue;
    const auto parent = std::ranges::lower_bound(lineage.shards, *child.parent, {}, &Shard::id);
    if (parent != lineage.shards.end() && parent->id == *child.parent) parent->end = child.id.begin;
  }
  if (lineage.end) {
    for (Shard& shard : lineage.shards) {
      if (shard.is_open()) shard.end = lineage.end;
    }
  }
  return lineage;
}

bool is_valid_shard_row(BytesView key, BytesView value) { return decode_row(key, value).has_value(); }

bool is_shard_key(BytesView key) { return key.starts_with(kShardPrefix); }

Bytes shards_guard_key(std::uint32_t stream_id) { return prefix_of(kGuardPrefix, stream_id); }

bool is_shards_guard_key(BytesView key) { return key.starts_with(kGuardPrefix); }

}  // namespace armature::stream
