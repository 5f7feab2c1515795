// What of an item a read returns: ProjectionExpression, or the legacy AttributesToGet.
// Source: Developer Guide, "Using projection expressions in DynamoDB".
#pragma once

#include "api/dynamodb/parameters.h"
#include "expression/projection.h"
#include "model/item.h"
#include "wire/json.h"

namespace armature::api {

struct ProjectionParameters : PlaceholderParameters {
  std::optional<std::span<const std::string_view>> attributes_to_get;
  std::optional<std::string_view> projection_expression;
};

// nullptr: everything. `placeholders` are the request's.
Result<const expression::Projection*> bind_projection(const ProjectionParameters& request,
                                                      expression::Placeholders* placeholders, Arena* arena);

// One item of a reply: its stored bytes, or the part of them a projection left, in the request's arena. Neither: no
// item.
struct ReturnedItem {
  std::optional<Bytes> encoded;
  std::optional<std::span<const Attribute>> projected;
};

// `projection` may be nullptr.
ReturnedItem project_item(std::optional<Bytes> encoded, const expression::Projection* projection, Arena* arena);
// Nothing when there is no item; writes {} when the projection left nothing.
void write_item_member(std::string_view name, const ReturnedItem& item, wire::JsonWriter* writer);
// The member "Responses" of transactions: an object with the member "Item" for each.
void write_item_responses(std::span<const ReturnedItem> items, wire::JsonWriter* writer);
void write_returned_item(const ReturnedItem& item, wire::JsonWriter* writer);

}  // namespace armature::api
