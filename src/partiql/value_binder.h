// Values of a statement: literals, and parameters put where their `?` stand.
#pragma once

#include <span>

#include "base/arena.h"
#include "model/error.h"
#include "partiql/statement.h"

namespace armature::partiql {

// Lives through one bind(); borrows everything. What it makes borrows from the statement and the parameters.
class ValueBinder {
 public:
  // As many parameters as the statement has.
  ValueBinder(std::span<const Value> parameters, Arena* arena) : parameters_(parameters), arena_(arena) {}

  // Whether the node is written as a value: a literal, a parameter, or a list, set or map.
  static bool is_value(const Node& node);

  // kValidation for what is no value, for sets of mixed types, empty sets and repeated members, repeated names in a
  // map, names DynamoDB does not take, and more than 32 levels.
  Result<Value> bind(const Node& node);
  // The attributes of an item: a map, written out or in one parameter.
  Result<std::span<const Attribute>> bind_item(const Node& node);

 private:
  Result<Value> bind_part(const Node& node);
  Result<Value> bind_list(const Node& node);
  Result<Value> bind_set(const Node& node);
  Result<Value> bind_map(const Node& node);

  std::span<const Value> parameters_;
  Arena* const arena_;
};

}  // namespace armature::partiql
