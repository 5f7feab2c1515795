// Small helpers on ASCII text, as names in policies are.
#pragma once

#include <string>
#include <string_view>

namespace armature::auth::iam {

constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lower_case(c);
  return lower;
}

// What policies take for blanks between their tokens.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace armature::auth::iam
