// Queries and scans against a naive evaluation of the same items in memory: every page size, both directions, filters.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "property/table/random_items.h"

namespace armature {
namespace {

using namespace armature::test;

using Model = std::map<Bytes, std::span<const Attribute>>;  // By item key.

struct SortCondition {
  const char* text;  // Behind the partition key's; {} stands for the sort key's name.
  int operands;
  bool (*holds)(const Value& value, const Value& low, const Value& high);
};

const SortCondition kSortConditions[] = {
    {"", 0, [](const Value&, const Value&, const Value&) { return true; }},
    {" AND {} = :low", 1, [](const Value& v, const Value& l, const Value&) { return compare_ordered(v, l) == 0; }},
    {" AND {} < :low", 1, [](const Value& v, const Value& l, const Value&) { return compare_ordered(v, l) < 0; }},
    {" AND {} <= :low", 1, [](const Value& v, const Value& l, const Value&) { return compare_ordered(v, l) <= 0; }},
    {" AND {} > :low", 1, [](const Value& v, const Value& l, const Value&) { return compare_ordered(v, l) > 0; }},
    {" AND {} >= :low", 1, [](const Value& v, const Value& l, const Value&) { return compare_ordered(v, l) >= 0; }},
    {" AND {} BETWEEN :low AND :high", 2,
     [](const Value& v, const Value& l, const Value& h) {
       return compare_ordered(v, l) >= 0 && compare_ordered(v, h) <= 0;
     }},
    {" AND begins_with({}, :low)", 1,
     [](const Value& v, const Value& l, const Value&) { return v.bytes().starts_with(l.bytes()); }},
};

struct Walk {
  const IndexDefinition* index = nullptr;
  const KeySchema* schema = nullptr;
  std::vector<Value> partition;
  const SortCondition* sort = nullptr;
  Value low;
  Value high;
};

Walk random_walk(TestStore* store, RandomItems* random) {
  static constexpr const char* kIndexes[] = {"", "local_all", "local_keys", "by_a", "by_n", "by_all"};
  Walk walk;
  walk.index = store->index(kIndexes[random->below(std::size(kIndexes))]);
  walk.schema = walk.index != nullptr ? &walk.index->key : &store->definition().key;
  const auto value_of = [&](const KeyAttribute& attribute) {
    if (attribute.name == "p") return random->partition_key();
    if (attribute.name == "s") return random->sort_key();
    if (attribute.type == Type::kString) return random->string();
    return attribute.type == Type::kNumber ? random->number() : random->binary();
  };
  for (const KeyAttribute& attribute : walk.schema->partition) walk.partition.push_back(value_of(attribute));
  walk.sort = &kSortConditions[0];
  if (walk.schema->sort.empty()) return walk;
  const KeyAttribute& sort_key = walk.schema->sort.front();
  const std::size_t conditions = std::size(kSortConditions) - (sort_key.type == Type::kNumber ? 1 : 0);
  walk.sort = &kSortConditions[random->below(conditions)];
  walk.low = value_of(sort_key);
  walk.high = value_of(sort_key);
  if (compare_ordered(walk.low, walk.high) > 0) std::swap(walk.low, walk.high);
  return walk;
}

QueryIntent intent_of(TestStore* store, const Walk& walk) {
  std::string text;
  std::vector<Attribute> values;
  for (std::size_t i = 0; i < walk.partition.size(); ++i) {
    const std::string placeholder = ":p" + std::to_string(i);
    text += (i > 0 ? " AND " : "") + walk.schema->partition[i].name + " = " + placeholder;
    values.push_back({store->arena()->copy(placeholder), walk.partition[i]});
  }
  std::string sort = walk.sort->text;
  if (const std::size_t at = sort.find("{}"); at != std::string::npos) sort.replace(at, 2, walk.schema->sort[0].name);
  if (walk.sort->operands > 0) values.push_back({":low", walk.low});
  if (walk.sort->operands > 1) values.push_back({":high", walk.high});
  return store->query_intent(walk.index, text + sort, std::span<const Attribute>(values));
}

bool in_index(const KeySchema& schema, std::span<const Attribute> item) {
  for (const auto* side : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *side) {
      if (find_attribute(item, attribute.name) == nullptr) return false;
    }
  }
  return true;
}

bool matches(const Walk& walk, std::span<const Attribute> item) {
  if (!in_index(*walk.schema, item)) return false;
  for (std::size_t i = 0; i < walk.partition.size(); ++i) {
    if (!(*find_attribute(item, walk.schema->partition[i].name) == walk.partition[i])) return false;
  }
  return walk.schema->sort.empty() ||
         walk.sort->holds(*find_attribute(item, walk.schema->sort[0].name), walk.low, walk.high);
}

// The sort key attributes, as an ordering; ties are not ordered.
int compare_sort_keys(const KeySchema& schema, std::span<const Attribute> a, std::span<const Attribute> b) {
  for (const KeyAttribute& attribute : schema.sort) {
    const int order = compare_ordered(*find_attribute(a, attribute.name), *find_attribute(b, attribute.name));
    if (order != 0) return order;
  }
  return 0;
}

std::string key_text(std::span<const Attribute> item) {
  return to_text(attributes({{"p", *find_attribute(item, "p")}, {"s", *find_attribute(item, "s")}}));
}

// What a walk yields one page after the other, as keys.
struct Yield {
  std::vector<std::string> keys;
  std::vector<std::span<const Attribute>> items;
  std::uint32_t scanned = 0;
};

template <class Intent>
Yield read_all(TestStore* store, const Intent& intent) {
  Yield yield;
  for (const PageOutcome& page : store->all_pages(intent)) {
    if (intent.limit) {
      EXPECT_LE(page.scanned_count, *intent.limit);
    }
    // Only the last page may be short.
    if (intent.limit && page.last_evaluated_key) {
      EXPECT_EQ(page.scanned_count, *intent.limit);
    }
    EXPECT_EQ(page.count, page.items.size());
    yield.scanned += page.scanned_count;
    for (const PageItem& item : page.items) {
      const std::span<const Attribute> decoded = copy_value(Value::map(item.view.decode(arena())), arena()).entries();
      yield.items.push_back(decoded);
      yield.keys.push_back(key_text(decoded));
    }
  }
  return yield;
}

void fill(TestStore* store, RandomItems* random, Model* model) {
  for (int i = 0; i < 15; ++i) {
    const std::span<const Attribute> item = random->item_of(random->key());
    const PutIntent put = store->put_intent(item);
    ASSERT_TRUE(store->put(put));
    (*model)[put.key.encoded] = item;
  }
}

void check_query(TestStore* store, RandomItems* random, const Model& model) {
  const Walk walk = random_walk(store, random);
  QueryIntent intent = intent_of(store, walk);
  intent.forward = random->one_in(2);
  intent.fetch_from_table = walk.index != nullptr && !walk.index->global && random->one_in(2);
  // No index leaves this one out, so that the answer is the same with and without fetching.
  if (random->one_in(2)) {
    intent.filter = store->condition("s > :f", {{":f", N(0)}}, expression::Parameter::kFilter);
  }

  std::vector<std::span<const Attribute>> candidates;
  for (const auto& [key, item] : model) {
    if (matches(walk, item)) candidates.push_back(item);
  }
  std::vector<std::string> expected;
  for (const std::span<const Attribute> item : candidates) {
    if (intent.filter == nullptr || compare_ordered(*find_attribute(item, "s"), N(0)) > 0) {
      expected.push_back(key_text(item));
    }
  }
  std::sort(expected.begin(), expected.end());

  std::vector<std::string> first_order;
  for (std::uint32_t limit = 0; limit <= candidates.size() + 1; ++limit) {
    SCOPED_TRACE("limit " + std::to_string(limit));
    intent.limit = limit == 0 ? std::nullopt : std::optional(limit);
    const Yield yield = read_all(store, intent);
    EXPECT_EQ(yield.scanned, candidates.size());
    for (std::size_t i = 1; i < yield.items.size(); ++i) {
      const int order = compare_sort_keys(*walk.schema, yield.items[i - 1], yield.items[i]);
      EXPECT_TRUE(intent.forward ? order <= 0 : order >= 0);
    }
    if (limit == 0) first_order = yield.keys;
    EXPECT_EQ(yield.keys, first_order) << "the page size changed the order";
    std::vector<std::string> sorted = yield.keys;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, expected);
  }
}

