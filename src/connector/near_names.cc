#include "connector/near_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace armature::connector {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// Levenshtein's: letters to insert, delete or replace.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string_view> near_names(std::string_view wanted, std::span<const std::string_view> names) {
  constexpr std::size_t kMostNames = 3;
  constexpr std::size_t kLongestName = 100;  // The distance is quadratic.
  std::vector<std::pair<std::size_t, std::string_view>> found;
  const std::string text = lower(wanted.substr(0, kLongestName));
  for (const std::string_view name : names) {
    const std::string other = lower(name.substr(0, kLongestName));
    const std::size_t steps = distance(text, other);
    const bool contained =
        text.size() >= 3 && (other.find(text) != std::string::npos || text.find(other) != std::string::npos);
    if (steps <= std::max<std::size_t>(2, text.size() / 3) || contained) found.emplace_back(steps, name);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (found.size() > kMostNames) found.resize(kMostNames);
  std::vector<std::string_view> result;
  for (const auto& [steps, name] : found) result.push_back(name);
  return result;
}

std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> names) {
  const std::vector<std::string_view> near = near_names(wanted, names);
  const bool none_near = near.empty();
  std::string list;
  const std::span<const std::string_view> shown = none_near ? names : std::span<const std::string_view>(near);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) list += i + 1 < shown.size() ? ", " : none_near ? " and " : " or ";
    list += shown[i];
  }
  if (none_near)
    return names.empty() ? "there is none" : fmt::format("there {} {}", names.size() == 1 ? "is" : "are", list);
  return fmt::format("did you mean {}?", list);
}

}  // namespace armature::connector
