// The names of attributes, of items and of the maps inside them.
// Source: Developer Guide, "Constraints in Amazon DynamoDB".
#pragma once

#include <cstddef>
#include <string_view>

#include "model/error.h"

namespace armature {

inline constexpr std::size_t kMaxAttributeNameBytes = 65'535;

constexpr bool is_attribute_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxAttributeNameBytes;
}
// Says which of the two a name is that is none: empty or too large.
Result<void> check_attribute_name(std::string_view name);

}  // namespace armature
