// Keys whose byte order is DynamoDB's order. Every key part ends unambiguously, so parts concatenate and
// a shorter part never runs into the next. The layout of each part is drawn in key_codec.cc.
// Source: Developer Guide, "Core components" and "Supported data types and naming rules".
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/value.h"

namespace armature {

inline constexpr std::size_t kMaxPartitionKeyBytes = 2048;
inline constexpr std::size_t kMaxSortKeyBytes = 1024;

// The hash that spreads item collections over a key space: 8 bytes, big-endian in keys. Stable for ever:
// it is stored. Computed over the encoded partition key parts.
std::uint64_t partition_token(BytesView encoded_partition_key);

// Appends the order-preserving encoding of a key value, which must be S, N or B.
void append_key_part(const Value& value, Bytes* out);

// Reads one part of `type` from *cursor; nullopt when the bytes are not such a part. S and B
// borrow from the key, or from `arena` if they were escaped there.
std::optional<Value> read_key_part(Type type, const char** cursor, const char* end, Arena* arena);

// `token | partition key | sort key`, the key of an item in its table's key space. `sort_key` may be null.
Bytes encode_item_key(const Value& partition_key, const Value* sort_key);
// The prefix all items of a collection share: `token | partition key`.
Bytes encode_collection_prefix(const Value& partition_key);

// The part of S and B values that a begins_with condition bounds: the encoding without its terminator, so that it is
// a prefix of the encodings of exactly the values that begin with `value`.
void append_key_part_prefix(const Value& value, Bytes* out);

}  // namespace armature
