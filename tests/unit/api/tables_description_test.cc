// How tables are described, and the statuses they pass through. Source: API Reference, "TableDescription".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/dynamodb/tables/lifecycle.h"
#include "api/dynamodb/tables/table_description.h"
#include "tables_support.h"

namespace armature::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Description : public ::testing::Test, protected Requests {
 protected:
  TableDefinition made(const std::string& json, const PlanContext& context = {.now_ms = kNow}) {
    auto table = create(json, context);
    EXPECT_TRUE(table.has_value()) << table.error().message;
    if (!table) return {};
    table->account_id = "000000000000";
    table->region = "us-east-1";
    table->arn = table_arn("us-east-1", "000000000000", "Orders");
    table->id = "6f1b0a3e-0000-4000-8000-000000000001";
    table->created_at_ms = 1'795'000'000'250;
    return *table;
  }
  static std::string described(const TableDefinition& table, DescriptionKind kind = DescriptionKind::kDescribed) {
    TableDescription description{.table = std::make_shared<const TableDefinition>(table),
                                 .kind = kind,
                                 .now_ms = kNow,
                                 .stats = {.entries = 3, .bytes = 345}};
    for (const IndexDefinition& index : table.global_indexes) {
      description.index_stats[index.name] = {.entries = 1, .bytes = 112};
    }
    Bytes json;
    wire::JsonWriter writer(&json);
    encode(description, &writer);
    return json;
  }

  const TableDefinition on_demand_ = made(object(kName, definitions("p:S"), kHashKey, kOnDemand));
  const TableDefinition provisioned_ = made(object(kName, definitions("p:S"), kHashKey, kFiveUnits));
};

TEST_F(Description, OfAProvisionedTableIsInTheOrderOfTheModel) {
  EXPECT_EQ(described(provisioned_),
            R"({"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"TableName":"Orders",)"
            R"("KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"TableStatus":"ACTIVE",)"
            R"("CreationDateTime":1795000000.25,)"
            R"("ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":5,"WriteCapacityUnits":5},)"
            R"("TableSizeBytes":345,"ItemCount":3,"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Orders",)"
            R"("TableId":"6f1b0a3e-0000-4000-8000-000000000001","DeletionProtectionEnabled":false,)"
            R"("WarmThroughput":{"ReadUnitsPerSecond":5,"WriteUnitsPerSecond":5,"Status":"ACTIVE"}})");
}

TEST_F(Description, OfAnOnDemandTableHasABillingSummaryAndZeroUnits) {
  const std::string json = described(on_demand_);
  EXPECT_THAT(json, HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST",)"
                              R"("LastUpdateToPayPerRequestDateTime":1795000000.0})"));
  EXPECT_THAT(json, HasSubstr(R"({"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0})"));
  EXPECT_THAT(json, HasSubstr(R"("WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000)"));
}

TEST_F(Description, OfATableBeingCreatedHasNoBillingTimeYet) {
  TableDefinition table = on_demand_;
  table.status = TableStatus::kCreating;
  EXPECT_THAT(described(table), HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"})"));
}

TEST_F(Description, ShowsWarmThroughputAfterAChangeOnlyIfAskedFor) {
  EXPECT_THAT(described(on_demand_, DescriptionKind::kChanged), Not(HasSubstr("WarmThroughput")));
  TableDefinition warm = on_demand_;
  warm.warm = {15'000, 4'000};
  EXPECT_THAT(described(warm, DescriptionKind::kChanged), HasSubstr(R"("WarmThroughput":{"ReadUnitsPerSecond":15000)"));
}

TEST_F(Description, OfADeletedTableHasNeitherKeysNorIndexes) {
  const TableDefinition table =
      made(object(kName, definitions("p:S g:S"), kHashKey, kOnDemand, global_indexes(index("by_g", "g:HASH"))));
  const std::string json = described(table, DescriptionKind::kDeleted);
  EXPECT_THAT(json, HasSubstr(R"("TableStatus":"DELETING")"));
  EXPECT_THAT(json, Not(HasSubstr("KeySchema")));
  EXPECT_THAT(json, Not(HasSubstr("AttributeDefinitions")));
  EXPECT_THAT(json, Not(HasSubstr("GlobalSecondaryIndexes")));
}

TEST_F(Description, ShowsGlobalIndexes) {
  TableDefinition table = made(object(
      kName, definitions("p:S g:S h:N"), kHashKey, kOnDemand,
      global_indexes(index("by_g", "g:HASH h:RANGE", R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]})"))));
  table.global_indexes[0].key_space = 2000;
  EXPECT_THAT(
      described(table, DescriptionKind::kChanged),
      HasSubstr(
          R"("GlobalSecondaryIndexes":[{"IndexName":"by_g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},)"
          R"({"AttributeName":"h","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x"]},)"
          R"("IndexStatus":"ACTIVE","ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,)"
          R"("WriteCapacityUnits":0},"IndexSizeBytes":112,"ItemCount":1,)"
          R"("IndexArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Orders/index/by_g"}])"));
}

