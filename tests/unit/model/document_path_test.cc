#include "model/document_path.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "support/values.h"

namespace armature {
namespace {

using namespace test;

PathStep step(std::string_view name) { return PathStep::attribute(name); }
PathStep step(int index) { return PathStep::element(static_cast<std::uint32_t>(index)); }

// path("a", 0, "b") is `a[0].b`. Its steps live until the program ends.
template <class... Steps>
DocumentPath path(Steps... steps) {
  static std::deque<std::vector<PathStep>> kept;
  kept.push_back({step(steps)...});
  return {kept.back()};
}

std::string found(std::span<const Attribute> item, const DocumentPath& path) {
  const Bytes encoded = encode_item(item);
  const Value* decoded = resolve(item, path);
  const auto stored = resolve(ItemView(encoded), path);
  EXPECT_EQ(decoded != nullptr, stored.has_value());
  if (decoded == nullptr || !stored) return "nothing";
  EXPECT_EQ(*decoded, stored->decode(arena()));
  return to_text(*decoded);
}

TEST(DocumentPathResolve, FollowsNamesAndIndexes) {
  const auto item = attributes({{"a", M({{"b", L({N(1), M({{"c.d", S("x")}})})}})}, {"s", S("x")}});
  EXPECT_EQ(found(item, path("s")), "S \"x\"");
  EXPECT_EQ(found(item, path("a", "b", 0)), "N 1");
  EXPECT_EQ(found(item, path("a", "b", 1, "c.d")), "S \"x\"");
}

TEST(DocumentPathResolve, FindsNothingWhereAStepDoesNotFit) {
  const auto item = attributes({{"a", M({{"b", L({N(1)})}})}, {"s", S("x")}});
  EXPECT_EQ(found(item, path("missing")), "nothing");
  EXPECT_EQ(found(item, path("missing", "b")), "nothing");
  EXPECT_EQ(found(item, path("s", "b")), "nothing");
  EXPECT_EQ(found(item, path("s", 0)), "nothing");
  EXPECT_EQ(found(item, path("a", 0)), "nothing");
  EXPECT_EQ(found(item, path("a", "b", "c")), "nothing");
  EXPECT_EQ(found(item, path("a", "b", 1)), "nothing");
}

TEST(DocumentPathRelation, TellsTheFourCasesApart) {
  EXPECT_EQ(relation(path("a"), path("b")), PathRelation::kDistinct);
  EXPECT_EQ(relation(path("a", 0), path("a", 1)), PathRelation::kDistinct);
  EXPECT_EQ(relation(path("a", "b"), path("a", "c", "d")), PathRelation::kDistinct);
  EXPECT_EQ(relation(path("a", 0, "b"), path("a", 0, "b")), PathRelation::kSame);
  EXPECT_EQ(relation(path("a"), path("a", 0)), PathRelation::kPrefix);
  EXPECT_EQ(relation(path("a", "b", "c"), path("a")), PathRelation::kPrefix);
  EXPECT_EQ(relation(path("a", "b"), path("a", 0)), PathRelation::kConflict);
  EXPECT_EQ(relation(path("a", 0, "x"), path("a", "b", "x")), PathRelation::kConflict);
}

TEST(DocumentPathText, ReadsAsInErrorMessages) {
  EXPECT_EQ(path_text(path("a")), "[a]");
  EXPECT_EQ(path_text(path("a", "b", 0)), "[a, b, [0]]");
}

}  // namespace
}  // namespace armature
