// TransactWriteItems below the API: all or nothing, reasons, capacity, conflicts.
#include <gtest/gtest.h>

#include "unit/txn/transactions.h"

namespace armature {
namespace {

using namespace armature::test;

constexpr std::int64_t kUnit = 2;  // In half units.

TEST(TransactWrite, AllActionsGoThroughInOneCommit) {
  TestTransactions t;
  t.store({{"p", S("old")}});
  t.probe().commits.clear();
  const auto outcome = t.write({t.put({{"p", S("a")}}), t.update({{"p", S("b")}}, "SET x = :x", {{":x", N(1)}}),
                                t.remove({{"p", S("old")}}),
                                t.check({{"p", S("absent")}}, t.items.condition("attribute_not_exists(p)"))});
  EXPECT_EQ(error_text(outcome), "ok");
  EXPECT_EQ(t.probe().commits, std::vector<std::string>({"reads 4, writes 3, follow-ups 0, stats 1"}));
  EXPECT_EQ(t.items.get_text({{"p", S("a")}}), "{p: S \"a\"}");
  EXPECT_EQ(t.items.get_text({{"p", S("b")}}), "{p: S \"b\", x: N 1}");
  EXPECT_EQ(t.items.get_text({{"p", S("old")}}), "none");
  EXPECT_EQ(t.items.get_text({{"p", S("absent")}}), "none");
  EXPECT_EQ(t.items.stats().entries, 2);
}

TEST(TransactWrite, OneFailedConditionCancelsAll) {
  TestTransactions t;
  const auto outcome =
      t.write({t.put({{"p", S("a")}}), t.put({{"p", S("b")}}, t.items.condition("attribute_exists(p)")),
               t.check({{"p", S("c")}}, t.items.condition("attribute_exists(p)"))});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTransactionCanceled);
  EXPECT_EQ(outcome.error().message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, ConditionalCheckFailed, ConditionalCheckFailed]");
  EXPECT_EQ(reason(outcome, 0).message, "");
  EXPECT_EQ(reason(outcome, 1).message, "The conditional request failed");
  EXPECT_EQ(t.items.get_text({{"p", S("a")}}), "none");
}

TEST(TransactWrite, FailedConditionReturnsItsItemWhenAskedTo) {
  TestTransactions t;
  t.store({{"p", S("a")}, {"x", N(7)}});
  TransactAction check = t.check({{"p", S("a")}}, t.items.condition("attribute_not_exists(p)"));
  std::get<CheckIntent>(check.intent).guard.return_item_on_failure = true;
  const auto outcome = t.write({check});
  ASSERT_EQ(reasons(outcome), "ConditionalCheckFailed");
  EXPECT_EQ(reason(outcome, 0).encoded_item, item({{"p", S("a")}, {"x", N(7)}}));
}

TEST(TransactWrite, InvalidUpdateIsReportedAlone) {
  TestTransactions t;
  t.store({{"p", S("a")}, {"s", S("text")}});
  const auto outcome = t.write({t.put({{"p", S("c")}}, t.items.condition("attribute_exists(p)")),
                                t.update({{"p", S("a")}}, "SET s = s + :one", {{":one", N(1)}}),
                                t.update({{"p", S("b")}}, "SET x = y")});
  EXPECT_EQ(reasons(outcome), "None, ValidationError, None");
}

TEST(TransactWrite, ConditionGuardsItsOwnUpdateAgainstBeingInvalid) {
  TestTransactions t;
  const auto outcome = t.write({t.update({{"p", S("a")}}, "SET balance = balance - :one", {{":one", N(1)}},
                                         t.items.condition("attribute_exists(p)"))});
  EXPECT_EQ(reasons(outcome), "ConditionalCheckFailed");
}

TEST(TransactWrite, UpdatedItemMayFillTheLimitExactly) {
  TestTransactions t;
  const std::string most(kMaxItemSizeBytes - 3, 'x');  // Beside "p", "a" and the name "b".
  EXPECT_EQ(reasons(t.write({t.update({{"p", S("a")}}, "SET b = :b", {{":b", S(most)}})})), "went through");
  const auto outcome = t.write({t.update({{"p", S("a")}}, "SET b = :b", {{":b", S(most + "x")}})});
  ASSERT_EQ(reasons(outcome), "ValidationError");
  EXPECT_EQ(reason(outcome, 0).message, "Item size to update has exceeded the maximum allowed size");
}

TEST(TransactWrite, TableIsChargedTwiceAndIndexesOnce) {
  TestTransactions t(table("t").pk("p", 'S').gsi("g", {{"x", 'N'}}));
  const auto outcome = t.write(
      {t.put({{"p", S("a")}, {"x", N(1)}}), t.check({{"p", S("b")}}, t.items.condition("attribute_not_exists(p)"))});
  ASSERT_EQ(error_text(outcome), "ok");
  EXPECT_EQ(outcome->actions[0].consumed.table.write_half_units, 2 * kUnit);
  EXPECT_EQ(outcome->actions[0].consumed.indexes.at(0).amount.write_half_units, kUnit);
  EXPECT_EQ(outcome->actions[1].consumed.table.write_half_units, 2 * kUnit);
}

TEST(TransactWrite, ChangeOfAnItemAfterItWasReadIsDecidedAgain) {
  TestTransactions t;
  t.store({{"p", S("a")}, {"n", N(1)}});
  const auto actions = std::vector{t.update({{"p", S("a")}}, "ADD n :one", {{":one", N(1)}})};
  t.probe().before_commit = [&] { t.store({{"p", S("a")}, {"n", N(10)}}); };
  EXPECT_EQ(reasons(t.write(actions)), "went through");
  EXPECT_EQ(t.items.get_text({{"p", S("a")}}), "{n: N 11, p: S \"a\"}");
}

TEST(TransactWrite, ChangeOfAMerelyCheckedItemIsSeenToo) {
  TestTransactions t;
  t.store({{"p", S("on call")}});
  const auto actions =
      std::vector{t.put({{"p", S("off")}}), t.check({{"p", S("on call")}}, t.items.condition("attribute_exists(p)"))};
  t.probe().before_commit = [&] { t.erase({{"p", S("on call")}}); };
  EXPECT_EQ(reasons(t.write(actions)), "None, ConditionalCheckFailed");
}

TEST(TransactWrite, ConflictWithoutEndNamesTheItem) {
  TestTransactions t(table("t").pk("p", 'S'), {.conflict_patience = std::chrono::milliseconds(0)});
  const auto actions = std::vector{t.put({{"p", S("quiet")}}), t.put({{"p", S("hot")}})};
  t.probe().conflicts_to_report = 1'000;
  int writes = 0;
  std::function<void()> interfere = [&] {
    // The hook runs for commits of this write too, so it steps aside for the time of it.
    const int conflicts = std::exchange(t.probe().conflicts_to_report, 0);
    t.store({{"p", S("hot")}, {"n", N(++writes)}});
    t.probe().conflicts_to_report = conflicts;
    t.probe().before_commit = interfere;
  };
  t.probe().before_commit = interfere;
  const auto outcome = t.write(actions);
  ASSERT_EQ(reasons(outcome), "None, TransactionConflict");
  EXPECT_EQ(reason(outcome, 1).message, "Transaction is ongoing for the item");
}

TEST(TransactWrite, FailureOfTheEngineIsNoCancellation) {
  TestTransactions t;
  t.probe().failure = storage::StorageError{storage::StorageErrorCode::kIo, "disk"};
  const auto outcome = t.write({t.put({{"p", S("a")}})});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kInternal);
}

