// Idempotency: the same token with the same request does nothing twice.
#include <gtest/gtest.h>

#include <string>

#include "unit/txn/transactions.h"

namespace armature {
namespace {

using namespace armature::test;

constexpr Clock::Millis kMinute = 60'000;

class Token : public testing::Test {
 protected:
  std::vector<TransactAction> increment() { return {t.update({{"p", S("a")}}, "ADD n :one", {{":one", N(1)}})}; }
  std::string count() { return t.items.get_text({{"p", S("a")}}); }

  TestTransactions t;
};

TEST_F(Token, SecondRequestDoesNothing) {
  ASSERT_EQ(reasons(t.write(increment(), "token", 'r')), "went through");
  const auto again = t.write(increment(), "token", 'r');
  ASSERT_EQ(error_text(again), "ok");
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(count(), "{n: N 1, p: S \"a\"}");
}

TEST_F(Token, SecondRequestIsChargedAsARead) {
  const auto put = std::vector{t.put({{"p", S("a")}, {"b", S(std::string(5'000, 'x'))}}), t.remove({{"p", S("c")}})};
  t.repeat(put, "token", 'r');
  t.erase({{"p", S("a")}});
  const auto again = t.write(put, "token", 'r');
  ASSERT_EQ(error_text(again), "ok");
  EXPECT_EQ(again->actions.at(0).consumed.table.read_half_units, 8);  // Two blocks, twice a consistent read.
  EXPECT_EQ(again->actions.at(0).consumed.table.write_half_units, 0);
  EXPECT_EQ(again->actions.at(1).consumed.table.read_half_units, 4);
}

TEST_F(Token, OtherRequestWithTheTokenIsAMismatch) {
  t.repeat(increment(), "token", 'r');
  const auto other = t.write(increment(), "token", 's');
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kIdempotentParameterMismatch);
}

TEST_F(Token, TokenIsOfOneOperation) {
  t.repeat(increment(), "token", 'r');
  t.repeat(increment(), "token", 'r', TransactOperation::kExecuteTransaction);
  EXPECT_EQ(count(), "{n: N 2, p: S \"a\"}");
}

TEST_F(Token, TokenIsForgottenAfterTenMinutes) {
  t.repeat(increment(), "token", 'r');
  t.items.clock().advance_ms(10 * kMinute - 1);
  t.repeat(increment(), "token", 'r');
  EXPECT_EQ(count(), "{n: N 1, p: S \"a\"}");
  t.items.clock().advance_ms(1);
  EXPECT_EQ(reasons(t.write(increment(), "token", 's')), "went through");
  EXPECT_EQ(count(), "{n: N 2, p: S \"a\"}");
  EXPECT_EQ(t.token_rows(), 2u) << "rows of the first use stayed";
}

TEST_F(Token, CancelledTransactionLeavesItsTokenFree) {
  const auto failing = std::vector{t.put({{"p", S("a")}}, t.items.condition("attribute_exists(p)"))};
  EXPECT_EQ(reasons(t.write(failing, "token", 'r')), "ConditionalCheckFailed");
  EXPECT_EQ(t.token_rows(), 0u);
  EXPECT_EQ(reasons(t.write(increment(), "token", 's')), "went through");
}

TEST_F(Token, RunningTransactionIsReported) {
  Result<TransactWriteOutcome> during = fail(ErrorCode::kInternal, "did not run");
  t.probe().before_commit = [&] { during = t.write(increment(), "token", 'r'); };
  EXPECT_EQ(reasons(t.write(increment(), "token", 'r')), "went through");
  ASSERT_FALSE(during);
  EXPECT_EQ(during.error().code, ErrorCode::kTransactionInProgress);
  EXPECT_EQ(reasons(t.write(increment(), "token", 'r')), "went through") << "the token is still taken";
  EXPECT_EQ(count(), "{n: N 1, p: S \"a\"}");
}

TEST_F(Token, OtherProcessCommittingFirstMakesThisOneAReplay) {
  TransactionStore other(&t.items.storage(), &t.items.items(), &t.items.clock());
  const auto actions = increment();
  const Bytes fingerprint(kFingerprintBytes, 'r');
  const TransactWriteIntent intent{.actions = actions,
                                   .token = TransactToken{.operation = TransactOperation::kTransactWriteItems,
                                                          .region = "us-east-1",
                                                          .token = "token",
                                                          .fingerprint = fingerprint}};
  t.probe().before_commit = [&] { EXPECT_EQ(error_text(sync_wait(other.write(intent, t.items.arena()))), "ok"); };
  const auto outcome = t.write(actions, "token", 'r');
  ASSERT_EQ(error_text(outcome), "ok");
  EXPECT_TRUE(outcome->replayed);
  EXPECT_EQ(count(), "{n: N 1, p: S \"a\"}");
}

TEST_F(Token, TokenOutlivesTheProcess) {
  t.repeat(increment(), "token", 'r');
  TransactionStore restarted(&t.items.storage(), &t.items.items(), &t.items.clock());
  const auto actions = increment();
  const Bytes fingerprint(kFingerprintBytes, 'r');
  const TransactToken token{.operation = TransactOperation::kTransactWriteItems,
                            .region = "us-east-1",
                            .token = "token",
                            .fingerprint = fingerprint};
  const auto outcome = sync_wait(restarted.write({.actions = actions, .token = token}, t.items.arena()));
  ASSERT_EQ(error_text(outcome), "ok");
  EXPECT_TRUE(outcome->replayed);
}

TEST_F(Token, ExpiredTokensAreSweptByLaterTransactions) {
  for (int i = 0; i < 10; ++i) t.repeat(increment(), "old" + std::to_string(i), 'r');
  EXPECT_EQ(t.token_rows(), 20u);
  t.items.clock().advance_ms(10 * kMinute);
  const int later = static_cast<int>(TokenLog::kTransactionsPerSweep);
  for (int i = 0; i < later; ++i) t.repeat(increment(), "new" + std::to_string(i), 'r');
  EXPECT_EQ(t.token_rows(), 2u * later);
}

TEST_F(Token, SweepSparesATokenThatIsInUseAgain) {
  TokenLog log(&t.items.storage(), &t.items.clock());
  t.repeat(increment(), "token", 'r');
  t.items.clock().advance_ms(10 * kMinute);
  // Used again between the sweep's reads and its commit.
  t.probe().before_commit = [&] { t.repeat(increment(), "token", 'r'); };
  sync_wait(log.sweep());
  EXPECT_TRUE(t.write(increment(), "token", 'r')->replayed);
  sync_wait(log.sweep());
  EXPECT_TRUE(t.write(increment(), "token", 'r')->replayed);
  EXPECT_EQ(t.token_rows(), 2u);
}

TEST(TokenRecord, ComesBackAsItWasStored) {
  const TokenRecord record{
      .fingerprint = Bytes(kFingerprintBytes, 'f'), .finished_at_ms = 1'700'000'000'123, .read_half_units = {4, 400}};
  const auto decoded = decode_token_record(encode_token_record(record));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->fingerprint, record.fingerprint);
  EXPECT_EQ(decoded->finished_at_ms, record.finished_at_ms);
  EXPECT_EQ(decoded->read_half_units, record.read_half_units);
}

TEST(TokenRecord, DamagedOneIsNoRecord) {
  const Bytes whole = encode_token_record(
      {.fingerprint = Bytes(kFingerprintBytes, 'f'), .finished_at_ms = 1, .read_half_units = {4, 400}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_token_record(BytesView(whole).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_token_record(whole + "x"));
  EXPECT_FALSE(decode_token_record("\x02" + whole.substr(1)));
}

}  // namespace
}  // namespace armature
