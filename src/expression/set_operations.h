// Union and difference of set values: what ADD and DELETE do to sets.
#pragma once

#include "base/arena.h"
#include "model/value.h"

namespace armature::expression {

// Both take two sets of one type (asserted). Results live in `arena` in sorted order; their members' bytes are
// borrowed.
Value set_union(const Value& a, const Value& b, Arena* arena);
// What is in `a` and not in `b`; may come out empty, which is no DynamoDB value.
Value set_difference(const Value& a, const Value& b, Arena* arena);
bool is_empty_set(const Value& set);

}  // namespace armature::expression
