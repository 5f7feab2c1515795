// Byte strings. `Bytes` owns, `BytesView` borrows; both are plain std types so that they mix with
// every library. Comparison is by unsigned byte, which is DynamoDB's order for strings and binaries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace armature {

using Bytes = std::string;
using BytesView = std::string_view;

// Big-endian fixed-width integers: their byte order is their numeric order.
inline void append_u64_be(Bytes* out, std::uint64_t value) {
  value = __builtin_bswap64(value);
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}
inline std::uint64_t read_u64_be(const char* data) {
  std::uint64_t value;
  std::memcpy(&value, data, sizeof value);
  return __builtin_bswap64(value);
}

// LEB128 varints, at most 10 bytes.
inline void append_varint(Bytes* out, std::uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}
// Reads a varint at *cursor, advancing it; false (cursor unspecified) when it is cut off or too long.
inline bool read_varint(const char** cursor, const char* end, std::uint64_t* value) {
  std::uint64_t result = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (*cursor == end) return false;
    const auto byte = static_cast<unsigned char>(*(*cursor)++);
    result |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      *value = result;
      return true;
    }
  }
  return false;
}

// The smallest byte string greater than every string with prefix `prefix`; empty when there is
// none (all bytes 0xFF), which range reads take as "no upper bound".
inline Bytes prefix_successor(BytesView prefix) {
  Bytes result(prefix);
  while (!result.empty()) {
    auto& last = reinterpret_cast<unsigned char&>(result.back());
    if (last != 0xff) {
      ++last;
      return result;
    }
    result.pop_back();
  }
  return result;
}

}  // namespace armature
