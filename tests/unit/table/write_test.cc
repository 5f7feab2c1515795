// Single writes through the whole store, over the engine in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "support/item_store.h"
#include "support/storage_probe.h"
#include "support/tables.h"
#include "table/change.h"
#include "table/item_store.h"

namespace armature {
namespace {

using namespace armature::test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TableDefinition simple() { return table("Simple").pk("p", 'S'); }

struct ProbedStore {
  explicit ProbedStore(TableDefinition definition, ItemStoreOptions options = {})
      : store(std::move(definition), std::make_unique<StorageProbe>(), options),
        probe(static_cast<StorageProbe*>(&store.storage())) {}
  TestStore store;
  StorageProbe* probe;
};

std::string text(const std::optional<Bytes>& item) { return item ? to_text(ItemView(*item)) : "none"; }

TEST(Put, StoresTheItem) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a", x: N 1})");
  EXPECT_EQ(store.get_text({{"p", S("b")}}), "none");
}

TEST(Put, ReplacesTheWholeItemAndReturnsTheOldOne) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  const auto outcome = store.put({{"p", S("a")}, {"y", N(2)}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(text(outcome->before), R"({p: S "a", x: N 1})");
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a", y: N 2})");
}

TEST(Put, NumberKeysAreEqualByValue) {
  TestStore store(table("t").pk("n", 'N'));
  ASSERT_TRUE(store.put({{"n", N("1e3")}, {"x", N(1)}}));
  EXPECT_EQ(store.get_text({{"n", N("1000.0")}}), "{n: N 1000, x: N 1}");
}

TEST(Put, CostsTheLargerImage) {
  TestStore store(simple());
  EXPECT_EQ(store.put({{"p", S("a")}, {"x", S(std::string(2500, 'x'))}})->consumed.table.write_half_units, 6);
  EXPECT_EQ(store.put({{"p", S("a")}})->consumed.table.write_half_units, 6);
  EXPECT_EQ(store.put({{"p", S("a")}})->consumed.table.write_half_units, 2);
}

TEST(Put, ConditionThatHoldsLetsItThrough) {
  TestStore store(simple());
  PutIntent put = store.put_intent(attributes({{"p", S("a")}}));
  put.guard.condition = store.condition("attribute_not_exists(p)");
  EXPECT_EQ(error_text(store.put(put)), "ok");
  EXPECT_EQ(error_text(store.put(put)), "The conditional request failed");
}

TEST(Put, FailedConditionBringsTheItemOnlyWhenAsked) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  PutIntent put = store.put_intent(attributes({{"p", S("a")}, {"x", N(2)}}));
  put.guard.condition = store.condition("x = :x", {{":x", N(5)}});
  const auto without = store.put(put);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::kConditionalCheckFailed);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(without.error().detail));

  put.guard.return_item_on_failure = true;
  const auto with = store.put(put);
  ASSERT_FALSE(with);
  EXPECT_EQ(to_text(ItemView(std::get<EncodedItemDetail>(with.error().detail).encoded_item)), R"({p: S "a", x: N 1})");
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a", x: N 1})");
}

TEST(Remove, DeletesAndReturnsTheItem) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  const auto outcome = store.remove({{"p", S("a")}});
  EXPECT_EQ(text(outcome->before), R"({p: S "a", x: N 1})");
  EXPECT_FALSE(outcome->after);
  EXPECT_EQ(store.get_text({{"p", S("a")}}), "none");
}

TEST(Remove, MissingItemIsNoErrorAndCostsOneUnit) {
  TestStore store(simple());
  const auto outcome = store.remove({{"p", S("a")}});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->before);
  EXPECT_EQ(outcome->consumed.table.write_half_units, 2);
}

TEST(Remove, ConditionOnAMissingItemFailsWithoutItem) {
  TestStore store(simple());
  DeleteIntent remove = store.delete_intent({{"p", S("a")}});
  remove.guard = {store.condition("attribute_exists(p)"), true};
  const auto outcome = store.remove(remove);
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(outcome.error().detail));
}

