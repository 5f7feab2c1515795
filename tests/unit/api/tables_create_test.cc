// What CreateTable makes of its parameters. Source: API Reference, "CreateTable".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables_support.h"

namespace armature::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CreateTable : public ::testing::Test, protected Requests {};

std::string simple(const std::string& more = kOnDemand) { return object(kName, definitions("p:S"), kHashKey, more); }

TEST_F(CreateTable, MakesAnOnDemandTable) {
  const auto table = create(simple());
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->name, "Orders");
  EXPECT_EQ(table->billing, BillingMode::kPayPerRequest);
  EXPECT_EQ(table->pay_per_request_since_ms, kNow);
  EXPECT_EQ(table->status, TableStatus::kActive);
  EXPECT_THAT(table->key.partition, ElementsAre(KeyAttribute{"p", Type::kString}));
  EXPECT_FALSE(table->key.has_sort_key());
}

TEST_F(CreateTable, KeepsTypesOfKeys) {
  const auto table = create(object(kName, definitions("c:B p:N"), kHashAndRangeKey, kOnDemand));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_THAT(table->key.partition, ElementsAre(KeyAttribute{"p", Type::kNumber}));
  EXPECT_THAT(table->key.sort, ElementsAre(KeyAttribute{"c", Type::kBinary}));
}

// --- Constraints of the model ---

TEST_F(CreateTable, WithoutTableNameSaysSoInItsOwnWords) {
  EXPECT_EQ(message(create(object(definitions("p:S"), kHashKey))),
            "The parameter 'TableName' is required but was not present in the request");
}

TEST_F(CreateTable, RefusesAShortTableName) {
  EXPECT_EQ(
      message(create(object(R"("TableName": "ab")", definitions("p:S"), kHashKey, kOnDemand))),
      "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length "
      "greater than or equal to 3");
}

TEST_F(CreateTable, RefusesAnArnForAName) {
  EXPECT_THAT(message(create(object(R"("TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/t")",
                                    definitions("p:S"), kHashKey, kOnDemand))),
              HasSubstr("at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                        "[a-zA-Z0-9_.-]+"));
}

TEST_F(CreateTable, NamesAnUnknownKeyTypeByItsPlace) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S"), key_schema("p:X"), kOnDemand))),
      "1 validation error detected: Value 'X' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member "
      "must satisfy enum value set: [HASH, RANGE]");
}

TEST_F(CreateTable, NamesAnUnknownAttributeTypeByItsPlace) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:BOOL"), kHashKey, kOnDemand))),
      "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed to satisfy "
      "constraint: Member must satisfy enum value set: [B, N, S]");
}

TEST_F(CreateTable, WantsAtLeastOneCapacityUnit) {
  EXPECT_THAT(
      message(create(simple(R"("ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1})"))),
      HasSubstr("Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must "
                "have value greater than or equal to 1"));
}

// --- Keys ---

TEST_F(CreateTable, RefusesMoreThanTwoKeyAttributes) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S c:S x:S"), key_schema("p:HASH c:RANGE x:RANGE"), kOnDemand))),
            "1 validation error detected: Value '[KeySchemaElement(attributeName=p, keyType=HASH), "
            "KeySchemaElement(attributeName=c, keyType=RANGE), KeySchemaElement(attributeName=x, keyType=RANGE)]' at "
            "'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2");
}

TEST_F(CreateTable, WantsTheHashKeyFirst) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S c:S"), key_schema("c:RANGE p:HASH"), kOnDemand))),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
}

TEST_F(CreateTable, WantsARangeKeySecond) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S c:S"), key_schema("p:HASH c:HASH"), kOnDemand))),
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
}

TEST_F(CreateTable, RefusesOneNameForBothKeys) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S"), key_schema("p:HASH p:RANGE"), kOnDemand))),
            "Both the Hash Key and the Range Key element in the KeySchema have the same name");
}

TEST_F(CreateTable, WantsADefinitionForEveryKey) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S"), kHashAndRangeKey, kOnDemand))),
            "Invalid KeySchema: Some index key attribute have no definition");
}

