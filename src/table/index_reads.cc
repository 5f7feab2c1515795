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
  if (names_.empty()) return {};
  std::string text =
      "One or more parameter values were invalid: Global secondary index " + index_.name + " does not project [";
  for (const std::string_view& name : names_) text.append(&name == names_.data() ? "" : ", ").append(name);
  return invalid(text + "]");
}

}  // namespace armature
