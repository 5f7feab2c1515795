// TransactGetItems below the API.
#include <gtest/gtest.h>

#include "unit/txn/transactions.h"

namespace armature {
namespace {

using namespace armature::test;

TEST(TransactGet, ItemsComeInOrderAndMissingOnesAreEmpty) {
  TestTransactions t;
  t.store({{"p", S("a")}});
  const auto read = t.read({t.get({{"p", S("b")}}), t.get({{"p", S("a")}})});
  ASSERT_EQ(error_text(read), "ok");
  EXPECT_FALSE(read->at(0).item);
  EXPECT_EQ(read->at(1).item, item({{"p", S("a")}}));
}

TEST(TransactGet, ReadsCostTwiceAConsistentRead) {
  TestTransactions t;
  t.store({{"p", S("a")}, {"b", S(std::string(5'000, 'x'))}});
  const auto read = t.read({t.get({{"p", S("a")}}), t.get({{"p", S("b")}})});
  ASSERT_EQ(error_text(read), "ok");
  EXPECT_EQ(read->at(0).consumed.table.read_half_units, 8);
  EXPECT_EQ(read->at(1).consumed.table.read_half_units, 4);
}

TEST(TransactGet, ChangeBetweenTheReadsAndTheEndIsReadAgain) {
  TestTransactions t;
  t.store({{"p", S("a")}, {"n", N(1)}});
  const auto gets = std::vector{t.get({{"p", S("a")}}), t.get({{"p", S("b")}})};
  t.probe().before_commit = [&] {
    t.store({{"p", S("a")}, {"n", N(2)}});
    t.store({{"p", S("b")}});
  };
  const auto read = t.read(gets);
  ASSERT_EQ(error_text(read), "ok");
  EXPECT_EQ(read->at(0).item, item({{"p", S("a")}, {"n", N(2)}}));
  EXPECT_TRUE(read->at(1).item);
}

TEST(TransactGet, ConflictWithoutEndCancels) {
  TestTransactions t(table("t").pk("p", 'S'), {.conflict_patience = std::chrono::milliseconds(20)});
  t.probe().conflicts_to_report = 1'000'000;
  EXPECT_EQ(reasons(t.read({t.get({{"p", S("a")}}), t.get({{"p", S("b")}})})),
            "TransactionConflict, TransactionConflict");
}

TEST(TransactGet, ExhaustedTableCancels) {
  TestTransactions t(table("t").pk("p", 'S').provisioned(1, 1'000));
  t.store({{"p", S("a")}, {"b", S(std::string(390'000, 'x'))}});
  for (int i = 0; i < 2; ++i) ASSERT_EQ(reasons(t.read({t.get({{"p", S("a")}})})), "went through");
  EXPECT_EQ(reasons(t.read({t.get({{"p", S("a")}})})), "ProvisionedThroughputExceeded");
}

}  // namespace
}  // namespace armature
