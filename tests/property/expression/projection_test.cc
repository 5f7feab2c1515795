#include "expression/projection.h"

#include <gtest/gtest.h>

#include "draws.h"
#include "expression/path_tree.h"

namespace armature::test {
namespace {

std::vector<DocumentPath> draw_paths() {
  std::vector<DocumentPath> paths;
  for (int count = *rc::gen::inRange(1, 6); count > 0; --count) paths.push_back(draw_path());
  return paths;
}

// The first clash there is, looked for pair by pair.
bool any_clash(const std::vector<DocumentPath>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (relation(paths[i], paths[j]) != PathRelation::kDistinct) return true;
    }
  }
  return false;
}

TEST(PathTreeProperty, ExistsExactlyWhenNoTwoPathsClash) {
  EXPECT_TRUE(rc::check([] {
    const auto paths = draw_paths();
    const auto tree = build_path_tree(paths, arena());
    RC_ASSERT(tree.has_value() == !any_clash(paths));
    if (tree) return;
    const PathClash clash = tree.error();
    RC_ASSERT(clash.first < clash.second);
    RC_ASSERT(relation(paths[clash.first], paths[clash.second]) != PathRelation::kDistinct);
  }));
}

TEST(ProjectionProperty, OfAllTopLevelNamesIsTheItem) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    std::vector<DocumentPath> paths;
    for (const Attribute& attribute : item) paths.push_back(make_top_level_path(attribute.name, arena()));
    const auto projection = make_projection(paths, arena());
    const Bytes encoded = encode_item(item);
    RC_ASSERT(encode_item(project(**projection, ItemView(encoded), arena())) == encoded);
  }));
}

TEST(ProjectionProperty, OfOnePathIsItsValueInItsStructure) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const DocumentPath path = draw_path();
    const Value* const found = resolve(item, path);
    const auto part = project(**make_projection({&path, 1}, arena()), item, arena());
    if (found == nullptr) {
      RC_ASSERT(part.empty());
      return;
    }
    // Elements close ranks, so every index of the path has become 0.
    std::vector<PathStep> steps(path.steps.begin(), path.steps.end());
    for (PathStep& step : steps) step.index = 0;
    const Value* const projected = resolve(part, DocumentPath{steps});
    RC_ASSERT(projected != nullptr);
    RC_ASSERT(*projected == *found);
  }));
}

TEST(ProjectionProperty, OfStoredBytesAndDecodedAttributesIsTheSame) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const auto paths = draw_paths();
    const auto projection = make_projection(paths, arena());
    RC_PRE(projection.has_value());
    const Bytes encoded = encode_item(item);
    RC_ASSERT(encode_item(project(**projection, ItemView(encoded), arena())) ==
              encode_item(project(**projection, item, arena())));
  }));
}

}  // namespace
}  // namespace armature::test
