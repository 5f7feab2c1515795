// What UpdateTable makes of its parameters and the table as it is. Source: API Reference, "UpdateTable".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables_support.h"

namespace armature::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Clock::Millis kHourMs = 3'600'000;

class UpdateTable : public ::testing::Test, protected Requests {
 protected:
  TableDefinition made(const std::string& json) {
    const auto table = create(json);
    EXPECT_TRUE(table.has_value()) << table.error().message;
    return table ? *table : TableDefinition();
  }
  TableDefinition updated(const TableDefinition& current, const std::string& more,
                          PlanContext context = {.now_ms = kNow}) {
    const auto table = update(current, object(kName, more), context);
    EXPECT_TRUE(table.has_value()) << table.error().message;
    return table ? *table : TableDefinition();
  }
  std::string refusal(const TableDefinition& current, const std::string& more, PlanContext context = {.now_ms = kNow}) {
    return message(update(current, object(kName, more), context));
  }

  const TableDefinition provisioned_ = made(object(kName, definitions("p:S"), kHashKey, kFiveUnits));
  const TableDefinition on_demand_ = made(object(kName, definitions("p:S"), kHashKey, kOnDemand));
  const TableDefinition provisioned_with_index_ =
      made(object(kName, definitions("p:S g:S"), kHashKey, kFiveUnits,
                  global_indexes(index("by_g", "g:HASH", R"({"ProjectionType": "ALL"})", kFiveUnits))));
  const TableDefinition on_demand_with_index_ =
      made(object(kName, definitions("p:S g:S"), kHashKey, kOnDemand, global_indexes(index("by_g", "g:HASH"))));
};

std::string units(int read, int write) {
  return R"("ProvisionedThroughput": {"ReadCapacityUnits": )" + std::to_string(read) + R"(, "WriteCapacityUnits": )" +
         std::to_string(write) + "}";
}

TEST_F(UpdateTable, WantsSomethingToDo) {
  const std::string nothing =
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
      "SSESpecification or ReplicaUpdates is required";
  EXPECT_EQ(message(update(provisioned_, object(kName))), nothing);
  EXPECT_EQ(refusal(provisioned_, definitions("p:S")), nothing);
  EXPECT_EQ(refusal(provisioned_, index_updates("")), nothing);
}

// --- Throughput ---

TEST_F(UpdateTable, RaisesUnits) {
  const TableDefinition table = updated(provisioned_, units(7, 5));
  EXPECT_EQ(table.throughput.read_units, 7);
  EXPECT_EQ(table.throughput.write_units, 5);
  EXPECT_EQ(table.throughput.last_increase_ms, kNow);
  EXPECT_EQ(table.throughput.last_decrease_ms, 0);
  EXPECT_EQ(table.throughput.decreases_today, 0);
}

TEST_F(UpdateTable, CountsDecreases) {
  const TableDefinition table = updated(provisioned_, units(4, 6));
  EXPECT_EQ(table.throughput.last_increase_ms, kNow);
  EXPECT_EQ(table.throughput.last_decrease_ms, kNow);
  EXPECT_EQ(table.throughput.decreases_today, 1);
}

TEST_F(UpdateTable, RefusesTheSameUnits) {
  EXPECT_EQ(refusal(provisioned_, units(5, 5)),
            "The provisioned throughput for the table will not change. The requested value equals the current value. "
            "Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current "
            "WriteCapacityUnits provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon "
            "DynamoDB Developer Guide for current limits and how to request higher limits.");
}

TEST_F(UpdateTable, AllowsFourDecreasesADayAndThenOneAnHour) {
  TableDefinition table = made(object(kName, definitions("p:S"), kHashKey, units(100, 100)));
  for (int i = 1; i <= 4; ++i) table = updated(table, units(100 - i, 100));
  const auto fifth = update(table, object(kName, units(90, 100)));
  ASSERT_FALSE(fifth.has_value());
  EXPECT_EQ(fifth.error().code, ErrorCode::kLimitExceeded);

  const TableDefinition later = updated(table, units(90, 100), {.now_ms = kNow + kHourMs});
  EXPECT_EQ(later.throughput.decreases_today, 5);
  const TableDefinition next_day = updated(table, units(90, 100), {.now_ms = kNow + 24 * kHourMs});
  EXPECT_EQ(next_day.throughput.decreases_today, 1);
}

TEST_F(UpdateTable, RefusesUnitsOfAnOnDemandTable) {
  EXPECT_EQ(
      refusal(on_demand_, units(5, 5)),
      "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
      "when BillingMode is PAY_PER_REQUEST");
}

