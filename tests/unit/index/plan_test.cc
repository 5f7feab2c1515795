#include "index/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "index/entry_key.h"
#include "index/projection.h"
#include "model/key_codec.h"
#include "support/tables.h"
#include "support/values.h"

namespace armature {
namespace {

using namespace armature::test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Bytes kNoItem;

// "put by_day {customer: S "ann", ...}" and "delete by_day", in the order planned.
std::vector<std::string> plan(const TableDefinition& table, const Bytes& before, const Bytes& after) {
  const std::optional<ItemView> from = before.empty() ? std::nullopt : std::optional(ItemView(before));
  const std::optional<ItemView> to = after.empty() ? std::nullopt : std::optional(ItemView(after));
  const Bytes item_key = encode_item_key(S("7"), nullptr);
  std::vector<IndexWrite> writes;
  plan_writes(table, item_key, from ? &*from : nullptr, to ? &*to : nullptr, arena(), &writes);
  std::vector<std::string> texts;
  for (const IndexWrite& write : writes) {
    texts.push_back(write.erases() ? "delete " + write.index->name
                                   : "put " + write.index->name + " " + to_text(ItemView(write.entry)));
  }
  return texts;
}

TableDefinition orders() { return table("Orders").pk("id", 'S').gsi("by_day", {{"customer", 'S'}}, {{"day", 'N'}}); }

TEST(IndexPlan, NewItemEntersIndex) {
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}});
  EXPECT_THAT(plan(orders(), kNoItem, after), ElementsAre(R"(put by_day {customer: S "ann", day: N 3, id: S "7"})"));
}

TEST(IndexPlan, ItemWithoutEveryIndexKeyAttributeStaysOut) {
  EXPECT_THAT(plan(orders(), kNoItem, item({{"id", S("7")}, {"customer", S("ann")}})), IsEmpty());
}

TEST(IndexPlan, ItemLeavesIndexWhenOneIndexKeyAttributeGoes) {
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}});
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}});
  EXPECT_THAT(plan(orders(), before, after), ElementsAre("delete by_day"));
}

TEST(IndexPlan, ItemLeavesIndexWhenItIsDeleted) {
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}});
  EXPECT_THAT(plan(orders(), before, kNoItem), ElementsAre("delete by_day"));
}

TEST(IndexPlan, MistypedIndexKeyKeepsItemOut) {
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"day", S("3")}});
  EXPECT_THAT(plan(orders(), kNoItem, after), IsEmpty());
}

TEST(IndexPlan, EmptyIndexKeyKeepsItemOut) {
  EXPECT_THAT(plan(orders(), kNoItem, item({{"id", S("7")}, {"customer", S("")}, {"day", N(3)}})), IsEmpty());
}

TEST(IndexPlan, TooLongIndexKeyKeepsItemOut) {
  const TableDefinition by_note = table("t").pk("id", 'S').gsi("by_note", {{"note", 'S'}});
  EXPECT_THAT(plan(by_note, kNoItem, item({{"id", S("7")}, {"note", S(std::string(2049, 'x'))}})), IsEmpty());
  EXPECT_EQ(plan(by_note, kNoItem, item({{"id", S("7")}, {"note", S(std::string(2048, 'x'))}})).size(), 1u);
}

TEST(IndexPlan, MovedKeyIsADeleteThenAPut) {
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}});
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(4)}});
  EXPECT_THAT(plan(orders(), before, after),
              ElementsAre("delete by_day", R"(put by_day {customer: S "ann", day: N 4, id: S "7"})"));
}

TEST(IndexPlan, ChangeOfAProjectedAttributeIsOnePut) {
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}, {"note", S("a")}});
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}, {"note", S("b")}});
  EXPECT_THAT(plan(orders(), before, after),
              ElementsAre(R"(put by_day {customer: S "ann", day: N 3, id: S "7", note: S "b"})"));
}

TEST(IndexPlan, ChangeOfAnUnprojectedAttributeWritesNothing) {
  const TableDefinition keys = table("t").pk("id", 'S').gsi("g", {{"customer", 'S'}}).keys_only();
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"note", S("a")}});
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"note", S("b")}});
  EXPECT_THAT(plan(keys, before, after), IsEmpty());
}

TEST(IndexPlan, SetInOtherOrderWritesNothing) {
  const Bytes before = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}, {"tags", SS({"a", "b"})}});
  const Bytes after = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N("3.0")}, {"tags", SS({"b", "a"})}});
  EXPECT_THAT(plan(orders(), before, after), IsEmpty());
}

