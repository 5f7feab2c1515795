#include "table/key_range.h"

#include <gtest/gtest.h>

#include <vector>

#include "index/entry_key.h"
#include "model/key_codec.h"
#include "support/item_store.h"
#include "support/tables.h"
#include "support/values.h"

namespace armature {
namespace {

using namespace armature::test;
using expression::KeyCondition;
using expression::SortOperator;

// Which of the sort key values, under partition key "a", a condition's range contains.
std::vector<std::string> selected(SortOperator op, const Value& low, const Value& high, std::vector<Value> values) {
  const Value partition = S("a");
  KeyCondition condition;
  condition.partition = {&partition, 1};
  condition.sort_operator = op;
  condition.low = low;
  condition.high = high;
  const KeyRange range = query_range(nullptr, condition);
  std::vector<std::string> texts;
  for (const Value& value : values) {
    if (range.contains(encode_item_key(partition, &value))) texts.push_back(to_text(value));
    for (const char* other : {"", "0", "A", "aa", "b"}) {
      EXPECT_FALSE(range.contains(encode_item_key(S(other), &value))) << other;
    }
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(QueryRange, OfEveryOperatorOnNumbers) {
  const std::vector<Value> values = {N(-5), N(0), N("0.5"), N(1), N(10), N("1e20")};
  const auto select = [&](SortOperator op, const Value& low, const Value& high = Value()) {
    return selected(op, low, high, values);
  };
  EXPECT_EQ(select(SortOperator::kNone, Value()).size(), 6u);
  EXPECT_EQ(select(SortOperator::kLess, N(1)), (Texts{"N -5", "N 0", "N 0.5"}));
  EXPECT_EQ(select(SortOperator::kLessOrEqual, N(1)), (Texts{"N -5", "N 0", "N 0.5", "N 1"}));
  EXPECT_EQ(select(SortOperator::kGreater, N("0.5")), (Texts{"N 1", "N 10", "N 100000000000000000000"}));
  EXPECT_EQ(select(SortOperator::kGreaterOrEqual, N(10)), (Texts{"N 10", "N 100000000000000000000"}));
  EXPECT_EQ(select(SortOperator::kBetween, N(0), N(1)), (Texts{"N 0", "N 0.5", "N 1"}));
  EXPECT_EQ(select(SortOperator::kBetween, N(2), N(1)), Texts());
}

TEST(QueryRange, OfStringsThatAreEachOthersPrefixes) {
  const std::string_view zero("a\0", 2);
  const std::vector<Value> values = {S(""), S("a"), S(zero), S("ab"), S("b"), S("\xff\xff")};
  const auto select = [&](SortOperator op, const Value& low) { return selected(op, low, Value(), values); };
  EXPECT_EQ(select(SortOperator::kBeginsWith, S("a")), (Texts{"S \"a\"", to_text(S(zero)), "S \"ab\""}));
  EXPECT_EQ(select(SortOperator::kBeginsWith, S(zero)), Texts{to_text(S(zero))});
  EXPECT_EQ(select(SortOperator::kBeginsWith, S("\xff")), Texts{"S \"\xff\xff\""});
  EXPECT_EQ(select(SortOperator::kBeginsWith, S("")).size(), values.size());
  EXPECT_EQ(select(SortOperator::kGreater, S("a")), (Texts{to_text(S(zero)), "S \"ab\"", "S \"b\"", "S \"\xff\xff\""}));
  EXPECT_EQ(select(SortOperator::kLessOrEqual, S("a")), (Texts{"S \"\"", "S \"a\""}));
}

TEST(QueryRange, OfAMultiAttributeIndexGoesOnBehindItsEqualities) {
  const TableDefinition definition =
      table("t").pk("id", 'S').gsi("g", {{"a", 'S'}, {"b", 'N'}}, {{"c", 'S'}, {"d", 'N'}});
  const IndexDefinition& index = definition.global_indexes[0];
  const auto key_of = [&](const char* a, int b, const char* c, int d) {
    const Bytes stored = item({{"id", S("1")}, {"a", S(a)}, {"b", N(b)}, {"c", S(c)}, {"d", N(d)}});
    return *entry_key(definition, index, encode_item_key(S("1"), nullptr), ItemView(stored), arena());
  };
  const std::vector<Value> partition = {S("x"), N(1)};
  const std::vector<Value> equal = {S("y")};
  KeyCondition condition;
  condition.partition = partition;
  condition.sort_equal = equal;
  condition.sort_operator = SortOperator::kGreater;
  condition.low = N(5);
  const KeyRange range = query_range(&index, condition);
  EXPECT_TRUE(range.contains(key_of("x", 1, "y", 6)));
  EXPECT_FALSE(range.contains(key_of("x", 1, "y", 5)));
  EXPECT_FALSE(range.contains(key_of("x", 1, "yy", 6)));
  EXPECT_FALSE(range.contains(key_of("x", 2, "y", 6)));
}

TEST(QueryRange, OfOneLocalIndexLeavesOutTheOthers) {
  const TableDefinition definition = table("t").pk("p", 'S').sk("s", 'N').lsi("l1", "x", 'S').lsi("l2", "x", 'S');
  const Value sort_key = N(1);
  const Bytes stored = item({{"p", S("a")}, {"s", sort_key}, {"x", S("v")}});
  const Value partition = S("a");
  KeyCondition condition;
  condition.partition = {&partition, 1};
  const IndexDefinition& first = definition.local_indexes[0];
  const IndexDefinition& second = definition.local_indexes[1];
  const Bytes key = *entry_key(definition, first, encode_item_key(partition, &sort_key), ItemView(stored), arena());
  EXPECT_TRUE(query_range(&first, condition).contains(key));
  EXPECT_FALSE(query_range(&second, condition).contains(key));
}

TEST(SegmentRange, SegmentsAreDisjointAndCoverEverything) {
  for (const std::uint32_t total : {1u, 2u, 3u, 7u, 1000u, 1'000'000u}) {
    EXPECT_EQ(segment_range(0, total).begin, "");
    EXPECT_EQ(segment_range(total - 1, total).end, "");
    for (std::uint32_t segment = 0; segment + 1 < total; segment += 1 + total / 50) {
      EXPECT_EQ(segment_range(segment, total).end, segment_range(segment + 1, total).begin);
      EXPECT_FALSE(segment_range(segment, total).is_empty());
    }
  }
}

// --- Start keys ---

struct StartKeys : ::testing::Test {
  std::string query(const IndexDefinition* index, const char* condition, Values values, Values start_key,
                    bool forward = true) {
    const QueryIntent intent = store.query_intent(index, condition, values);
    return error_text(query_page_range(store.definition(), index, intent.key_condition, attributes(start_key), forward,
                                       store.arena()));
  }
  std::string scan(const IndexDefinition* index, std::uint32_t segment, std::uint32_t total, Values start_key) {
    return error_text(scan_page_range(store.definition(), index, segment, total, attributes(start_key), store.arena()));
  }

  TestStore store{table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S').gsi("g", {{"y", 'S'}}, {{"z", 'N'}})};
};

TEST_F(StartKeys, OfAQueryMustHaveTheKeysAttributes) {
  EXPECT_EQ(query(nullptr, "p = :p", {{":p", S("a")}}, {{"p", S("a")}, {"s", N(1)}}), "ok");
  EXPECT_EQ(query(nullptr, "p = :p", {{":p", S("a")}}, {{"p", S("a")}}), "The provided starting key is invalid");
  EXPECT_EQ(query(nullptr, "p = :p", {{":p", S("a")}}, {{"p", S("a")}, {"s", S("1")}}),
            "The provided starting key is invalid");
  EXPECT_EQ(query(store.index("l"), "p = :p", {{":p", S("a")}}, {{"p", S("a")}, {"s", N(1)}}),
            "The provided starting key is invalid");
  EXPECT_EQ(query(store.index("l"), "p = :p", {{":p", S("a")}}, {{"p", S("a")}, {"s", N(1)}, {"x", S("v")}}), "ok");
  EXPECT_EQ(
      query(store.index("g"), "y = :y", {{":y", S("a")}}, {{"p", S("a")}, {"s", N(1)}, {"y", S("a")}, {"z", N(1)}}),
      "ok");
}

TEST_F(StartKeys, OfAQueryMustLieInItsPartition) {
  constexpr char kOutside[] = "The provided starting key is outside query boundaries based on provided conditions";
  EXPECT_EQ(query(nullptr, "p = :p", {{":p", S("a")}}, {{"p", S("b")}, {"s", N(1)}}), kOutside);
  EXPECT_EQ(
      query(store.index("g"), "y = :y", {{":y", S("a")}}, {{"p", S("a")}, {"s", N(1)}, {"y", S("b")}, {"z", N(1)}}),
      kOutside);
}

TEST_F(StartKeys, OfAQueryMustSatisfyTheSortCondition) {
  constexpr char kPredicate[] = "The provided starting key does not match the range key predicate";
  const auto start = [&](int sort_key) {
    return query(nullptr, "p = :p AND s > :s", {{":p", S("a")}, {":s", N(5)}}, {{"p", S("a")}, {"s", N(sort_key)}});
  };
  EXPECT_EQ(start(6), "ok");
  EXPECT_EQ(start(5), kPredicate);
  EXPECT_EQ(start(4), kPredicate);
}

TEST_F(StartKeys, OfATableWithoutSortKeyHaveATextOfTheirOwn) {
  TestStore plain{table("t").pk("p", 'S')};
  const QueryIntent intent = plain.query_intent("p = :p", {{":p", S("a")}});
  const auto check = [&](Values start_key) {
    return error_text(query_page_range(plain.definition(), nullptr, intent.key_condition, attributes(start_key), true,
                                       plain.arena()));
  };
  EXPECT_EQ(check({{"p", S("a")}, {"s", N(1)}}),
            "The provided exclusive start key is invalid: The provided key element does not match the schema");
  EXPECT_EQ(check({{"p", S("a")}}), "ok");
}

TEST_F(StartKeys, OfAScanMustHaveTheKeysAttributes) {
  EXPECT_EQ(scan(nullptr, 0, 1, {{"p", S("a")}, {"s", N(1)}}), "ok");
  EXPECT_EQ(scan(nullptr, 0, 1, {{"p", S("a")}}),
            "The provided starting key is invalid: The provided key element does not match the schema");
  EXPECT_EQ(scan(store.index("l"), 0, 1, {{"p", S("a")}, {"s", N(1)}}),
            "The provided starting key is invalid: The provided key element does not match the schema");
}

TEST_F(StartKeys, OfAScanMustLieInItsSegment) {
  int fitting = 0;
  for (std::uint32_t segment = 0; segment < 8; ++segment) {
    const std::string text = scan(nullptr, segment, 8, {{"p", S("a")}, {"s", N(1)}});
    if (text == "ok") {
      ++fitting;
    } else {
      EXPECT_NE(text.find("Exclusive Start Key"), std::string::npos) << text;
      EXPECT_NE(text.find("TotalSegments: 8 Segment: " + std::to_string(segment)), std::string::npos) << text;
    }
  }
  EXPECT_EQ(fitting, 1);
}

TEST(ContinueBehind, LeavesOutThePositionInEitherDirection) {
  KeyRange forward{"a", "z"};
  continue_behind("m", true, &forward);
  EXPECT_FALSE(forward.contains("m"));
  EXPECT_TRUE(forward.contains(BytesView("m\0", 2)));
  KeyRange backward{"a", "z"};
  continue_behind("m", false, &backward);
  EXPECT_FALSE(backward.contains("m"));
  EXPECT_TRUE(backward.contains("lz"));
}

}  // namespace
}  // namespace armature
