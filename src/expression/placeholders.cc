#include "expression/placeholders.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "model/attribute_name.h"

namespace armature::expression {
namespace {

// Source: Developer Guide, "Service, account, and table quotas in Amazon DynamoDB": expression parameters.
constexpr std::size_t kMaxPlaceholderBytes = 255;
// Up to here, looking at each entry is faster than keeping them sorted.
constexpr std::size_t kFewEntries = 16;

std::string_view placeholder_of(const NamePlaceholder& entry) { return entry.placeholder; }
std::string_view placeholder_of(const Attribute& entry) { return entry.name; }

template <class Entry>
std::vector<std::uint32_t> order_by_placeholder(std::span<const Entry> entries) {
  std::vector<std::uint32_t> order;
  if (entries.size() <= kFewEntries) return order;
  order.resize(entries.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return placeholder_of(entries[a]) < placeholder_of(entries[b]); });
  return order;
}

constexpr std::size_t kNotFound = ~std::size_t{0};

template <class Entry>
std::size_t find_entry(std::span<const Entry> entries, const std::vector<std::uint32_t>& order,
                       std::string_view placeholder) {
  if (order.empty()) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (placeholder_of(entries[i]) == placeholder) return i;
    }
    return kNotFound;
  }
  const auto found =
      std::lower_bound(order.begin(), order.end(), placeholder,
                       [&](std::uint32_t i, std::string_view wanted) { return placeholder_of(entries[i]) < wanted; });
  return found != order.end() && placeholder_of(entries[*found]) == placeholder ? *found : kNotFound;
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

Unexpected<Error> invalid_key(std::string_view parameter, std::string_view complaint) {
  return invalid(std::string(parameter) + " contains invalid key: " + std::string(complaint));
}

template <class Entry>
Result<void> check_placeholders(std::span<const Entry> entries, char sigil, std::string_view parameter) {
  for (const Entry& entry : entries) {
    const std::string_view key = placeholder_of(entry);
    if (key.size() > kMaxPlaceholderBytes) {
      return invalid_key(parameter, "The expression attribute map contains a key that is too long; size of key: " +
                                        std::to_string(key.size()));
    }
    const bool well_formed =
        key.size() >= 2 && key.front() == sigil && std::all_of(key.begin() + 1, key.end(), is_word);
    if (!well_formed) return invalid_key(parameter, "Syntax error; key: \"" + std::string(key) + "\"");
  }
  return {};
}

template <class Entry>
Result<void> check_used(std::span<const Entry> entries, const std::vector<bool>& used, std::string_view parameter) {
  std::string unused;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (used[i]) continue;
    unused.append(unused.empty() ? "" : ", ").append(placeholder_of(entries[i]));
  }
  if (unused.empty()) return {};
  return invalid("Value provided in " + std::string(parameter) + " unused in expressions: keys: {" + unused + "}");
}

}  // namespace

Placeholders::Placeholders(std::span<const NamePlaceholder> names, std::span<const Attribute> values)
    : names_(names),
      values_(values),
      name_usage_{std::vector<bool>(names.size()), order_by_placeholder(names)},
      value_usage_{std::vector<bool>(values.size()), order_by_placeholder(values)} {}

const std::string_view* Placeholders::find_name(std::string_view placeholder) {
  const std::size_t found = find_entry(names_, name_usage_.order, placeholder);
  if (found == kNotFound) return nullptr;
  name_usage_.used[found] = true;
  return &names_[found].name;
}

const Value* Placeholders::find_value(std::string_view placeholder) {
  const std::size_t found = find_entry(values_, value_usage_.order, placeholder);
  if (found == kNotFound) return nullptr;
  value_usage_.used[found] = true;
  return &values_[found].value;
}

Result<void> Placeholders::check_keys() const {
  TRY(check_placeholders(names_, '#', "ExpressionAttributeNames"));
  // An update could otherwise write an attribute that no PutItem may.
  for (const NamePlaceholder& entry : names_) {
    if (is_attribute_name(entry.name)) continue;
    return invalid("ExpressionAttributeNames contains invalid value: " +
                   check_attribute_name(entry.name).error().message + " for key " + std::string(entry.placeholder));
  }
  return check_placeholders(values_, ':', "ExpressionAttributeValues");
}

Result<void> Placeholders::check_all_used() const {
  TRY(check_used(names_, name_usage_.used, "ExpressionAttributeNames"));
  return check_used(values_, value_usage_.used, "ExpressionAttributeValues");
}

}  // namespace armature::expression
