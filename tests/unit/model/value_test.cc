#include "model/value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/values.h"

namespace armature {
namespace {

using namespace test;

TEST(ValueEquality, ComparesNumbersByValueAtAnyDepth) {
  EXPECT_EQ(N("1.0"), N("1"));
  EXPECT_EQ(L({M({{"a", N("1e2")}})}), L({M({{"a", N("100")}})}));
  EXPECT_EQ(NS({"1", "2.50"}), NS({"2.5", "1.0"}));
}

TEST(ValueEquality, IgnoresTheOrderOfSetsAndMapsButNotOfLists) {
  EXPECT_EQ(SS({"a", "b"}), SS({"b", "a"}));
  EXPECT_EQ(M({{"a", N(1)}, {"b", N(2)}}), M({{"b", N(2)}, {"a", N(1)}}));
  EXPECT_FALSE(L({N(1), N(2)}) == L({N(2), N(1)}));
}

TEST(ValueEquality, HoldsForLargeShuffledSetsAndMaps) {
  std::vector<std::string_view> forward;
  std::vector<Attribute> entries;
  for (int i = 0; i < 100; ++i) forward.push_back(S(std::to_string(i)).bytes());
  for (const std::string_view name : forward) entries.push_back({name, S(name)});
  const std::vector<std::string_view> backward(forward.rbegin(), forward.rend());
  const std::vector<Attribute> backward_entries(entries.rbegin(), entries.rend());
  EXPECT_EQ(Value::string_set(forward), Value::string_set(backward));
  EXPECT_EQ(Value::map(entries), Value::map(backward_entries));
  entries.back().value = S("other");
  EXPECT_FALSE(Value::map(entries) == Value::map(backward_entries));
}

TEST(ValueEquality, NeedsTheSameType) {
  EXPECT_FALSE(S("1") == N("1"));
  EXPECT_FALSE(S("a") == B("a"));
  EXPECT_FALSE(SS({"a"}) == BS({"a"}));
  EXPECT_FALSE(SS({"a"}) == L({S("a")}));
  EXPECT_FALSE(BOOL(true) == Null());
  EXPECT_EQ(Null(), Null());
  EXPECT_FALSE(BOOL(true) == BOOL(false));
}

TEST(ValueEquality, TellsSetsAndMapsOfDifferentMembersApart) {
  EXPECT_FALSE(SS({"a", "b"}) == SS({"a", "c"}));
  EXPECT_FALSE(SS({"a", "b"}) == SS({"a"}));
  EXPECT_FALSE(M({{"a", N(1)}}) == M({{"b", N(1)}}));
  EXPECT_FALSE(M({{"a", N(1)}}) == M({{"a", N(1)}, {"b", N(1)}}));
}

TEST(ValueOrder, IsByUnsignedByteAndByNumber) {
  EXPECT_EQ(compare_ordered(S("a"), S("b")), -1);
  EXPECT_EQ(compare_ordered(S("a"), S("a")), 0);
  EXPECT_EQ(compare_ordered(S("é"), S("z")), 1);
  EXPECT_EQ(compare_ordered(S("ab"), S("a")), 1);
  EXPECT_EQ(compare_ordered(B("\x80"), B("\x7f")), 1);
  EXPECT_EQ(compare_ordered(N("10"), N("9")), 1);
  EXPECT_EQ(compare_ordered(N("-10"), N("-9")), -1);
}

TEST(ValueSize, FollowsTheDocumentedRules) {
  EXPECT_EQ(value_size_bytes(S("é")), 2u);
  EXPECT_EQ(value_size_bytes(S("")), 0u);
  EXPECT_EQ(value_size_bytes(B(std::string_view("\0\1", 2))), 2u);
  EXPECT_EQ(value_size_bytes(BOOL(false)), 1u);
  EXPECT_EQ(value_size_bytes(Null()), 1u);
  EXPECT_EQ(value_size_bytes(SS({"ab", "c"})), 3u);
  EXPECT_EQ(value_size_bytes(NS({"1", "123"})), 5u);
  EXPECT_EQ(value_size_bytes(L({})), 3u);
  EXPECT_EQ(value_size_bytes(L({S("ab"), Null()})), 3u + (1 + 2) + (1 + 1));
  EXPECT_EQ(value_size_bytes(M({})), 3u);
  EXPECT_EQ(value_size_bytes(M({{"key", S("ab")}})), 3u + (1 + 3 + 2));
  EXPECT_EQ(value_size_bytes(L({L({})})), 3u + (1 + 3));
}

TEST(ValueNesting, CountsTheValueAndItsContainers) {
  EXPECT_EQ(nesting_levels(S("x")), 1);
  EXPECT_EQ(nesting_levels(SS({"x"})), 1);
  EXPECT_EQ(nesting_levels(L({})), 2);
  EXPECT_EQ(nesting_levels(M({{"a", S("x")}})), 2);
  EXPECT_EQ(nesting_levels(L({S("x"), M({{"a", L({S("x")})}})})), 4);
}

TEST(ValueNesting, AllowsAScalarInThirtyOneContainers) {
  Value value = S("x");
  for (int i = 0; i < 31; ++i) value = i % 2 == 0 ? L({value}) : M({{"m", value}});
  EXPECT_EQ(nesting_levels(value), kMaxNestingLevels);
}

TEST(ValueCopy, SharesNoBytesWithTheOriginal) {
  std::string text = "text";
  std::string name = "name";
  const std::string_view member = text;
  const Value set = Value::string_set({&member, 1});
  const Value elements[] = {Value::string(text), set};
  const Attribute entry{name, Value::list(elements)};
  Arena arena;
  const Value copy = copy_value(Value::map({&entry, 1}), &arena);
  text = "gone";
  name = "gone";
  EXPECT_EQ(copy, M({{"name", L({S("text"), SS({"text"})})}}));
}

TEST(ValueTypes, HaveTheNamesOfTheWire) {
  EXPECT_EQ(type_name(Type::kString), "S");
  EXPECT_EQ(type_name(Type::kNumber), "N");
  EXPECT_EQ(type_name(Type::kBinary), "B");
  EXPECT_EQ(type_name(Type::kStringSet), "SS");
  EXPECT_EQ(type_name(Type::kNumberSet), "NS");
  EXPECT_EQ(type_name(Type::kBinarySet), "BS");
  EXPECT_EQ(type_name(Type::kMap), "M");
  EXPECT_EQ(type_name(Type::kList), "L");
  EXPECT_EQ(type_name(Type::kNull), "NULL");
  EXPECT_EQ(type_name(Type::kBool), "BOOL");
}

TEST(FindAttribute, GivesTheValueOrNothing) {
  const auto list = attributes({{"a", N(1)}, {"b", N(2)}});
  ASSERT_NE(find_attribute(list, "b"), nullptr);
  EXPECT_EQ(*find_attribute(list, "b"), N(2));
  EXPECT_EQ(find_attribute(list, "c"), nullptr);
}

}  // namespace
}  // namespace armature
