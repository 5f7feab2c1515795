#include "index/projection.h"

#include <algorithm>
#include <vector>

namespace armature {

bool projects(const TableDefinition& table, const IndexDefinition& index, std::string_view attribute) {
  if (index.projection == ProjectionType::kAll) return true;
  if (index.key.find(attribute) != nullptr || table.key.find(attribute) != nullptr) return true;
  const auto& names = index.non_key_attributes;
  return index.projection == ProjectionType::kInclude &&
         std::find(names.begin(), names.end(), attribute) != names.end();
}

BytesView project_entry(const TableDefinition& table, const IndexDefinition& index, const ItemView& item, Arena* arena,
                        Bytes* buffer) {
  if (index.projection == ProjectionType::kAll) return item.encoded();
  std::vector<Attribute> projected;
  item.for_each([&](const EncodedAttribute& attribute) {
    if (projects(table, index, attribute.name)) projected.push_back({attribute.name, attribute.value.decode(arena)});
  });
  buffer->clear();
  encode_item(projected, buffer);
  return *buffer;
}

}  // namespace armature
