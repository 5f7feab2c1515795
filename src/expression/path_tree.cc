#include "expression/path_tree.h"

#include <algorithm>
#include <vector>

namespace armature::expression {
namespace {

// Indexes before names, so that paths that conflict end up side by side.
int compare_steps(const PathStep& a, const PathStep& b) {
  if (a.is_index != b.is_index) return a.is_index ? -1 : 1;
  if (!a.is_index) return a.name.compare(b.name);
  return a.index == b.index ? 0 : (a.index < b.index ? -1 : 1);
}

bool comes_before(const DocumentPath& a, const DocumentPath& b) {
  const std::size_t common = std::min(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < common; ++i) {
    const int order = compare_steps(a.steps[i], b.steps[i]);
    if (order != 0) return order < 0;
  }
  return a.steps.size() < b.steps.size();
}

class TreeMaker {
 public:
  TreeMaker(std::span<const DocumentPath> paths, std::span<const std::uint32_t> order, Arena* arena)
      : paths_(paths), order_(order), arena_(arena) {}

  // The children of the node whose paths are order_[begin, end) and whose depth in steps is `depth`.
  std::span<const PathTree> children(std::size_t begin, std::size_t end, std::size_t depth) const {
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; i = end_of_group(i, end, depth)) ++count;
    PathTree* const nodes = arena_->allocate_array<PathTree>(count);
    PathTree* node = nodes;
    for (std::size_t i = begin; i < end; ++node) {
      const std::size_t next = end_of_group(i, end, depth);
      const std::span<const PathStep> steps = paths_[order_[i]].steps;
      node->step = steps[depth];
      if (steps.size() == depth + 1) {
        node->path = static_cast<std::int32_t>(order_[i]);
      } else {
        node->children = children(i, next, depth + 1);
      }
      i = next;
    }
    return {nodes, count};
  }

 private:
  // Where the paths that share step `depth` with the one at `begin` end.
  std::size_t end_of_group(std::size_t begin, std::size_t end, std::size_t depth) const {
    const PathStep& step = paths_[order_[begin]].steps[depth];
    std::size_t i = begin + 1;
    while (i < end && paths_[order_[i]].steps[depth] == step) ++i;
    return i;
  }

  std::span<const DocumentPath> paths_;
  std::span<const std::uint32_t> order_;
  Arena* arena_;
};

// In sorted order a path's extensions follow it at once, and the two sides of a conflict touch, so neighbours are
// enough to find whether anything clashes. Of several clashes, the one that is complete first in the text.
bool find_clash(std::span<const DocumentPath> paths, std::span<const std::uint32_t> order, PathClash* clash) {
  bool found = false;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (relation(paths[order[i - 1]], paths[order[i]]) == PathRelation::kDistinct) continue;
    const auto [first, second] = std::minmax(order[i - 1], order[i]);
    if (!found || second < clash->second) *clash = {first, second};
    found = true;
  }
  return found;
}

}  // namespace

Expected<const PathTree*, PathClash> build_path_tree(std::span<const DocumentPath> paths, Arena* arena) {
  auto* const order = arena->allocate_array<std::uint32_t>(paths.size());
  for (std::uint32_t i = 0; i < paths.size(); ++i) order[i] = i;
  std::sort(order, order + paths.size(), [&](std::uint32_t a, std::uint32_t b) {
    if (comes_before(paths[a], paths[b])) return true;
    return !comes_before(paths[b], paths[a]) && a < b;
  });
  const std::span<const std::uint32_t> sorted(order, paths.size());
  PathClash clash{};
  if (find_clash(paths, sorted, &clash)) return Unexpected(clash);
  auto* root = arena->create<PathTree>();
  root->children = TreeMaker(paths, sorted, arena).children(0, paths.size(), 0);
  return root;
}

std::string clash_text(const DocumentPath& first, const DocumentPath& second) {
  const bool conflict = relation(first, second) == PathRelation::kConflict;
  std::string text = "Two document paths ";
  text.append(conflict ? "conflict" : "overlap");
  text.append(" with each other; must remove or rewrite one of these paths; path one: ");
  append_path_text(first, &text);
  text.append(", path two: ");
  append_path_text(second, &text);
  return text;
}

}  // namespace armature::expression
