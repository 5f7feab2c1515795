// How large each item collection of a table with local indexes is: the sizes of its items and of their local index
// entries together, kept with every write. One entry of Space::kLsi a collection that is not empty, in front of the
// collection's index entries, in the home of the collection:
//
//   key
//   8 bytes   token          of the collection's items
//   n         partition key  a key part (model/key_codec.h)
//   4         zero           the index id that no index has
//
//   value
//   1 byte    format         kCollectionSizeFormat
//   8         size           bytes, big-endian
//
// Pure functions; safe from any thread. Source: Developer Guide, "Item collections - how to model one-to-many
// relationships in DynamoDB"; "Local secondary indexes", "Item collection size limit".
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace armature {

inline constexpr char kCollectionSizeFormat = 1;
inline constexpr std::uint32_t kCollectionSizeId = 0;  // In the place of an index id.

// Collections that are larger than this do not grow, unless a server is told otherwise.
inline constexpr std::int64_t kCollectionLimitBytes = std::int64_t{10} << 30;

// `collection`: `token | partition key`, what the keys of its items begin with.
Bytes collection_size_key(BytesView collection);
Bytes encode_collection_size(std::int64_t size_bytes);
// nullopt of a damaged value.
std::optional<std::int64_t> decode_collection_size(BytesView value);

}  // namespace armature