TEST_F(UpdateTable, ChangesUnitsOfAnIndex) {
  const TableDefinition table =
      updated(provisioned_with_index_, index_updates(R"({"Update": {"IndexName": "by_g", )" + units(6, 5) + "}}"));
  EXPECT_EQ(table.global_indexes.at(0).throughput.read_units, 6);
  EXPECT_EQ(table.throughput.read_units, 5);
}

TEST_F(UpdateTable, RefusesTheSameUnitsOfAnIndex) {
  EXPECT_THAT(
      refusal(provisioned_with_index_, index_updates(R"({"Update": {"IndexName": "by_g", )" + kFiveUnits + "}}")),
      HasSubstr("The provisioned throughput for the index by_g will not change."));
}

TEST_F(UpdateTable, RefusesToUpdateAMissingIndex) {
  const auto refused =
      update(provisioned_, object(kName, index_updates(R"({"Update": {"IndexName": "nope", )" + kFiveUnits + "}}")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceNotFound);
}

// --- Billing ---

TEST_F(UpdateTable, SwitchesToOnDemand) {
  const TableDefinition table = updated(provisioned_with_index_, kOnDemand);
  EXPECT_EQ(table.billing, BillingMode::kPayPerRequest);
  EXPECT_EQ(table.pay_per_request_since_ms, kNow);
  EXPECT_EQ(table.throughput.read_units, 0);
  EXPECT_EQ(table.global_indexes.at(0).throughput.write_units, 0);
}

TEST_F(UpdateTable, AcceptsOnDemandForAnOnDemandTable) {
  EXPECT_EQ(updated(on_demand_, kOnDemand).pay_per_request_since_ms, kNow);
}

TEST_F(UpdateTable, WantsUnitsToBecomeProvisioned) {
  EXPECT_EQ(
      refusal(on_demand_, R"("BillingMode": "PROVISIONED")"),
      "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified "
      "when BillingMode is PROVISIONED");
}

TEST_F(UpdateTable, WantsUnitsOfEveryIndexToBecomeProvisioned) {
  const std::string to_provisioned = R"("BillingMode": "PROVISIONED", )" + kFiveUnits;
  EXPECT_EQ(refusal(on_demand_with_index_, to_provisioned),
            "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: by_g");
  const TableDefinition table =
      updated(on_demand_with_index_,
              to_provisioned + "," + index_updates(R"({"Update": {"IndexName": "by_g", )" + units(2, 3) + "}}"));
  EXPECT_EQ(table.throughput.read_units, 5);
  EXPECT_EQ(table.global_indexes.at(0).throughput.write_units, 3);
}

std::string ceilings(const std::string& members) { return R"("OnDemandThroughput": {)" + members + "}"; }

TEST_F(UpdateTable, MergesCeilingsMemberByMember) {
  const TableDefinition with_read = updated(on_demand_, ceilings(R"("MaxReadRequestUnits": 10)"));
  const TableDefinition with_both = updated(with_read, ceilings(R"("MaxWriteRequestUnits": 20)"));
  EXPECT_EQ(with_both.on_demand.max_read_units, 10);
  EXPECT_EQ(with_both.on_demand.max_write_units, 20);
}

TEST_F(UpdateTable, RemovesACeilingWithMinusOne) {
  const TableDefinition capped =
      updated(on_demand_, ceilings(R"("MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20)"));
  const TableDefinition table = updated(capped, ceilings(R"("MaxReadRequestUnits": -1)"));
  EXPECT_EQ(table.on_demand.max_read_units, std::nullopt);
  EXPECT_EQ(table.on_demand.max_write_units, 20);
}

TEST_F(UpdateTable, ForgetsCeilingsOnceProvisioned) {
  const TableDefinition capped = updated(on_demand_, ceilings(R"("MaxReadRequestUnits": 10)"));
  const TableDefinition table = updated(capped, R"("BillingMode": "PROVISIONED", )" + kFiveUnits);
  EXPECT_EQ(table.on_demand.max_read_units, std::nullopt);
}

TEST_F(UpdateTable, OnlyRaisesWarmThroughput) {
  const TableDefinition warm = updated(on_demand_, R"("WarmThroughput": {"ReadUnitsPerSecond": 15000})");
  EXPECT_EQ(warm.warm->read_units_per_second, 15'000);
  EXPECT_THAT(refusal(warm, R"("WarmThroughput": {"ReadUnitsPerSecond": 14999})"),
              HasSubstr("decreasing WarmThroughput is not supported"));
}

// --- Indexes of an existing table ---

std::string create_by_h(const std::string& types = "h:N") {
  return definitions(types) + "," + index_updates(R"({"Create": )" + index("by_h", "h:HASH") + "}");
}
const std::string kDeleteByG = index_updates(R"({"Delete": {"IndexName": "by_g"}})");

TEST_F(UpdateTable, PlansANewIndexThatHasYetToBeBuilt) {
  const TableDefinition table = updated(on_demand_, create_by_h());
  ASSERT_EQ(table.global_indexes.size(), 1u);
  EXPECT_EQ(table.global_indexes[0].status, IndexStatus::kCreating);
  EXPECT_EQ(table.global_indexes[0].build, BuildPhase::kErasing);
  EXPECT_EQ(table.global_indexes[0].key_space, 0u) << "the catalog's to give";
  EXPECT_EQ(table.status, TableStatus::kUpdating);
  EXPECT_THAT(table.attribute_definitions,
              ElementsAre(KeyAttribute{"p", Type::kString}, KeyAttribute{"h", Type::kNumber}));
}

TEST_F(UpdateTable, WantsDefinitionsOfTheNewIndexesKeysEvenIfKnown) {
  EXPECT_THAT(refusal(on_demand_with_index_, index_updates(R"({"Create": )" + index("again", "g:HASH") + "}")),
              HasSubstr("Some index key attributes are not defined in AttributeDefinitions. Keys: [g]"));
}

TEST_F(UpdateTable, RefusesToRedefineAnAttributeTheNewIndexUses) {
  EXPECT_THAT(refusal(on_demand_with_index_,
                      definitions("g:N") + "," + index_updates(R"({"Create": )" + index("again", "g:HASH") + "}")),
              HasSubstr("Attributes cannot be redefined"));
}

TEST_F(UpdateTable, ForgetsDefinitionsTheNewIndexDoesNotUse) {
  const TableDefinition table = updated(on_demand_with_index_, create_by_h("h:N g:N x:S"));
  EXPECT_THAT(table.attribute_definitions,
              ElementsAre(KeyAttribute{"p", Type::kString}, KeyAttribute{"g", Type::kString},
                          KeyAttribute{"h", Type::kNumber}));
}

TEST_F(UpdateTable, RefusesAnIndexThatExists) {
  EXPECT_EQ(refusal(on_demand_with_index_,
                    definitions("g:S") + "," + index_updates(R"({"Create": )" + index("by_g", "g:HASH") + "}")),
            "Attempting to create an index which already exists");
}

TEST_F(UpdateTable, MarksADeletedIndex) {
  const TableDefinition table = updated(on_demand_with_index_, kDeleteByG);
  EXPECT_EQ(table.global_indexes.at(0).status, IndexStatus::kDeleting);
  EXPECT_EQ(table.status, TableStatus::kUpdating);
}

std::string refusal_now(const TableDefinition& current, const std::string& parts) {
  Requests requests;
  const auto request = requests.decode<UpdateTableRequest>(object(kName, parts));
  const Result<void> allowed = check_may_update(*request, current);
  return allowed ? "allowed" : allowed.error().message;
}
constexpr const char* kOneAtATime =
    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
constexpr const char* kBeingUpdated =
    "Attempt to change a resource which is still in use: Table is being updated: Orders";

TEST_F(UpdateTable, ChangesOneIndexAtATime) {
  const TableDefinition building = updated(on_demand_with_index_, create_by_h());
  EXPECT_EQ(refusal_now(building, kDeleteByG), kOneAtATime);
  EXPECT_EQ(
      refusal_now(building, definitions("z:S") + "," + index_updates(R"({"Create": )" + index("by_z", "z:HASH") + "}")),
      kOneAtATime);
  EXPECT_EQ(refusal_now(building, R"("DeletionProtectionEnabled": true)"), kBeingUpdated);
}

TEST_F(UpdateTable, DeletesAnIndexWhileItIsBeingFilled) {
  const std::string remove = index_updates(R"({"Delete": {"IndexName": "by_h"}})");
  TableDefinition building = updated(on_demand_with_index_, create_by_h());
  EXPECT_EQ(refusal_now(building, remove), kBeingUpdated) << "not yet";
  building.global_indexes.back().build = BuildPhase::kFilling;
  EXPECT_EQ(refusal_now(building, remove), "allowed");
  EXPECT_EQ(updated(building, remove).global_indexes.back().status, IndexStatus::kDeleting);
}

TEST_F(UpdateTable, RefusesToDeleteAMissingIndex) {
  const auto refused = update(on_demand_, object(kName, kDeleteByG));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceNotFound);
}

TEST_F(UpdateTable, RefusesToDeleteALocalIndex) {
  const TableDefinition table = made(object(kName, definitions("p:S c:S l:S"), kHashAndRangeKey, kOnDemand,
                                            local_indexes(index("by_l", "p:HASH l:RANGE"))));
  const auto refused = update(table, object(kName, index_updates(R"({"Delete": {"IndexName": "by_l"}})")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kValidation);
}

TEST_F(UpdateTable, ChangesOneIndexInACall) {
  const auto refused = update(on_demand_with_index_, object(kName, definitions("h:N"),
                                                            index_updates(R"({"Create": )" + index("by_h", "h:HASH") +
                                                                          R"(}, {"Delete": {"IndexName": "by_g"}})")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused.error().message,
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
}

TEST_F(UpdateTable, RefusesAnEmptyIndexUpdate) {
  EXPECT_EQ(refusal(on_demand_, index_updates("{}")),
            "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, "
            "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
}

TEST_F(UpdateTable, RefusesTwoActionsInOneIndexUpdate) {
  EXPECT_THAT(refusal(on_demand_with_index_,
                      index_updates(R"({"Delete": {"IndexName": "by_g"}, "Create": )" + index("by_h", "h:HASH") + "}")),
              HasSubstr("Only one of"));
}

TEST_F(UpdateTable, PrunesDefinitionsNobodyUses) {
  TableDefinition table = on_demand_with_index_;
  table.global_indexes.clear();
  prune_attribute_definitions(&table);
  EXPECT_THAT(table.attribute_definitions, ElementsAre(KeyAttribute{"p", Type::kString}));
}

// --- Settings ---

TEST_F(UpdateTable, ChangesSettings) {
  const TableDefinition table =
      updated(on_demand_, R"("DeletionProtectionEnabled": true, "TableClass": "STANDARD_INFREQUENT_ACCESS",
                             "SSESpecification": {"Enabled": true})");
  EXPECT_TRUE(table.deletion_protection);
  EXPECT_EQ(table.table_class, TableClass::kStandardInfrequentAccess);
  EXPECT_EQ(table.table_class_changed_ms, kNow);
  EXPECT_TRUE(table.encrypted);
  EXPECT_FALSE(updated(table, R"("DeletionProtectionEnabled": false)").deletion_protection);
}

TEST_F(UpdateTable, SwitchesItsStreamOnAndOff) {
  const std::string on = R"("StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"})";
  const std::string off = R"("StreamSpecification": {"StreamEnabled": false})";
  EXPECT_THAT(refusal(on_demand_, off), HasSubstr("Orders"));
  const TableDefinition streaming = updated(on_demand_, on);
  EXPECT_TRUE(streaming.stream->enabled);
  EXPECT_EQ(refusal(streaming, on), "Table already has an enabled stream: TableName: Orders");
  const TableDefinition stopped = updated(streaming, off);
  EXPECT_FALSE(stopped.stream->enabled);
  EXPECT_EQ(stopped.stream->disabled_at_ms, kNow);
  EXPECT_EQ(stopped.stream->label, streaming.stream->label);
}

TEST_F(UpdateTable, KeepsTheStreamBeforeTheLatest) {
  const std::string off = R"("StreamSpecification": {"StreamEnabled": false})";
  const auto on = [](const std::string& view_type) {
    return R"("StreamSpecification": {"StreamEnabled": true, "StreamViewType": ")" + view_type + "\"}";
  };
  const TableDefinition first = updated(on_demand_, on("KEYS_ONLY"));
  const TableDefinition second = updated(updated(first, off), on("NEW_IMAGE"));
  EXPECT_EQ(second.stream->view_type, StreamViewType::kNewImage);
  EXPECT_EQ(second.stream->id, 2u);
  EXPECT_NE(second.stream->label, first.stream->label);
  ASSERT_EQ(second.old_streams.size(), 1u);
  EXPECT_EQ(second.old_streams[0].label, first.stream->label);
  EXPECT_FALSE(second.old_streams[0].enabled);
  const auto decoded = decode_definition(encode_definition(second));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->old_streams[0].label, first.stream->label);
  EXPECT_EQ(decoded->next_stream_id, 3u);
}

class RefusedUpdateMember : public UpdateTable, public ::testing::WithParamInterface<std::string> {};

TEST_P(RefusedUpdateMember, IsNeverIgnored) {
  EXPECT_EQ(refusal(on_demand_, "\"" + GetParam() + "\": [{}]"),
            "One or more parameter values were invalid: " + GetParam() + " is not supported");
}

INSTANTIATE_TEST_SUITE_P(UpdateTable, RefusedUpdateMember,
                         ::testing::Values("ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates",
                                           "GlobalTableSettingsReplicationMode", "VectorIndexUpdates",
                                           "DisassociationProtectionEnabled"));

}  // namespace
}  // namespace armature::api