void check_scan(TestStore* store, RandomItems* random, const Model& model) {
  static constexpr const char* kIndexes[] = {"", "local_all", "local_keys", "by_a", "by_n", "by_all"};
  ScanIntent intent;
  intent.index = store->index(kIndexes[random->below(std::size(kIndexes))]);
  const KeySchema& schema = intent.index != nullptr ? intent.index->key : store->definition().key;
  std::vector<std::string> expected;
  for (const auto& [key, item] : model) {
    if (in_index(schema, item)) expected.push_back(key_text(item));
  }
  std::sort(expected.begin(), expected.end());

  for (const std::uint32_t limit : {1u, 2u, 3u, 1000u}) {
    for (const std::uint32_t segments : {1u, 2u, 5u}) {
      SCOPED_TRACE("limit " + std::to_string(limit) + ", segments " + std::to_string(segments));
      std::vector<std::string> keys;
      for (std::uint32_t segment = 0; segment < segments; ++segment) {
        intent.limit = limit;
        intent.segment = segment;
        intent.total_segments = segments;
        const Yield yield = read_all(store, intent);
        keys.insert(keys.end(), yield.keys.begin(), yield.keys.end());
      }
      std::sort(keys.begin(), keys.end());
      EXPECT_EQ(keys, expected) << (intent.index != nullptr ? intent.index->name : "table");
    }
  }
}

TEST(Paging, FindsWhatANaiveEvaluationFinds) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomItems random(seed);
    TestStore store(random_table());
    Model model;
    fill(&store, &random, &model);
    for (int i = 0; i < 12; ++i) {
      check_query(&store, &random, model);
      if (::testing::Test::HasFailure()) return;
    }
    for (int i = 0; i < 3; ++i) {
      check_scan(&store, &random, model);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace armature