TEST_F(CreateTable, NamesKeysWithoutDefinition) {
  EXPECT_EQ(message(create(object(kName, definitions("b:S"), key_schema("a:HASH"), kOnDemand))),
            "One or more parameter values were invalid: Some index key attributes are not defined in "
            "AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]");
}

TEST_F(CreateTable, RefusesAnUnusedDefinition) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S x:S"), kHashKey, kOnDemand))),
      "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number "
      "of attributes defined in AttributeDefinitions");
}

TEST_F(CreateTable, NamesUnusedDefinitionsBesideIndexes) {
  EXPECT_EQ(message(create(object(kName, definitions("p:S g:S x:S"), kHashKey, kOnDemand,
                                  global_indexes(index("by_g", "g:HASH"))))),
            "One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: "
            "[p, g, x], keys used: [p, g]");
}

TEST_F(CreateTable, RefusesADefinitionGivenTwice) {
  EXPECT_THAT(message(create(object(kName, definitions("p:S p:S"), kHashKey, kOnDemand))), HasSubstr("Duplicate"));
}

// --- Billing ---

TEST_F(CreateTable, IsProvisionedByDefaultAndWantsUnits) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S"), kHashKey))),
      "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified "
      "when BillingMode is PROVISIONED");
}

TEST_F(CreateTable, TakesProvisionedUnits) {
  const auto table = create(simple(kFiveUnits));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->billing, BillingMode::kProvisioned);
  EXPECT_EQ(table->throughput.read_units, 5);
  EXPECT_EQ(table->pay_per_request_since_ms, 0);
}

TEST_F(CreateTable, RefusesUnitsOnDemand) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S"), kHashKey, kOnDemand, kFiveUnits))),
      "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
      "when BillingMode is PAY_PER_REQUEST");
}

TEST_F(CreateTable, RefusesMoreUnitsThanTheTableLimit) {
  const auto refused =
      create(simple(R"("ProvisionedThroughput": {"ReadCapacityUnits": 40001, "WriteCapacityUnits": 1})"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST_F(CreateTable, TakesCeilingsOnDemand) {
  const auto table = create(
      object(kName, definitions("p:S"), kHashKey, kOnDemand, R"("OnDemandThroughput": {"MaxReadRequestUnits": 7})"));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->on_demand.max_read_units, 7);
  EXPECT_EQ(table->on_demand.max_write_units, std::nullopt);
}

TEST_F(CreateTable, RefusesACeilingOfMinusOne) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S"), kHashKey, kOnDemand,
                            R"("OnDemandThroughput": {"MaxReadRequestUnits": -1})"))),
      "One or more parameter values were invalid: Requested MaxReadRequestUnits for OnDemandThroughput for table is "
      "outside of valid range");
}

TEST_F(CreateTable, RefusesCeilingsOfAProvisionedTable) {
  EXPECT_THAT(message(create(object(kName, definitions("p:S"), kHashKey, kFiveUnits,
                                    R"("OnDemandThroughput": {"MaxReadRequestUnits": 7})"))),
              HasSubstr("OnDemandThroughput"));
}