TEST_F(Description, OfALocalIndexHasNoStatus) {
  const TableDefinition table = made(object(kName, definitions("p:S c:S l:S"), kHashAndRangeKey, kOnDemand,
                                            local_indexes(index("by_l", "p:HASH l:RANGE"))));
  const std::string json = described(table);
  EXPECT_THAT(json, HasSubstr(R"("LocalSecondaryIndexes":[{"IndexName":"by_l")"));
  EXPECT_THAT(json, Not(HasSubstr("IndexStatus")));
}

TEST_F(Description, OfAnIndexBeingBuiltSaysSo) {
  TableDefinition table =
      made(object(kName, definitions("p:S g:S"), kHashKey, kOnDemand, global_indexes(index("by_g", "g:HASH"))));
  table.global_indexes[0].status = IndexStatus::kCreating;
  table.global_indexes[0].build = BuildPhase::kFilling;
  EXPECT_THAT(described(table), HasSubstr(R"("IndexStatus":"CREATING","Backfilling":true)"));
}

TEST_F(Description, ShowsDecreasesOfTodayOnly) {
  TableDefinition table = provisioned_;
  table.throughput.last_decrease_ms = kNow - 86'400'000;
  table.throughput.decreases_today = 3;
  EXPECT_THAT(described(table), HasSubstr(R"("LastDecreaseDateTime":1794913600.0,"NumberOfDecreasesToday":0)"));
}

TEST_F(Description, ShowsEncryptionOnlyWhenEnabled) {
  EXPECT_THAT(described(on_demand_), Not(HasSubstr("SSEDescription")));
  TableDefinition table = on_demand_;
  table.encrypted = true;
  EXPECT_THAT(described(table), HasSubstr(R"("SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":)"
                                          R"("arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb"})"));
  table.kms_key_arn = "1234abcd-12ab-34cd-56ef-1234567890ab";
  EXPECT_THAT(described(table), HasSubstr(":key/1234abcd-12ab-34cd-56ef-1234567890ab"));
}

TEST_F(Description, ShowsTheLatestStream) {
  TableDefinition table = on_demand_;
  table.stream =
      StreamDefinition{.label = "2026-11-22T17:37:33.256", .view_type = StreamViewType::kNewImage, .enabled = true};
  const std::string latest = R"("LatestStreamLabel":"2026-11-22T17:37:33.256","LatestStreamArn":)"
                             R"("arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-11-22T17:37:33.256")";
  EXPECT_THAT(described(table),
              HasSubstr(R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},)" + latest));
  table.stream->enabled = false;
  EXPECT_THAT(described(table), Not(HasSubstr("StreamSpecification")));
  EXPECT_THAT(described(table), HasSubstr(latest));
}

TEST_F(Description, ShowsCeilingsThatAreSet) {
  TableDefinition table = on_demand_;
  table.on_demand.max_write_units = 9;
  EXPECT_THAT(described(table), HasSubstr(R"("OnDemandThroughput":{"MaxWriteRequestUnits":9})"));
}

// --- Lifecycle ---

class InTransition : public Description, public ::testing::WithParamInterface<std::pair<TableStatus, const char*>> {};

TEST_P(InTransition, TablesCannotBeChanged) {
  TableDefinition table = on_demand_;
  table.status = GetParam().first;
  const auto refused = check_not_in_transition(table);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceInUse);
  EXPECT_EQ(refused.error().message,
            std::string("Attempt to change a resource which is still in use: Table is being ") + GetParam().second +
                ": Orders");
}

INSTANTIATE_TEST_SUITE_P(Lifecycle, InTransition,
                         ::testing::Values(std::pair(TableStatus::kCreating, "created"),
                                           std::pair(TableStatus::kUpdating, "updated"),
                                           std::pair(TableStatus::kDeleting, "deleted")));

TEST_F(Description, OfASettledTableIsActive) {
  TableDefinition table = on_demand_;
  table.status = TableStatus::kCreating;
  EXPECT_EQ(settled(table).status, TableStatus::kActive);
}

TEST_F(Description, StaysUpdatingWhileAnIndexIsBuilt) {
  TableDefinition table =
      made(object(kName, definitions("p:S g:S"), kHashKey, kOnDemand, global_indexes(index("by_g", "g:HASH"))));
  table.status = TableStatus::kUpdating;
  table.global_indexes[0].status = IndexStatus::kCreating;
  EXPECT_EQ(settled(table).status, TableStatus::kUpdating);
  table.global_indexes[0].status = IndexStatus::kActive;
  EXPECT_EQ(settled(table).status, TableStatus::kActive);
}

}  // namespace
}  // namespace armature::api
