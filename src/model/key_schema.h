// Which attributes make up a primary key or an index key, and their types.
// Source: API Reference, "KeySchemaElement"; Developer Guide, "Using Global Secondary Indexes in DynamoDB".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace armature {

struct KeyAttribute {
  std::string name;
  Type type = Type::kString;  // kString, kNumber or kBinary.

  friend bool operator==(const KeyAttribute&, const KeyAttribute&) = default;
};

// Tables and LSIs have one partition key attribute and at most one sort key attribute; a GSI has one to four of the
// first and none to four of the second.
struct KeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;

  bool has_sort_key() const { return !sort.empty(); }
  // nullptr when `name` is not part of the key.
  const KeyAttribute* find(std::string_view name) const {
    for (const auto* part : {&partition, &sort}) {
      for (const KeyAttribute& attribute : *part) {
        if (attribute.name == name) return &attribute;
      }
    }
    return nullptr;
  }

  friend bool operator==(const KeySchema&, const KeySchema&) = default;
};

}  // namespace armature
