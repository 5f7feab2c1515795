#include "model/attribute_name.h"

namespace armature {

Result<void> check_attribute_name(std::string_view name) {
  if (is_attribute_name(name)) return {};
  return invalid(name.empty() ? "Empty attribute name" : "Attribute name is too large, must be less than 65536 bytes");
}

}  // namespace armature
