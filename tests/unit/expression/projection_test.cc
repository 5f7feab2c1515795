// Source: Developer Guide, "Using projection expressions in DynamoDB".
#include "expression/projection.h"

#include <gtest/gtest.h>

#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

Bytes sample() {
  return item({{"p", S("k")},
               {"a", N(1)},
               {"m", M({{"x", N(1)}, {"y", L({S("0"), S("1"), S("2")})}, {"z", Null()}})},
               {"l", L({M({{"f", N(1)}, {"g", N(2)}, {"h", N(3)}}), S("one"), S("two"), S("three")})}});
}

TEST(Projection, GivesWholeAttributesAndNeverAddsKeys) {
  EXPECT_EQ(projected("a, m.z", sample()), "{a: N 1, m: {z: NULL}}");
  EXPECT_EQ(projected("#k", sample(), {{"#k", "p"}}), "{p: S \"k\"}");
}

TEST(Projection, KeepsNestedStructure) {
  EXPECT_EQ(projected("m.y[1]", sample()), "{m: {y: [S \"1\"]}}");
  EXPECT_EQ(projected("l[0].g", sample()), "{l: [{g: N 2}]}");
}

TEST(Projection, GivesElementsInAscendingOrderWithoutGaps) {
  EXPECT_EQ(projected("l[3], l[1], l[9]", sample()), "{l: [S \"one\", S \"three\"]}");
}

TEST(Projection, MergesPartsOfOneElement) {
  EXPECT_EQ(projected("l[0].f, m.x, l[2], l[0].h, m.z", sample()),
            "{l: [{f: N 1, h: N 3}, S \"two\"], m: {x: N 1, z: NULL}}");
}

TEST(Projection, LeavesOutWhatLeadsNowhere) {
  EXPECT_EQ(projected("nothing, a.b, m.x[0], m.y[7], l[1].f, l[2][0], p[0]", sample()), "{}");
}

TEST(Projection, OfDecodedAttributesIsTheSame) {
  Placeholders none;
  const auto projection = bind_projection("l[3], l[0].f, m.y[1], m.q, a, x[0]", &none, arena());
  ASSERT_TRUE(projection);
  const ItemView stored = *view(sample());
  EXPECT_EQ(to_text(project(**projection, stored, arena())),
            to_text(project(**projection, stored.decode(arena()), arena())));
}

TEST(Projection, RefusesPathsThatOverlapOrConflict) {
  EXPECT_EQ(projected("a, b, a", sample()),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
            "these paths; "
            "path one: [a], path two: [a]");
  EXPECT_EQ(projected("a.b[0], a", sample()),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
            "these paths; "
            "path one: [a, b, [0]], path two: [a]");
  EXPECT_EQ(projected("a[0], a.b", sample()),
            "Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of "
            "these paths; "
            "path one: [a, [0]], path two: [a, b]");
}

TEST(Projection, ReportsTheClashThatIsCompleteFirst) {
  EXPECT_EQ(projected("z, a, z.b, a.b", sample()),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
            "these paths; "
            "path one: [z], path two: [z, b]");
}

TEST(Projection, RefusesUndefinedNames) {
  EXPECT_EQ(projected("a, #x.b", sample()),
            "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; "
            "attribute name: #x");
}

TEST(Projection, RefusesPathsIntoKeys) {
  Placeholders none;
  const auto projection = bind_projection("a, p.x", &none, arena());
  EXPECT_EQ(error_of(check_keys_are_scalars(**projection, {{{"p", Type::kString}}, {}}, KeyKind::kTable)),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p");
}

}  // namespace
}  // namespace armature::test
