#include "table/throughput.h"

#include <gtest/gtest.h>

#include <variant>
#include <vector>

#include "support/tables.h"

namespace armature {
namespace {

using namespace armature::test;

ConsumedCapacity reads(std::int64_t half_units) {
  ConsumedCapacity consumed;
  consumed.table.read_half_units = half_units;
  return consumed;
}
ConsumedCapacity writes(std::int64_t units) {
  ConsumedCapacity consumed;
  consumed.table.write_half_units = 2 * units;
  return consumed;
}

struct ThroughputTest : ::testing::Test {
  bool admits(const TableDefinition& table, Direction direction, const IndexDefinition* index = nullptr) {
    return throughput.admit(table, index, direction).has_value();
  }

  ManualClock clock{1'700'000'000'000};
  Throughput throughput{&clock};
};

TEST_F(ThroughputTest, OnDemandTableWithoutCeilingIsNeverThrottled) {
  const TableDefinition definition = table("t").pk("p", 'S');
  throughput.charge(definition, writes(1'000'000));
  EXPECT_TRUE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, NewTableHasABurstOfFiveMinutes) {
  const TableDefinition definition = table("t").pk("p", 'S').provisioned(3, 7);
  for (int i = 0; i < 300 * 7; ++i) {
    ASSERT_TRUE(admits(definition, Direction::kWrite)) << i;
    throughput.charge(definition, writes(1));
  }
  EXPECT_FALSE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, HalfUnitsCountHalf) {
  const TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 1);
  throughput.charge(definition, reads(599));
  EXPECT_TRUE(admits(definition, Direction::kRead));
  throughput.charge(definition, reads(1));
  EXPECT_FALSE(admits(definition, Direction::kRead));
}

TEST_F(ThroughputTest, ReadsAndWritesHaveBucketsOfTheirOwn) {
  const TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 1);
  throughput.charge(definition, writes(300));
  EXPECT_FALSE(admits(definition, Direction::kWrite));
  EXPECT_TRUE(admits(definition, Direction::kRead));
}

TEST_F(ThroughputTest, CapacityFlowsBackAtTheProvisionedRate) {
  const TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 2);
  throughput.charge(definition, writes(2 * 300 + 4));  // Two seconds in debt.
  clock.advance_ms(2000);
  EXPECT_FALSE(admits(definition, Direction::kWrite));
  clock.advance_ms(1);
  EXPECT_TRUE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, UnusedCapacityIsKeptForFiveMinutesOnly) {
  const TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 1);
  throughput.charge(definition, writes(1));
  clock.advance_ms(3'600'000);
  throughput.charge(definition, writes(299));
  EXPECT_TRUE(admits(definition, Direction::kWrite));
  throughput.charge(definition, writes(1));
  EXPECT_FALSE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, AHigherRateHoldsAtOnce) {
  TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 1);
  throughput.charge(definition, writes(300 + 60));
  EXPECT_FALSE(admits(definition, Direction::kWrite));
  clock.advance_ms(60'001);
  definition.throughput.write_units = 1000;
  EXPECT_TRUE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, GlobalIndexHasItsOwnBucketsAndALocalOneHasNot) {
  const TableDefinition definition = table("t")
                                         .pk("p", 'S')
                                         .sk("s", 'S')
                                         .provisioned(1, 1)
                                         .lsi("l", "x", 'S')
                                         .gsi("g", {{"x", 'S'}})
                                         .provisioned(1, 1);
  ConsumedCapacity consumed;
  consumed.add_index("g", true, {.write_half_units = 600});
  throughput.charge(definition, consumed);
  EXPECT_TRUE(admits(definition, Direction::kWrite));
  EXPECT_FALSE(admits(definition, Direction::kWrite, definition.find_index("g")));

  ConsumedCapacity local;
  local.add_index("l", false, {.write_half_units = 600});
  throughput.charge(definition, local);
  EXPECT_FALSE(admits(definition, Direction::kWrite));
  EXPECT_FALSE(admits(definition, Direction::kWrite, definition.find_index("l")));
}

TEST_F(ThroughputTest, CeilingOfAnOnDemandTableHoldsWithinASecond) {
  TableDefinition definition = table("t").pk("p", 'S');
  definition.on_demand.max_write_units = 10;
  throughput.charge(definition, writes(10));
  EXPECT_FALSE(admits(definition, Direction::kWrite));
  EXPECT_TRUE(admits(definition, Direction::kRead));
  clock.advance_ms(100);
  EXPECT_TRUE(admits(definition, Direction::kWrite));
}

TEST_F(ThroughputTest, RefusalNamesReasonAndResource) {
  TableDefinition definition = table("t").pk("p", 'S').provisioned(1, 1).gsi("g", {{"x", 'S'}}).provisioned(1, 1);
  ConsumedCapacity consumed = reads(600);
  consumed.add_index("g", true, {.write_half_units = 600});
  throughput.charge(definition, consumed);

  const Result<void> table_read = throughput.admit(definition, nullptr, Direction::kRead);
  ASSERT_FALSE(table_read.has_value());
  EXPECT_EQ(table_read.error().code, ErrorCode::kProvisionedThroughputExceeded);
  EXPECT_EQ(table_read.error().message,
            "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
            "provisioning level with the UpdateTable API.");
  const auto& reasons = std::get<std::vector<ThrottlingReason>>(table_read.error().detail);
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_EQ(reasons[0].reason, "TableReadProvisionedThroughputExceeded");
  EXPECT_EQ(reasons[0].resource_arn, "arn:aws:dynamodb:us-east-1:000000000000:table/t");

  const Result<void> index_write = throughput.admit(definition, definition.find_index("g"), Direction::kWrite);
  ASSERT_FALSE(index_write.has_value());
  const auto& index_reasons = std::get<std::vector<ThrottlingReason>>(index_write.error().detail);
  EXPECT_EQ(index_reasons[0].reason, "IndexWriteProvisionedThroughputExceeded");
  EXPECT_EQ(index_reasons[0].resource_arn, "arn:aws:dynamodb:us-east-1:000000000000:table/t/index/g");
}

TEST_F(ThroughputTest, FullBucketsAreForgottenWithoutLosingDebt) {
  TableDefinition debtor = table("t").pk("p", 'S').provisioned(1, 1);
  debtor.key_space = 16;  // All in one shard.
  throughput.charge(debtor, writes(100'000));
  TableDefinition other = debtor;
  for (int i = 2; i < 1000; ++i) {
    other.key_space = 16 * static_cast<storage::KeySpaceId>(i);
    throughput.charge(other, writes(1));
    clock.advance_ms(10);
  }
  EXPECT_FALSE(admits(debtor, Direction::kWrite));
}

}  // namespace
}  // namespace armature
