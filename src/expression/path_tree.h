// Many document paths as one tree, so that what they name in an item is read or rewritten in one walk. Serves
// projections, updates and UPDATED_OLD / UPDATED_NEW.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/arena.h"
#include "base/expected.h"
#include "model/document_path.h"

namespace armature::expression {

// A node stands for a step; the root for the item. Children are all names, in byte order, or all indexes, ascending.
struct PathTree {
  static constexpr std::int32_t kInner = -1;

  PathStep step;
  std::int32_t path = kInner;  // Of a leaf: which of the paths ends here.
  std::span<const PathTree> children;

  bool is_leaf() const { return path != kInner; }
};

// Positions of two paths that must not stand together, the earlier one first.
struct PathClash {
  std::size_t first;
  std::size_t second;
};

// The tree of `paths`, in the arena and with steps borrowed from the paths; or the pair that keeps them from being one:
// two may neither overlap nor conflict.
Expected<const PathTree*, PathClash> build_path_tree(std::span<const DocumentPath> paths, Arena* arena);

// "Two document paths overlap with each other; …" or "… conflict …".
std::string clash_text(const DocumentPath& first, const DocumentPath& second);

}  // namespace armature::expression
