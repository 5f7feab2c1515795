#include "api/dynamodb/item_checks.h"

#include "model/attribute_name.h"
#include "model/item.h"

namespace armature::api {

Result<void> check_nesting(const Value& value) {
  if (nesting_levels(value) <= kMaxNestingLevels) return {};
  return invalid(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
      "limit");
}

Result<void> check_attributes(std::span<const Attribute> attributes) {
  for (const Attribute& attribute : attributes) {
    // Every attribute of every write comes by here: no Result is made for those that are as they should be.
    if (is_attribute_name(attribute.name) && nesting_levels(attribute.value) <= kMaxNestingLevels) continue;
    TRY(check_attribute_name(attribute.name));
    TRY(check_nesting(attribute.value));
  }
  return {};
}

Result<void> check_item_size(std::span<const Attribute> item) {
  if (item_size_bytes(item) > kMaxItemSizeBytes) return invalid("Item size has exceeded the maximum allowed size");
  return {};
}

}  // namespace armature::api
