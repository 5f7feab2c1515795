#include "table/index_reads.h"

#include <algorithm>

#include "index/projection.h"

namespace armature {

void UnprojectedAttributes::add(const expression::Condition& filter) {
  expression::for_each_attribute(
      filter, [](void* self, std::string_view name) { static_cast<UnprojectedAttributes*>(self)->add(name); }, this);
}

void UnprojectedAttributes::add(const expression::Projection& projection) {
  for (const DocumentPath& path : projection.paths) add(path.top_level_name());
}

void UnprojectedAttributes::add(std::string_view attribute) {
  if (projects(table_, index_, attribute)) return;
  if (std::find(names_.begin(), names_.end(), attribute) == names_.end()) names_.push_back(attribute);
}

Result<void> UnprojectedAttributes::check_none() const {
  return check_none("Global secondary index ", " does not project ");
}

Result<void> UnprojectedAttributes::check_none_filtered() const {
  return check_none("Secondary index ", " does not project one or more filter attributes: ");
}

Result<void> UnprojectedAttributes::check_none(std::string_view before_index, std::string_view after_index) const {
  if (names_.empty()) return {};
  std::string text = "One or more parameter values were invalid: ";
  text.append(before_index).append(index_.name).append(after_index).append("[");
  for (const std::string_view& name : names_) text.append(&name == names_.data() ? "" : ", ").append(name);
  return invalid(text + "]");
}

}  // namespace armature