TEST(Update, ChangesTheItem) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  const auto outcome = store.update({{"p", S("a")}}, "SET x = x + :one", {{":one", N(1)}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(text(outcome->after), R"({p: S "a", x: N 2})");
}

TEST(Update, CreatesAMissingItem) {
  TestStore store(simple());
  ASSERT_TRUE(store.update({{"p", S("a")}}, "SET x = :x", {{":x", N(1)}}));
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a", x: N 1})");
}

TEST(Update, WithoutProgramCreatesTheKeyOrChangesNothing) {
  TestStore store(simple());
  UpdateIntent nothing{.key = store.get_intent({{"p", S("a")}}).key};
  ASSERT_TRUE(store.update(nothing));
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a"})");
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", N(1)}}));
  ASSERT_TRUE(store.update(nothing));
  EXPECT_EQ(store.get_text({{"p", S("a")}}), R"({p: S "a", x: N 1})");
}

TEST(Update, RemovingFromAMissingItemCreatesNothing) {
  TestStore store(simple());
  const auto outcome = store.update({{"p", S("a")}}, "REMOVE x");
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->after);
  EXPECT_EQ(store.get_text({{"p", S("a")}}), "none");
}

TEST(Update, ResultLargerThanAnItemIsRefused) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", S(std::string(300'000, 'x'))}}));
  EXPECT_EQ(error_text(store.update({{"p", S("a")}}, "SET y = :y", {{":y", S(std::string(200'000, 'y'))}})),
            "Item size to update has exceeded the maximum allowed size");
}

// max(item, item - key + 3 + 19 for a SET): with a key of 2 bytes, 20 more than the item.
TEST(Update, SizeCountsTheProgramsActionsUnlessToldNotTo) {
  TestStore store(simple());
  const auto update_to = [&](std::size_t item_bytes, bool measure_actions) {
    UpdateIntent update =
        store.update_intent({{"p", S("a")}}, "SET y = :y", {{":y", S(std::string(item_bytes - 3, 'y'))}});
    update.measure_actions = measure_actions;
    return error_text(store.update(update));
  };
  EXPECT_EQ(update_to(kMaxItemSizeBytes - 20, true), "ok");
  EXPECT_EQ(update_to(kMaxItemSizeBytes - 19, true), "Item size to update has exceeded the maximum allowed size");
  EXPECT_EQ(update_to(kMaxItemSizeBytes, false), "ok");
  EXPECT_EQ(update_to(kMaxItemSizeBytes + 1, false), "Item size to update has exceeded the maximum allowed size");
}

TEST(Update, ResultNestedTooDeepIsRefused) {
  TestStore store(simple());
  Value deep = N(1);
  for (int i = 0; i < 30; ++i) deep = L({deep});
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", deep}}));
  EXPECT_EQ(error_text(store.update({{"p", S("a")}}, "SET y = :list", {{":list", M({{"e", deep}})}})), "ok");
  EXPECT_EQ(error_text(store.update({{"p", S("a")}}, "SET y.e = :list", {{":list", L({deep})}})),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
            "limit");
}

TEST(Update, TouchedIndexKeyMustFit) {
  TestStore store(table("t").pk("p", 'S').gsi("by_mail", {{"mail", 'S'}}));
  EXPECT_EQ(error_text(store.update({{"p", S("a")}}, "SET mail = :m", {{":m", N(1)}})),
            "One or more parameter values were invalid: Type mismatch for Index Key mail Expected: S Actual: N "
            "IndexName: by_mail");
}

TEST(Update, ErrorOfTheProgramReachesTheCaller) {
  TestStore store(simple());
  EXPECT_EQ(error_text(store.update({{"p", S("a")}}, "SET x = y")),
            "The provided expression refers to an attribute that does not exist in the item");
}

TEST(Statistics, CountItemsAndBytesWithOverhead) {
  TestStore store(simple());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", S("12345")}}));  // 1 + 1 + 1 + 5 bytes.
  ASSERT_TRUE(store.put({{"p", S("b")}}));
  EXPECT_EQ(store.stats().entries, 2);
  EXPECT_EQ(store.stats().bytes, 8 + 2 + 2 * kStorageOverheadBytes);
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", S("1")}}));
  EXPECT_EQ(store.stats().bytes, 4 + 2 + 2 * kStorageOverheadBytes);
  ASSERT_TRUE(store.remove({{"p", S("a")}}));
  ASSERT_TRUE(store.remove({{"p", S("a")}}));
  EXPECT_EQ(store.stats().entries, 1);
  EXPECT_EQ(store.stats().bytes, 2 + kStorageOverheadBytes);
}

TEST(Statistics, OfAGlobalIndexCountItsEntries) {
  TestStore store(table("t").pk("p", 'S').gsi("g", {{"x", 'S'}}).keys_only());
  const storage::KeySpaceId index = store.index("g")->key_space;
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", S("1")}, {"y", S("unprojected")}}));
  ASSERT_TRUE(store.put({{"p", S("b")}}));
  EXPECT_EQ(store.stats(index).entries, 1);
  EXPECT_EQ(store.stats(index).bytes, 4 + kStorageOverheadBytes);
  ASSERT_TRUE(store.update({{"p", S("a")}}, "REMOVE x"));
  EXPECT_EQ(store.stats(index).entries, 0);
  EXPECT_EQ(store.stats(index).bytes, 0);
}

TEST(Capacity, OfIndexesAppearsOnlyWhereTheirViewChanged) {
  TestStore store(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S').gsi("g", {{"y", 'S'}}).keys_only());
  const auto arms = [](const Result<WriteOutcome>& outcome) {
    std::vector<std::string> texts;
    for (const IndexCapacity& arm : outcome->consumed.indexes) {
      texts.push_back(arm.index_name + (arm.global ? " global " : " local ") +
                      std::to_string(arm.amount.write_half_units / 2));
    }
    return texts;
  };
  EXPECT_THAT(arms(store.put({{"p", S("a")}, {"s", N(1)}})), IsEmpty());
  EXPECT_THAT(arms(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}, {"y", S("1")}})),
              ElementsAre("l local 1", "g global 1"));
  EXPECT_THAT(arms(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}, {"y", S("1")}, {"z", S("1")}})),
              ElementsAre("l local 1"));
  EXPECT_THAT(arms(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}, {"y", S("2")}, {"z", S("1")}})),
              ElementsAre("l local 1", "g global 2"));
  EXPECT_THAT(arms(store.remove({{"p", S("a")}, {"s", N(1)}})), ElementsAre("l local 1", "g global 1"));
}