TEST(IndexPlan, IncludeKeepsKeysAndNamedAttributes) {
  const TableDefinition include = table("t").pk("id", 'S').gsi("g", {{"customer", 'S'}}).include({"note", "absent"});
  const Bytes after =
      item({{"id", S("7")}, {"customer", S("ann")}, {"note", M({{"x", L({N(1)})}})}, {"other", S("no")}});
  EXPECT_THAT(plan(include, kNoItem, after), ElementsAre(R"(put g {customer: S "ann", id: S "7", note: {x: [N 1]}})"));
}

TEST(IndexPlan, IndexBeingDeletedGetsNothing) {
  TableDefinition deleting = orders();
  deleting.global_indexes[0].status = IndexStatus::kDeleting;
  EXPECT_THAT(plan(deleting, kNoItem, item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}})), IsEmpty());
}

TEST(IndexPlan, EveryPartOfAMultiAttributeKeyMatters) {
  const TableDefinition multi =
      table("t").pk("id", 'S').gsi("g", {{"a", 'S'}, {"b", 'N'}}, {{"c", 'S'}, {"d", 'B'}}).keys_only();
  const Bytes whole = item({{"id", S("7")}, {"a", S("x")}, {"b", N(1)}, {"c", S("y")}, {"d", B("z")}});
  const Bytes moved = item({{"id", S("7")}, {"a", S("x")}, {"b", N(1)}, {"c", S("y")}, {"d", B("zz")}});
  const Bytes partial = item({{"id", S("7")}, {"a", S("x")}, {"b", N(1)}, {"c", S("y")}});
  EXPECT_EQ(plan(multi, kNoItem, whole).size(), 1u);
  EXPECT_EQ(plan(multi, whole, moved).size(), 2u);
  EXPECT_THAT(plan(multi, whole, partial), ElementsAre("delete g"));
}

TEST(IndexPlan, InPlaceChangeCostsTheLargerImage) {
  const Bytes small = item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}});
  const Bytes large =
      item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}, {"note", S(std::string(3000, 'x'))}});
  const ItemView from(large);
  const ItemView to(small);
  const TableDefinition definition = orders();
  std::vector<IndexWrite> writes;
  plan_writes(definition, encode_item_key(S("7"), nullptr), &from, &to, arena(), &writes);
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(write_units(writes[0]), 3u);
}

TEST(IndexPlan, MovedKeyCostsDeleteAndInsertRoundedApart) {
  const Bytes large =
      item({{"id", S("7")}, {"customer", S("ann")}, {"day", N(3)}, {"note", S(std::string(1500, 'x'))}});
  const Bytes small = item({{"id", S("7")}, {"customer", S("bob")}, {"day", N(3)}});
  const ItemView from(large);
  const ItemView to(small);
  const TableDefinition definition = orders();
  std::vector<IndexWrite> writes;
  plan_writes(definition, encode_item_key(S("7"), nullptr), &from, &to, arena(), &writes);
  ASSERT_EQ(writes.size(), 2u);
  EXPECT_EQ(write_units(writes[0]), 2u);
  EXPECT_EQ(write_units(writes[1]), 1u);
}

TEST(EntryKey, LocalEntriesBeginWithTheirItemsCollection) {
  const TableDefinition definition = table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S');
  const Value partition_key = S(std::string_view("a\0b", 3));
  const Value sort_key = N(5);
  const Bytes item_key = encode_item_key(partition_key, &sort_key);
  const Bytes stored = item({{"p", partition_key}, {"s", sort_key}, {"x", S("v")}});
  const auto key = entry_key(definition, definition.local_indexes[0], item_key, ItemView(stored), arena());
  ASSERT_TRUE(key.has_value());
  const LocalEntryPosition position = local_entry_position(definition, *key, arena());
  EXPECT_EQ(position.collection, encode_collection_prefix(partition_key));
  EXPECT_EQ(position.index_id, definition.local_indexes[0].id);
  EXPECT_TRUE(key->starts_with(local_entry_prefix(position.collection, position.index_id)));
}

TEST(EntryKey, ItemsWithEqualIndexKeysHaveDistinctEntries) {
  const TableDefinition definition = orders();
  const auto key_of = [&](const char* id) {
    const Bytes stored = item({{"id", S(id)}, {"customer", S("ann")}, {"day", N(3)}});
    return *entry_key(definition, definition.global_indexes[0], encode_item_key(S(id), nullptr), ItemView(stored),
                      arena());
  };
  EXPECT_LT(key_of("7"), key_of("8"));
}

TEST(Projection, KeysOfTableAndIndexAreAlwaysProjected) {
  const TableDefinition definition = table("t").pk("p", 'S').sk("s", 'S').gsi("g", {{"x", 'S'}}).include({"n"});
  const IndexDefinition& index = definition.global_indexes[0];
  for (const char* name : {"p", "s", "x", "n"}) EXPECT_TRUE(projects(definition, index, name)) << name;
  EXPECT_FALSE(projects(definition, index, "other"));
}

}  // namespace
}  // namespace armature
