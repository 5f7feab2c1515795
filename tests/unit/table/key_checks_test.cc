#include "table/key_checks.h"

#include <gtest/gtest.h>

#include "model/key_codec.h"
#include "support/item_store.h"
#include "support/tables.h"
#include "support/values.h"

namespace armature {
namespace {

using namespace armature::test;

TableDefinition people() {
  return table("People").pk("name", 'S').sk("age", 'N').lsi("by_team", "team", 'S').gsi("by_mail", {{"mail", 'S'}});
}

std::string bind_key_text(const TableDefinition& definition, Values key) {
  return error_text(bind_key(definition, attributes(key), arena()));
}
std::string bind_item_text(const TableDefinition& definition, Values whole) {
  return error_text(bind_item_key(definition, attributes(whole), arena()));
}
std::string index_text(const TableDefinition& definition, Values whole) {
  return error_text(check_index_keys(definition, attributes(whole)));
}
std::string update_text(const TableDefinition& definition, Values whole, std::vector<std::string_view> touched) {
  return error_text(check_updated_index_keys(definition, attributes(whole), touched));
}

constexpr char kSchema[] = "The provided key element does not match the schema";

TEST(BindKey, TakesExactlyTheKeyInAnyOrder) {
  const auto key = bind_key(people(), attributes({{"age", N(1)}, {"name", S("ann")}}), arena());
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_text(key->attributes[0].value), "S \"ann\"");
  EXPECT_EQ(key->attributes[1].name, "age");
  const Value age = N(1);
  EXPECT_EQ(key->encoded, encode_item_key(S("ann"), &age));
}

TEST(BindKey, RefusesMissingExtraAndMistypedAttributes) {
  EXPECT_EQ(bind_key_text(people(), {{"name", S("ann")}}), kSchema);
  EXPECT_EQ(bind_key_text(people(), {{"name", S("ann")}, {"age", N(1)}, {"x", N(1)}}), kSchema);
  EXPECT_EQ(bind_key_text(people(), {{"name", S("ann")}, {"age", S("1")}}), kSchema);
  EXPECT_EQ(bind_key_text(people(), {{"name", S("ann")}, {"years", N(1)}}), kSchema);
  EXPECT_EQ(bind_key_text(people(), {}), kSchema);
}

TEST(BindKey, RefusesEmptyValues) {
  EXPECT_EQ(
      bind_key_text(people(), {{"name", S("")}, {"age", N(1)}}),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "string value. Key: name");
  EXPECT_EQ(
      bind_key_text(table("t").pk("p", 'B'), {{"p", B("")}}),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "binary value. Key: p");
}

TEST(BindKey, RefusesTooLongValues) {
  const TableDefinition strings = table("t").pk("p", 'S').sk("s", 'S');
  EXPECT_EQ(bind_key_text(strings, {{"p", S(std::string(2048, 'x'))}, {"s", S(std::string(1024, 'x'))}}), "ok");
  EXPECT_EQ(
      bind_key_text(strings, {{"p", S(std::string(2049, 'x'))}, {"s", S("x")}}),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(
      bind_key_text(strings, {{"p", S("x")}, {"s", S(std::string(1025, 'x'))}}),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
      "1024 bytes");
}

TEST(BindItemKey, NamesTheMissingKey) {
  EXPECT_EQ(bind_item_text(people(), {{"name", S("ann")}, {"x", N(1)}}),
            "One or more parameter values were invalid: Missing the key age in the item");
}

TEST(BindItemKey, NamesTheMistypedKey) {
  EXPECT_EQ(bind_item_text(people(), {{"name", N(1)}, {"age", N(1)}}),
            "One or more parameter values were invalid: Type mismatch for key name expected: S actual: N");
}

TEST(IndexKeys, AbsentOnesAreFine) { EXPECT_EQ(index_text(people(), {{"name", S("a")}, {"age", N(1)}}), "ok"); }

TEST(IndexKeys, MistypedOnesAreRefusedWhateverTheirType) {
  EXPECT_EQ(index_text(people(), {{"mail", N(1)}}),
            "One or more parameter values were invalid: Type mismatch for Index Key mail Expected: S Actual: N "
            "IndexName: by_mail");
  EXPECT_EQ(index_text(people(), {{"team", Null()}}),
            "One or more parameter values were invalid: Type mismatch for Index Key team Expected: S Actual: NULL "
            "IndexName: by_team");
  EXPECT_EQ(index_text(people(), {{"team", M({})}}),
            "One or more parameter values were invalid: Type mismatch for Index Key team Expected: S Actual: M "
            "IndexName: by_team");
}

TEST(IndexKeys, TheFirstIndexByNameIsNamed) {
  const TableDefinition definition =
      table("t").pk("p", 'S').gsi("zebra", {{"x", 'S'}}).gsi("ant", {{"x", 'S'}}).gsi("mole", {{"x", 'S'}});
  EXPECT_TRUE(index_text(definition, {{"x", N(1)}}).ends_with("IndexName: ant"));
}

TEST(IndexKeys, EmptyOnesAreRefusedOnPut) {
  EXPECT_EQ(
      index_text(people(), {{"mail", S("")}}),
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
      "AttributeValue for a key attribute cannot contain an empty string value. IndexName: by_mail, IndexKey: mail");
}

TEST(IndexKeys, EmptyOnesAreRefusedOnUpdate) {
  EXPECT_EQ(
      update_text(people(), {{"mail", S("")}}, {"mail"}),
      "One or more parameter values are not valid. The update expression attempted to update a secondary index key to "
      "a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.");
}

TEST(IndexKeys, UpdatesCheckOnlyWhatTheyTouch) {
  EXPECT_EQ(update_text(people(), {{"mail", N(1)}, {"x", N(1)}}, {"x"}), "ok");
  EXPECT_NE(update_text(people(), {{"mail", N(1)}, {"x", N(1)}}, {"x", "mail"}), "ok");
}

TEST(IndexKeys, SizesAreCountedOverAllAttributesOfOneSide) {
  const TableDefinition definition =
      table("t").pk("p", 'S').gsi("g", {{"a", 'S'}, {"b", 'S'}}, {{"c", 'S'}, {"d", 'S'}});
  const auto x = [](std::size_t count) { return S(std::string(count, 'x')); };
  EXPECT_EQ(index_text(definition, {{"a", x(1024)}, {"b", x(1024)}, {"c", x(512)}, {"d", x(512)}}), "ok");
  EXPECT_EQ(
      index_text(definition, {{"a", x(1024)}, {"b", x(1025)}}),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(
      index_text(definition, {{"c", x(512)}, {"d", x(513)}}),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
      "1024 bytes");
}

TEST(IndexKeys, IndexBeingDeletedRulesNothing) {
  TableDefinition definition = people();
  definition.global_indexes[0].status = IndexStatus::kDeleting;
  EXPECT_EQ(index_text(definition, {{"mail", N(1)}}), "ok");
}

TEST(StartKey, HasAllAndOnlyTheAttributesOfTableAndIndex) {
  const TableDefinition definition = people();
  const IndexDefinition* const by_mail = definition.find_index("by_mail");
  const auto check = [&](const IndexDefinition* index, Values key) {
    return is_start_key(definition, index, attributes(key));
  };
  EXPECT_TRUE(check(nullptr, {{"name", S("a")}, {"age", N(1)}}));
  EXPECT_FALSE(check(nullptr, {{"name", S("a")}, {"age", N(1)}, {"mail", S("m")}}));
  EXPECT_TRUE(check(by_mail, {{"name", S("a")}, {"age", N(1)}, {"mail", S("m")}}));
  EXPECT_FALSE(check(by_mail, {{"name", S("a")}, {"age", N(1)}}));
  EXPECT_FALSE(check(by_mail, {{"mail", S("m")}}));
  EXPECT_FALSE(check(by_mail, {{"name", S("a")}, {"age", N(1)}, {"mail", S("")}}));
  EXPECT_FALSE(check(by_mail, {{"name", S("a")}, {"age", N(1)}, {"mail", N(1)}}));
}

TEST(StartKey, AttributesOfBothKeysAreGivenOnce) {
  const TableDefinition definition = table("t").pk("p", 'S').sk("s", 'S').gsi("g", {{"s", 'S'}}, {{"p", 'S'}});
  EXPECT_TRUE(is_start_key(definition, definition.find_index("g"), attributes({{"p", S("a")}, {"s", S("b")}})));
}

}  // namespace
}  // namespace armature
