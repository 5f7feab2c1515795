#include "api/dynamodb/projection.h"

#include "expression/legacy.h"
#include "wire/attribute_json.h"

namespace armature::api {

Result<const expression::Projection*> bind_projection(const ProjectionParameters& request,
                                                      expression::Placeholders* placeholders, Arena* arena) {
  if (request.attributes_to_get) return expression::bind_attributes_to_get(*request.attributes_to_get, arena);
  if (request.projection_expression) {
    return expression::bind_projection(*request.projection_expression, placeholders, arena);
  }
  return static_cast<const expression::Projection*>(nullptr);
}

ReturnedItem project_item(std::optional<Bytes> encoded, const expression::Projection* projection, Arena* arena) {
  if (!encoded || projection == nullptr) return {.encoded = std::move(encoded), .projected = {}};
  // The projection borrows from the item, so the bytes go where they stay put.
  const ItemView item(arena->copy(*encoded));
  return {.encoded = {}, .projected = expression::project(*projection, item, arena)};
}

void write_returned_item(const ReturnedItem& item, wire::JsonWriter* writer) {
  if (item.projected) {
    wire::write_attributes(*item.projected, writer);
  } else {
    wire::write_item(ItemView(*item.encoded), writer);
  }
}

void write_item_member(std::string_view name, const ReturnedItem& item, wire::JsonWriter* writer) {
  if (!item.encoded && !item.projected) return;
  writer->key(name);
  write_returned_item(item, writer);
}

void write_item_responses(std::span<const ReturnedItem> items, wire::JsonWriter* writer) {
  writer->key("Responses");
  writer->begin_array();
  for (const ReturnedItem& item : items) {
    writer->begin_object();
    write_item_member("Item", item, writer);
    writer->end_object();
  }
  writer->end_array();
}

}  // namespace armature::api
