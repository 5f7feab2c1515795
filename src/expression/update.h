// Updates: how UpdateItem changes an item. One program for UpdateExpression, the legacy AttributeUpdates and PartiQL's
// UPDATE. Source: Developer Guide, "Using update expressions in DynamoDB".
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "expression/condition.h"

namespace armature::expression {

struct UpdateProgram;  // expression/ast.h: SET, REMOVE, ADD and DELETE actions. Lives in its arena.

Result<const UpdateProgram*> bind_update(std::string_view text, Placeholders* placeholders, Arena* arena);

// Refuses an update that touches a key attribute of `schema`: "One or more parameter values were invalid: Cannot update
// attribute p. This attribute is part of the key", and nested paths on keys.
Result<void> check_no_key_update(const UpdateProgram& program, const KeySchema& schema);
// Only the second half: refuses paths, written or read, into a key attribute. For the keys of indexes, which may be
// updated.
Result<void> check_keys_are_scalars(const UpdateProgram& program, const KeySchema& schema, KeyKind kind);

struct UpdateResult {
  // The item after the update; empty when `creates_nothing`. Structure in the arena; bytes borrowed from item and
  // request.
  std::span<const Attribute> attributes;
  // The item did not exist and the program only removes: nothing is to be created.
  bool creates_nothing = false;
};

// What the item becomes. Every right-hand side reads the item as it was before. `before` is nullptr for a missing item,
// which starts from `key` (its primary key attributes).
Result<UpdateResult> apply_update(const UpdateProgram& program, const ItemView* before, std::span<const Attribute> key,
                                  Arena* arena);

// The touched paths of `item`, in their structure, for ReturnValues UPDATED_OLD (the item before) and UPDATED_NEW
// (after). Keys never appear. Empty when there is nothing to show.
std::span<const Attribute> project_touched(const UpdateProgram& program, std::span<const Attribute> item, Arena* arena);

// Calls visit(name) for the top-level attribute of every path the program reads or writes / only those it writes.
void for_each_attribute(const UpdateProgram& program, void (*visit)(void* context, std::string_view name),
                        void* context);
void for_each_touched_attribute(const UpdateProgram& program, void (*visit)(void* context, std::string_view name),
                                void* context);

// Bytes the size check of UpdateItem adds for the program's own actions (see the .cc for the recorded rule).
std::size_t update_overhead_bytes(const UpdateProgram& program);

}  // namespace armature::expression
