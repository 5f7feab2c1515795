// An HTTP header as everyone below http/ sees it: two views into the request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace armature {

struct Header {
  std::string_view name;   // As sent; compare with equals_ignoring_case().
  std::string_view value;  // Without surrounding blanks.
};

// The letters A to Z among eight bytes, made small.
inline std::uint64_t to_lower_ascii(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const std::uint64_t low_bits = bytes & 0x7f * kEach;
  const std::uint64_t from_a = low_bits + (0x80 - 'A') * kEach;  // The top bit of a byte says: at least.
  const std::uint64_t past_z = low_bits + (0x80 - 'Z' - 1) * kEach;
  const std::uint64_t is_capital = (from_a ^ past_z) & ~bytes & 0x80 * kEach;
  return bytes | is_capital >> 2;
}

// ASCII only, as header names are.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto eight = [](std::string_view text, std::size_t at) {
    std::uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    return to_lower_ascii(bytes);
  };
  if (a.size() >= 8) {
    for (std::size_t i = 0; i + 8 < a.size(); i += 8) {
      if (eight(a, i) != eight(b, i)) return false;
    }
    return eight(a, a.size() - 8) == eight(b, a.size() - 8);
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace armature
