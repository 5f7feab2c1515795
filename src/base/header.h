// An HTTP header as everyone below http/ sees it: two views into the request.
#pragma once

#include <string_view>

namespace armature {

struct Header {
  std::string_view name;   // As sent; compare with equals_ignoring_case().
  std::string_view value;  // Without surrounding blanks.
};

// ASCII only, as header names are.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace armature
