// Projections: which paths of an item a read returns.
// Source: Developer Guide, "Using projection expressions in DynamoDB".
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "expression/condition.h"

namespace armature::expression {

struct PathTree;  // expression/path_tree.h

// Paths in the order given; they neither overlap nor conflict. Lives in its arena.
struct Projection {
  std::span<const DocumentPath> paths;
  const PathTree* tree = nullptr;  // The same paths, for reading many items.
};

// Makes a projection from paths that a parser of another language read; fails with the texts of bind_projection() when
// they overlap or conflict. The paths must outlive the arena.
Result<const Projection*> make_projection(std::span<const DocumentPath> paths, Arena* arena);

Result<const Projection*> bind_projection(std::string_view text, Placeholders* placeholders, Arena* arena);

// The part of `item` the projection names, in its nested structure: list elements come compacted in ascending order,
// parts of one element merged. Empty when nothing matches. Borrows from the item; the structure lives in `arena`.
std::span<const Attribute> project(const Projection& projection, const ItemView& item, Arena* arena);
// The same over decoded attributes.
std::span<const Attribute> project(const Projection& projection, std::span<const Attribute> item, Arena* arena);
std::span<const Attribute> project(const PathTree& tree, std::span<const Attribute> item, Arena* arena);

// Calls visit(name) for the top-level attribute of every path; may repeat names.
void for_each_attribute(const Projection& projection, void (*visit)(void* context, std::string_view name),
                        void* context);
// Refuses paths into a key attribute, as for conditions.
Result<void> check_keys_are_scalars(const Projection& projection, const KeySchema& schema, KeyKind kind);

}  // namespace armature::expression