TEST(Figures, OfALocalIndexCountItsEntries) {
  TestStore store(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S').keys_only());
  const storage::KeySpaceId index = store.index("l")->key_space;
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}, {"y", S("12345678")}}));  // Entry: 2 + 3 + 2.
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(2)}}));                                       // Not in the index.
  EXPECT_EQ(store.stats(index).entries, 1);
  EXPECT_EQ(store.stats(index).bytes, 7 + kStorageOverheadBytes);
  ASSERT_TRUE(store.remove({{"p", S("a")}, {"s", N(1)}}));
  EXPECT_EQ(store.stats(index).entries, 0);
  EXPECT_EQ(store.stats(index).bytes, 0);
}

TEST(Figures, OfALocalIndexOlderThanTheCountingAreNotKept) {
  TableDefinition definition = table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S');
  definition.local_indexes[0].key_space = 0;
  ProbedStore probed(std::move(definition));
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}}));
  EXPECT_EQ(probed.probe->commits.at(0), "reads 2, writes 3, follow-ups 0, stats 1");
}

// --- What reaches the engine ---

TEST(Commit, OfASimpleItemIsOneWriteAndOneStatistic) {
  ProbedStore probed(simple());
  ASSERT_TRUE(probed.store.put({{"p", S("a")}}));
  ASSERT_EQ(probed.probe->commits.size(), 1u);
  EXPECT_EQ(probed.probe->commits[0], "reads 1, writes 1, follow-ups 0, stats 1");
}

