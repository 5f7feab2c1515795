#include "table/collection_size.h"

#include <limits>

#include "index/entry_key.h"

namespace armature {

Bytes collection_size_key(BytesView collection) { return local_entry_prefix(collection, kCollectionSizeId); }

Bytes encode_collection_size(std::int64_t size_bytes) {
  Bytes value(1, kCollectionSizeFormat);
  append_u64_be(&value, static_cast<std::uint64_t>(size_bytes));
  return value;
}

std::optional<std::int64_t> decode_collection_size(BytesView value) {
  if (value.size() != 1 + sizeof(std::uint64_t) || value.front() != kCollectionSizeFormat) return std::nullopt;
  const std::uint64_t size_bytes = read_u64_be(value.data() + 1);
  if (size_bytes == 0 || size_bytes > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(size_bytes);
}

}  // namespace armature
