// Transactions beside each other, on the engine in memory and on the simulated one: nobody ever sees half of one.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "storage/memory/simulated_storage.h"
#include "unit/txn/transactions.h"

namespace armature {
namespace {

using namespace armature::test;

constexpr int kAccounts = 4;
constexpr int kTellers = 3;
constexpr int kTransfersEach = 40;
constexpr std::int64_t kOpeningBalance = 100;

struct EngineChoice {
  std::string name;
  std::function<std::unique_ptr<storage::Storage>()> make;
};

std::unique_ptr<storage::Storage> make_simulated() {
  storage::SimulatedOptions options;
  options.seed = 7;
  options.longest_delay = std::chrono::microseconds(50);
  options.split_entries = 2;  // Accounts move to other partitions while money does.
  return storage::make_simulated_storage(options);
}

class Bank : public testing::TestWithParam<EngineChoice> {
 protected:
  Bank() : t(table("accounts").pk("p", 'S'), GetParam().make()) {
    for (int i = 0; i < kAccounts; ++i) {
      const std::string name = std::to_string(i);
      t.store({{"p", S(name)}, {"balance", N(kOpeningBalance)}});
      all_accounts.push_back(t.get({{"p", S(name)}}));
      for (int other = 0; other < kAccounts; ++other) {
        if (other == i) continue;
        transfers.push_back(
            {t.update({{"p", S(name)}}, "SET balance = balance - :n", {{":n", N(30)}},
                      t.items.condition("balance >= :n", {{":n", N(30)}})),
             t.update({{"p", S(std::to_string(other))}}, "SET balance = balance + :n", {{":n", N(30)}})});
      }
    }
  }

  // The balances together, as one transaction sees them; nullopt: it was cancelled by conflicts.
  std::optional<std::int64_t> sum() {
    const auto read = sync_wait(t.transactions.get(all_accounts));
    if (!read) {
      EXPECT_EQ(read.error().code, ErrorCode::kTransactionCanceled) << read.error().message;
      return std::nullopt;
    }
    std::int64_t sum = 0;
    for (const ReadOutcome& account : *read) {
      const std::int64_t balance = std::stoll(ItemView(*account.item).find("balance")->number().text());
      EXPECT_GE(balance, 0);
      sum += balance;
    }
    return sum;
  }

  TestTransactions t;
  std::vector<TransactGet> all_accounts;
  std::vector<std::vector<TransactAction>> transfers;
};

TEST_P(Bank, MoneyIsNeitherMadeNorLost) {
  std::atomic<int> tellers_at_work = kTellers;
  std::atomic<int> done = 0;
  std::atomic<int> looks = 0;
  std::vector<std::thread> threads;
  for (int teller = 0; teller < kTellers; ++teller) {
    threads.emplace_back([&, teller] {
      SeededRandom random(teller);
      // Nothing is shown unless somebody looks meanwhile, and a busy machine may let us finish first.
      const auto goes_on = [&](int i) { return i < kTransfersEach || (looks == 0 && i < 1000 * kTransfersEach); };
      for (int i = 0; goes_on(i); ++i) {
        Arena arena;
        const auto& actions = transfers[random.below(transfers.size())];
        const auto outcome = sync_wait(t.transactions.write({.actions = actions, .token = {}}, &arena));
        if (outcome) {
          ++done;
        } else {
          EXPECT_EQ(outcome.error().code, ErrorCode::kTransactionCanceled) << outcome.error().message;
        }
      }
      --tellers_at_work;
    });
  }
  while (tellers_at_work > 0) {
    const auto seen = sum();
    if (seen) {
      EXPECT_EQ(*seen, kAccounts * kOpeningBalance);
      ++looks;
    }
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum(), kAccounts * kOpeningBalance);
  EXPECT_GT(done, 0);
  EXPECT_GT(looks, 0);
}

TEST_P(Bank, SingleWritesAndTransactionsDoNotLoseEachOther) {
  std::vector<std::thread> threads;
  const auto twice = std::vector{t.update({{"p", S("x")}}, "ADD n :one", {{":one", N(1)}}),
                                 t.update({{"p", S("y")}}, "ADD n :one", {{":one", N(1)}})};
  const UpdateIntent once = t.items.update_intent({{"p", S("x")}}, "ADD n :one", {{":one", N(1)}});
  for (const bool transactional : {true, false}) {
    threads.emplace_back([&, transactional] {
      for (int i = 0; i < kTransfersEach; ++i) {
        Arena arena;
        if (transactional) {
          EXPECT_EQ(error_text(sync_wait(t.transactions.write({.actions = twice, .token = {}}, &arena))), "ok");
        } else {
          EXPECT_EQ(error_text(sync_wait(t.items.items().update(t.items.definition(), once, &arena))), "ok");
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(t.items.get_text({{"p", S("x")}}), "{n: N " + std::to_string(2 * kTransfersEach) + ", p: S \"x\"}");
  EXPECT_EQ(t.items.get_text({{"p", S("y")}}), "{n: N " + std::to_string(kTransfersEach) + ", p: S \"y\"}");
}

// Two doctors are on call; each may leave only while the other stays. Snapshot isolation would let both go.
TEST_P(Bank, WritesThatDependOnEachOthersReadsDoNotBothGoThrough) {
  for (int round = 0; round < 20; ++round) {
    const std::string doctors[] = {"ann" + std::to_string(round), "bob" + std::to_string(round)};
    for (const std::string& doctor : doctors) t.store({{"p", S(doctor)}});
    const auto* on_call = t.items.condition("attribute_exists(p)");
    const std::vector<TransactAction> leaves[] = {
        {t.remove({{"p", S(doctors[0])}}), t.check({{"p", S(doctors[1])}}, on_call)},
        {t.remove({{"p", S(doctors[1])}}), t.check({{"p", S(doctors[0])}}, on_call)}};
    std::atomic<int> left = 0;
    std::vector<std::thread> threads;
    for (const auto& leave : leaves) {
      threads.emplace_back([&] {
        Arena arena;
        if (sync_wait(t.transactions.write({.actions = leave, .token = {}}, &arena))) ++left;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(left, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Bank,
                         testing::Values(EngineChoice{"memory", storage::make_memory_storage},
                                         EngineChoice{"simulated", make_simulated}),
                         [](const testing::TestParamInfo<EngineChoice>& info) { return info.param.name; });

}  // namespace
}  // namespace armature
