#include "connector/query_template.h"

#include <algorithm>
#include <iterator>

namespace armature::connector {
namespace {

bool variable_name(std::string_view name) {
  if (std::find(std::begin(kBuiltIn), std::end(kBuiltIn), name) != std::end(kBuiltIn)) return true;
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::all_of(name.begin(), name.end(), word);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<TemplatePart> split_template(std::string_view text) {
  std::vector<TemplatePart> parts;
  const auto literal = [&](std::string_view piece) {
    if (!piece.empty()) parts.push_back({false, piece});
  };
  std::size_t begin = 0;
  std::size_t at = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    const std::size_t end = text.find("}}", at + 2);
    if (end == std::string_view::npos) break;
    const std::string_view name = trimmed(text.substr(at + 2, end - at - 2));
    if (!variable_name(name)) {
      at += 2;
      continue;
    }
    literal(text.substr(begin, at - begin));
    parts.push_back({true, name});
    at = begin = end + 2;
  }
  literal(text.substr(begin));
  return parts;
}

bool has_variables(std::string_view text) {
  const auto parts = split_template(text);
  return std::any_of(parts.begin(), parts.end(), [](const TemplatePart& part) { return part.variable; });
}

}  // namespace armature::connector