TEST_F(CreateTable, RaisesWarmThroughput) {
  const auto table = create(
      object(kName, definitions("p:S"), kHashKey, kOnDemand, R"("WarmThroughput": {"ReadUnitsPerSecond": 20000})"));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->warm->read_units_per_second, 20'000);
  EXPECT_EQ(table->warm->write_units_per_second, 4'000);
}

TEST_F(CreateTable, RefusesWarmThroughputBelowWhatATableHasAnyway) {
  EXPECT_THAT(message(create(object(kName, definitions("p:S"), kHashKey, kOnDemand,
                                    R"("WarmThroughput": {"ReadUnitsPerSecond": 11999})"))),
              HasSubstr("decreasing WarmThroughput is not supported"));
}

// --- Local indexes ---

std::string with_local(const std::string& list, const std::string& types = "p:S c:S l:N") {
  return object(kName, definitions(types), kHashAndRangeKey, kOnDemand, local_indexes(list));
}

TEST_F(CreateTable, TakesALocalIndex) {
  const auto table = create(with_local(index("by_l", "p:HASH l:RANGE", R"({"ProjectionType": "KEYS_ONLY"})")));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  ASSERT_EQ(table->local_indexes.size(), 1u);
  const IndexDefinition& local = table->local_indexes[0];
  EXPECT_FALSE(local.global);
  EXPECT_THAT(local.key.sort, ElementsAre(KeyAttribute{"l", Type::kNumber}));
  EXPECT_EQ(local.projection, ProjectionType::kKeysOnly);
}

TEST_F(CreateTable, WantsARangeKeyForLocalIndexes) {
  EXPECT_EQ(
      message(create(
          object(kName, definitions("p:S l:N"), kHashKey, kOnDemand, local_indexes(index("by_l", "p:HASH l:RANGE"))))),
      "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when "
      "specifying a LocalSecondaryIndex");
}

TEST_F(CreateTable, WantsTheTablesHashKeyInLocalIndexes) {
  EXPECT_EQ(
      message(create(with_local(index("by_l", "l:HASH c:RANGE")))),
      "One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table "
      "KeySchema for index: by_l. index hash key: l, table hash key: p");
}

TEST_F(CreateTable, WantsARangeKeyInLocalIndexes) {
  EXPECT_EQ(message(create(with_local(index("by_l", "p:HASH"), "p:S c:S"))),
            "One or more parameter values were invalid: Index KeySchema does not have a range key for index: by_l");
}

TEST_F(CreateTable, TakesFiveLocalIndexesAndNoMore) {
  std::string list;
  for (int i = 1; i <= 5; ++i) list += (i > 1 ? "," : "") + index("local" + std::to_string(i), "p:HASH l:RANGE");
  EXPECT_TRUE(create(with_local(list)).has_value());
  EXPECT_EQ(message(create(with_local(list + "," + index("local6", "p:HASH l:RANGE")))),
            "One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of 5");
}

TEST_F(CreateTable, RefusesAnEmptyListOfLocalIndexes) {
  EXPECT_EQ(message(create(with_local("", "p:S c:S"))),
            "One or more parameter values were invalid: List of LocalSecondaryIndexes is empty");
}

// --- Global indexes ---

std::string with_global(const std::string& list, const std::string& types = "p:S g:S h:N") {
  return object(kName, definitions(types), kHashKey, kOnDemand, global_indexes(list));
}

TEST_F(CreateTable, TakesAGlobalIndex) {
  const auto table = create(
      with_global(index("by_g", "g:HASH h:RANGE", R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]})")));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  const IndexDefinition& global = table->global_indexes.at(0);
  EXPECT_TRUE(global.global);
  EXPECT_EQ(global.status, IndexStatus::kActive);
  EXPECT_EQ(global.build, BuildPhase::kDone);
  EXPECT_THAT(global.non_key_attributes, ElementsAre("x", "y"));
}

TEST_F(CreateTable, TakesTwentyGlobalIndexesAndNoMore) {
  std::string list;
  for (int i = 1; i <= 20; ++i) list += (i > 1 ? "," : "") + index("global" + std::to_string(i), "g:HASH");
  EXPECT_TRUE(create(with_global(list, "p:S g:S")).has_value()) << "identical definitions under many names are fine";
  EXPECT_EQ(message(create(with_global(list + "," + index("global21", "g:HASH"), "p:S g:S"))),
            "One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table limit of 20");
}

TEST_F(CreateTable, RefusesAnEmptyListOfGlobalIndexes) {
  EXPECT_EQ(message(create(with_global("", "p:S"))),
            "One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty");
}

TEST_F(CreateTable, RefusesOneNameForTwoIndexes) {
  EXPECT_EQ(message(create(with_global(index("by_g", "g:HASH") + "," + index("by_g", "h:HASH")))),
            "One or more parameter values were invalid: Duplicate index name: by_g");
}

TEST_F(CreateTable, RefusesOneNameForALocalAndAGlobalIndex) {
  EXPECT_EQ(
      message(create(object(kName, definitions("p:S c:S x:S"), kHashAndRangeKey, kOnDemand,
                            local_indexes(index("by_x", "p:HASH x:RANGE")), global_indexes(index("by_x", "x:HASH"))))),
      "One or more parameter values were invalid: Duplicate index name: by_x");
}

TEST_F(CreateTable, WantsUnitsForIndexesOfAProvisionedTable) {
  EXPECT_EQ(message(create(
                object(kName, definitions("p:S g:S"), kHashKey, kFiveUnits, global_indexes(index("by_g", "g:HASH"))))),
            "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: by_g");
}

TEST_F(CreateTable, RefusesUnitsForIndexesOnDemand) {
  EXPECT_EQ(
      message(create(with_global(index("by_g", "g:HASH h:RANGE", R"({"ProjectionType": "ALL"})", kFiveUnits)))),
      "One or more parameter values were invalid: ProvisionedThroughput should not be specified for index: by_g when "
      "BillingMode is PAY_PER_REQUEST");
}

TEST_F(CreateTable, TakesUpToFourPlusFourAttributesInAGlobalIndexKey) {
  const std::string types = "p:S a:S b:N c:B d:S e:S f:S g:S h:S i:S";
  const std::string four = "a:HASH b:HASH c:HASH d:HASH";
  const auto table = create(
      with_global(index("many", four + " e:RANGE f:RANGE g:RANGE h:RANGE"), "p:S a:S b:N c:B d:S e:S f:S g:S h:S"));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->global_indexes[0].key.partition.size(), 4u);
  EXPECT_EQ(table->global_indexes[0].key.sort.size(), 4u);
  EXPECT_THAT(message(create(with_global(index("many", four + " e:HASH"), types))), HasSubstr("limit of 4"));
  EXPECT_THAT(message(create(with_global(index("many", "a:HASH e:RANGE f:RANGE g:RANGE h:RANGE i:RANGE"), types))),
              HasSubstr("limit of 4"));
}

