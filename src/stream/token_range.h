// Which items a shard speaks of: those whose token (model/key_codec.h) lies in a range. Shards are cut by the first 32
// bits of tokens, so that a shard's id can name its range.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace armature::stream {

// The first 32 bits of the token that a position in Space::kItems, or the bound of a partition, begins with. Shorter
// bounds count as if zeros followed.
inline std::uint32_t token_of(BytesView position) {
  std::uint32_t token = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    token = token << 8 | (i < position.size() ? static_cast<unsigned char>(position[i]) : 0u);
  }
  return token;
}

// [begin, end).
struct TokenRange {
  std::uint32_t begin = 0;
  std::uint64_t end = std::uint64_t{1} << 32;

  bool contains(std::uint32_t token) const { return token >= begin && token < end; }
  bool is_whole() const { return begin == 0 && end == std::uint64_t{1} << 32; }

  friend bool operator==(const TokenRange&, const TokenRange&) = default;
};

}  // namespace armature::stream
