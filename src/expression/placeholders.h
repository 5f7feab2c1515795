// ExpressionAttributeNames and ExpressionAttributeValues of one request: what `#name` and `:value` stand for, and
// which of them some expression used. Borrows everything; lives as long as its request. Not thread-safe.
// Source: Developer Guide, "Expression attribute names (aliases) in DynamoDB", "Using expression attribute values in
// DynamoDB".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "model/value.h"

namespace armature::expression {

struct NamePlaceholder {
  std::string_view placeholder;  // With its '#'.
  std::string_view name;
};

class Placeholders {
 public:
  Placeholders() = default;
  Placeholders(std::span<const NamePlaceholder> names, std::span<const Attribute> values);

  // nullptr when not defined. Marks it as used.
  const std::string_view* find_name(std::string_view placeholder);
  const Value* find_value(std::string_view placeholder);

  bool has_names() const { return !names_.empty(); }
  bool has_values() const { return !values_.empty(); }

  // "ExpressionAttributeNames contains invalid key: …" and "ExpressionAttributeValues contains invalid key: …".
  Result<void> check_keys() const;
  // "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}", then the same for values. Call
  // after every expression of the request has been bound.
  Result<void> check_all_used() const;

 private:
  // One of the two maps: which entries were used, and where to find them when they are many.
  struct Usage {
    std::vector<bool> used;
    std::vector<std::uint32_t> order;  // Of the entries by placeholder; empty when few enough to look through.
  };

  std::span<const NamePlaceholder> names_;
  std::span<const Attribute> values_;
  Usage name_usage_;
  Usage value_usage_;
};

}  // namespace armature::expression