TEST(Commit, OfAnIndexedItemCarriesItsEntries) {
  ProbedStore probed(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S').gsi("g", {{"x", 'S'}}));
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}}));
  EXPECT_EQ(probed.probe->commits[0], "reads 2, writes 3, follow-ups 1, stats 3");
}

TEST(Commit, OfASilentWriteHasReadsOnly) {
  ProbedStore probed(table("t").pk("p", 'S').gsi("g", {{"x", 'S'}}));
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"x", S("1")}, {"tags", SS({"a", "b"})}}));
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"x", S("1")}, {"tags", SS({"b", "a"})}}));
  ASSERT_TRUE(probed.store.remove({{"p", S("none")}}));
  EXPECT_EQ(probed.probe->commits[1], "reads 1, writes 0, follow-ups 0, stats 0");
  EXPECT_EQ(probed.probe->commits[2], "reads 1, writes 0, follow-ups 0, stats 0");
}

TEST(Commit, OfAFailedConditionHasReadsOnly) {
  ProbedStore probed(simple());
  PutIntent put = probed.store.put_intent(attributes({{"p", S("a")}}));
  put.guard.condition = probed.store.condition("attribute_exists(p)");
  EXPECT_FALSE(probed.store.put(put));
  ASSERT_EQ(probed.probe->commits.size(), 1u);
  EXPECT_EQ(probed.probe->commits[0], "reads 1, writes 0, follow-ups 0, stats 0");
}

TEST(Conflict, MakesTheWriteDecideAgainOnWhatItFindsThen) {
  ProbedStore probed(simple());
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"x", N(1)}}));
  const PutIntent between = probed.store.put_intent(attributes({{"p", S("a")}, {"x", N(10)}}));
  probed.probe->before_commit = [&] { ASSERT_TRUE(probed.store.put(between)); };
  const auto outcome = probed.store.update({{"p", S("a")}}, "SET x = x + :one", {{":one", N(1)}});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(text(outcome->after), R"({p: S "a", x: N 11})");
}

TEST(Conflict, MakesAFailedConditionDecideAgainToo) {
  ProbedStore probed(simple());
  ASSERT_TRUE(probed.store.put({{"p", S("a")}, {"x", N(1)}}));
  probed.probe->conflicts_to_report = 1;
  DeleteIntent remove = probed.store.delete_intent({{"p", S("a")}});
  remove.guard.condition = probed.store.condition("x = :x", {{":x", N(2)}});
  EXPECT_EQ(error_text(probed.store.remove(remove)), "The conditional request failed");
  EXPECT_EQ(probed.probe->commits.size(), 3u);
}