TEST(TransactWrite, ExhaustedTableCancelsItsActions) {
  TestTransactions t(table("t").pk("p", 'S').provisioned(1, 1));
  const std::string bulk(300'000, 'x');
  ASSERT_EQ(reasons(t.write({t.put({{"p", S("a")}, {"b", S(bulk)}})})), "went through");
  const auto outcome = t.write({t.put({{"p", S("b")}}), t.remove({{"p", S("c")}})});
  EXPECT_EQ(reasons(outcome), "ProvisionedThroughputExceeded, ProvisionedThroughputExceeded");
  t.items.clock().advance_ms(600'000);
  EXPECT_EQ(reasons(t.write({t.put({{"p", S("b")}})})), "went through");
}

TEST(TransactWrite, ExhaustedIndexCancelsTheActionThatTouchesIt) {
  TestTransactions t(table("t").pk("p", 'S').provisioned(10'000, 10'000).gsi("g", {{"x", 'N'}}).provisioned(1, 1));
  const std::string bulk(350'000, 'x');
  ASSERT_EQ(reasons(t.write({t.put({{"p", S("a")}, {"x", N(1)}, {"b", S(bulk)}})})), "went through");
  EXPECT_EQ(reasons(t.write({t.put({{"p", S("b")}}), t.put({{"p", S("c")}, {"x", N(1)}})})),
            "None, ProvisionedThroughputExceeded");
}

TEST(TransactWrite, TellsTheSizeOfEachCollectionWithAllThatIsWritten) {
  TestTransactions t(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'N'));
  t.store({{"p", S("a")}, {"s", N(0)}});
  const auto outcome = t.write({t.put({{"p", S("a")}, {"s", N(1)}}), t.put({{"p", S("b")}, {"s", N(1)}}),
                                t.put({{"p", S("a")}, {"s", N(2)}}),
                                t.check({{"p", S("c")}, {"s", N(1)}}, t.items.condition("attribute_not_exists(p)"))});
  ASSERT_EQ(error_text(outcome), "ok");
  EXPECT_EQ(outcome->actions[0].collection_size_bytes, 14);
  EXPECT_EQ(outcome->actions[1].collection_size_bytes, 5);
  EXPECT_EQ(outcome->actions[2].collection_size_bytes, 14);
  EXPECT_FALSE(outcome->actions[3].collection_size_bytes);
}

TEST(TransactWrite, CollectionThatWouldGrowTooLargeCancels) {
  TestTransactions t(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'N'), {.collection_limit_bytes = 12});
  t.store({{"p", S("a")}, {"s", N(0)}});
  const std::vector actions{t.put({{"p", S("b")}, {"s", N(1)}}), t.put({{"p", S("a")}, {"s", N(1)}}),
                            t.put({{"p", S("a")}, {"s", N(2)}})};
  const auto outcome = t.write(actions, "token", 'r');
  ASSERT_EQ(reasons(outcome), "None, ItemCollectionSizeLimitExceeded, ItemCollectionSizeLimitExceeded");
  EXPECT_EQ(reason(outcome, 1).message, "Collection size exceeded.");
  EXPECT_EQ(t.items.get_text({{"p", S("b")}, {"s", N(1)}}), "none");
  EXPECT_EQ(t.token_rows(), 0u) << "nothing went through that the token could remember";
  EXPECT_EQ(reasons(t.write({t.remove({{"p", S("a")}, {"s", N(0)}}), t.put({{"p", S("a")}, {"s", N(10)}})})),
            "went through")
      << "as large as before";
}

}  // namespace
}  // namespace armature