TEST_F(CreateTable, WantsAllHashAttributesBeforeTheRangeAttributes) {
  EXPECT_THAT(message(create(with_global(index("mixed", "g:HASH h:RANGE p:HASH")))), HasSubstr("before the RANGE"));
}

// --- Projections ---

TEST_F(CreateTable, WantsAProjectionType) {
  EXPECT_EQ(message(create(with_global(index("by_g", "g:HASH h:RANGE", "{}")))),
            "One or more parameter values were invalid: Unknown ProjectionType: null");
}

TEST_F(CreateTable, WantsAttributesForInclude) {
  EXPECT_EQ(
      message(create(with_global(index("by_g", "g:HASH h:RANGE", R"({"ProjectionType": "INCLUDE"})")))),
      "One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
}

TEST_F(CreateTable, RefusesAttributesForOtherProjections) {
  EXPECT_EQ(message(create(with_global(
                index("by_g", "g:HASH h:RANGE", R"({"ProjectionType": "ALL", "NonKeyAttributes": ["x"]})")))),
            "One or more parameter values were invalid: ProjectionType is ALL, but NonKeyAttributes is specified");
}

TEST_F(CreateTable, RefusesAProjectedAttributeTwice) {
  EXPECT_THAT(message(create(with_global(index("by_g", "g:HASH h:RANGE",
                                               R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "x"]})")))),
              HasSubstr("Duplicate"));
}

TEST_F(CreateTable, LimitsProjectedAttributesOverAllIndexes) {
  const auto index_of_twenty = [](const std::string& name) {
    std::string names;
    for (int i = 0; i < 20; ++i) names += (i > 0 ? "," : "") + ("\"a" + std::to_string(i) + "\"");
    return index(name, "g:HASH", R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": [)" + names + "]}");
  };
  std::string list;
  for (int i = 1; i <= 5; ++i) list += (i > 1 ? "," : "") + index_of_twenty("index" + std::to_string(i));
  EXPECT_TRUE(create(with_global(list, "p:S g:S")).has_value());
  const std::string one_more =
      index("one_more", "g:HASH", R"({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["z"]})");
  EXPECT_THAT(message(create(with_global(list + "," + one_more, "p:S g:S"))), HasSubstr("limit of 100"));
}

// --- Settings ---

TEST_F(CreateTable, TakesItsSettings) {
  const auto table =
      create(object(kName, definitions("p:S"), kHashKey, kOnDemand, R"("TableClass": "STANDARD_INFREQUENT_ACCESS")",
                    R"("DeletionProtectionEnabled": true)",
                    R"("SSESpecification": {"Enabled": true, "KMSMasterKeyId": "alias/mine"})",
                    R"("Tags": [{"Key": "team", "Value": "blue"}])"));
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->table_class, TableClass::kStandardInfrequentAccess);
  EXPECT_TRUE(table->table_class_given);
  EXPECT_TRUE(table->deletion_protection);
  EXPECT_TRUE(table->encrypted);
  EXPECT_EQ(table->kms_key_arn, "alias/mine");
  EXPECT_THAT(table->tags, ElementsAre(std::pair<const std::string, std::string>("team", "blue")));
}

TEST_F(CreateTable, RefusesMoreThanFiftyTags) {
  std::string tags;
  for (int i = 0; i < 50; ++i) tags += R"({"Key": "k)" + std::to_string(i) + R"(", "Value": ""},)";
  const std::string fifty = tags.substr(0, tags.size() - 1);
  EXPECT_TRUE(create(simple(kOnDemand + R"(, "Tags": [)" + fifty + "]")).has_value());
  EXPECT_THAT(message(create(simple(kOnDemand + R"(, "Tags": [)" + tags + R"({"Key": "more", "Value": ""}])"))),
              HasSubstr("limit of 50"));
}

TEST_F(CreateTable, RefusesReservedTagKeys) {
  EXPECT_THAT(message(create(simple(kOnDemand + R"(, "Tags": [{"Key": "aws:team", "Value": "x"}])"))),
              HasSubstr("aws:"));
}

TEST_F(CreateTable, RefusesTagCharactersThatAreNotAllowed) {
  EXPECT_THAT(message(create(simple(kOnDemand + R"(, "Tags": [{"Key": "a&b", "Value": "x"}])"))),
              HasSubstr("not allowed"));
  EXPECT_TRUE(create(simple(kOnDemand + R"(, "Tags": [{"Key": "Größe +-=._:/@ 1", "Value": "x"}])")).has_value());
}

constexpr PlanContext kWithStreams{.now_ms = 1'795'005'453'256};
const std::string kStreamOn =
    R"("StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"})";

TEST_F(CreateTable, StartsAStream) {
  const auto table = create(simple(kOnDemand + "," + kStreamOn), kWithStreams);
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_TRUE(table->stream->enabled);
  EXPECT_EQ(table->stream->view_type, StreamViewType::kNewAndOldImages);
  EXPECT_EQ(table->stream->label, "2026-11-18T12:37:33.256");
}

TEST_F(CreateTable, RefusesAViewTypeOfADisabledStream) {
  EXPECT_EQ(message(create(simple(
                kOnDemand + R"(, "StreamSpecification": {"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"})"))),
            "One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType "
            "should not be specified");
}

class RefusedMember : public CreateTable, public ::testing::WithParamInterface<std::string> {};

TEST_P(RefusedMember, IsNeverIgnored) {
  EXPECT_EQ(message(create(simple(kOnDemand + ", \"" + GetParam() + "\": \"x\""))),
            "One or more parameter values were invalid: " + GetParam() + " is not supported");
}

INSTANTIATE_TEST_SUITE_P(CreateTable, RefusedMember,
                         ::testing::Values("GlobalTableSourceArn", "GlobalTableSettingsReplicationMode",
                                           "VectorIndexes"));

}  // namespace
}  // namespace armature::api