TEST(Conflict, WithoutEndIsAnErrorInTheEnd) {
  ProbedStore probed(simple(), {.conflict_patience = std::chrono::milliseconds(20)});
  probed.probe->conflicts_to_report = 1'000'000;
  const auto outcome = probed.store.put({{"p", S("a")}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTransactionConflict);
  EXPECT_EQ(outcome.error().message, "Transaction is ongoing for the item");
}

TEST(Conflict, HoweverOftenIsTriedAgainWhileThereIsTime) {
  ProbedStore probed(simple());
  probed.probe->conflicts_to_report = 200;
  EXPECT_EQ(error_text(probed.store.put({{"p", S("a")}})), "ok");
}

TEST(StorageFailure, KeepsTheEnginesTextFromTheClient) {
  ProbedStore probed(simple());
  probed.probe->failure = storage::StorageError{storage::StorageErrorCode::kIo, "/data/000123.log: bad sector"};
  const auto outcome = probed.store.put({{"p", S("a")}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kInternal);
  EXPECT_EQ(outcome.error().message, "Internal server error");
}

TEST(StorageFailure, UnavailableEngineIsAnUnavailableService) {
  ProbedStore probed(simple());
  probed.probe->failure = storage::StorageError{storage::StorageErrorCode::kUnavailable, "closing"};
  EXPECT_EQ(probed.store.put({{"p", S("a")}}).error().code, ErrorCode::kServiceUnavailable);
}

// --- Throughput ---

TEST(Throttling, FailedConditionsAreCharged) {
  TestStore store(table("t").pk("p", 'S').provisioned(1, 1));
  PutIntent put = store.put_intent(attributes({{"p", S("a")}}));
  put.guard.condition = store.condition("attribute_exists(p)");
  for (int i = 0; i < 300; ++i) ASSERT_EQ(error_text(store.put(put)), "The conditional request failed");
  EXPECT_EQ(store.put(put).error().code, ErrorCode::kProvisionedThroughputExceeded);
}

TEST(Throttling, IndexHoldsBackOnlyWritesThatTouchIt) {
  TestStore store(table("t").pk("p", 'S').provisioned(1000, 1000).gsi("g", {{"x", 'S'}}).provisioned(1, 1));
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(store.put({{"p", S(std::to_string(i))}, {"x", S("1")}}));
  const auto refused = store.put({{"p", S("last")}, {"x", S("1")}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(std::get<std::vector<ThrottlingReason>>(refused.error().detail)[0].reason,
            "IndexWriteProvisionedThroughputExceeded");
  EXPECT_EQ(store.get_text({{"p", S("last")}}), "none");
  EXPECT_EQ(error_text(store.put({{"p", S("last")}})), "ok");
}

TEST(Throttling, IsOffWhenTheOptionSaysSo) {
  TestStore store(table("t").pk("p", 'S').provisioned(1, 1), nullptr, {.enforce_throughput = false});
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(store.put({{"p", S("a")}}));
}

// --- Indexes that are being built ---

TEST(UnbuiltIndex, EraseOfAnEntryThatIsNotThereYetCountsNothing) {
  TestStore store(table("t").pk("p", 'S'));
  ASSERT_TRUE(store.put({{"p", S("old")}, {"x", S("1")}}));
  store.definition() = table("t").pk("p", 'S').gsi("g", {{"x", 'S'}});
  store.definition().global_indexes[0].build = BuildPhase::kFilling;
  const storage::KeySpaceId index = store.index("g")->key_space;

  ASSERT_TRUE(store.put({{"p", S("new")}, {"x", S("1")}}));
  EXPECT_EQ(store.stats(index).entries, 1);
  ASSERT_TRUE(store.update({{"p", S("old")}}, "SET y = :y", {{":y", N(1)}}));  // Enters the index now.
  EXPECT_EQ(store.stats(index).entries, 2);
  ASSERT_TRUE(store.remove({{"p", S("old")}}));
  ASSERT_TRUE(store.put({{"p", S("older")}}));
  EXPECT_EQ(store.stats(index).entries, 1);
}

TEST(UnbuiltIndex, RemovingAnItemItDoesNotHaveYetIsFine) {
  TestStore store(table("t").pk("p", 'S'));
  ASSERT_TRUE(store.put({{"p", S("old")}, {"x", S("1")}}));
  store.definition() = table("t").pk("p", 'S').gsi("g", {{"x", 'S'}});
  store.definition().global_indexes[0].build = BuildPhase::kFilling;
  ASSERT_TRUE(store.remove({{"p", S("old")}}));
  EXPECT_EQ(store.stats(store.index("g")->key_space).entries, 0);
  EXPECT_EQ(store.stats(store.index("g")->key_space).bytes, 0);
}

}  // namespace
}  // namespace armature
