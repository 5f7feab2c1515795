#include "console/operation_kind.h"

#include <gtest/gtest.h>

#include "connector/call_rules.h"

namespace armature::console {
namespace {

// What a viewer is kept from, here and through connections.
bool changes(std::string_view operation, std::string_view input) {
  return connector::call_effect(operation, input) != connector::Effect::kRead;
}

TEST(OperationKind, ReadsAreKnownAndEverythingElseChanges) {
  for (const std::string_view reading : {"GetItem", "Query", "Scan", "ListTables", "DescribeTable", "GetRecords"}) {
    EXPECT_FALSE(changes(reading, "{}")) << reading;
  }
  for (const std::string_view writing :
       {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "CreateTable", "DeleteTable",
        "UpdateTimeToLive", "TagResource", "PutResourcePolicy", "OfTheNextCentury"}) {
    EXPECT_TRUE(changes(writing, "{}")) << writing;
  }
}

TEST(OperationKind, TheStatementDecidesForPartiQl) {
  EXPECT_FALSE(changes("ExecuteStatement", R"({"Statement": "  select * from t"})"));
  EXPECT_TRUE(changes("ExecuteStatement", R"({"Statement": "INSERT INTO t VALUE {'SELECT': 1}"})"));
  EXPECT_TRUE(changes("ExecuteStatement", R"({"Statement": "/* SELECT */ DELETE FROM t WHERE p = 1"})"));
  EXPECT_TRUE(changes("ExecuteStatement", R"({"Statement": "SELECTED"})"));
  EXPECT_TRUE(changes("ExecuteStatement", R"({"Statement": "DELETE FROM t", "Statement": "SELECT 1"})"));
}

TEST(OperationKind, OneChangingStatementOfManyIsEnough) {
  constexpr std::string_view kMixed =
      R"({"Statements": [{"Statement": "SELECT * FROM t"}, {"Statement": "UPDATE t SET a = 1 WHERE p = 1"}]})";
  EXPECT_TRUE(changes("BatchExecuteStatement", kMixed));
  EXPECT_FALSE(changes("BatchExecuteStatement", R"({"Statements": [{"Statement": "SELECT * FROM t"}]})"));
  EXPECT_FALSE(changes("ExecuteTransaction", R"({"TransactStatements": [{"Statement": "EXISTS (SELECT 1) "}]})"));
}

TEST(OperationKind, ActionsThatHandOutCredentialsChange) {
  EXPECT_FALSE(changes_identities("iam", "ListUsers"));
  EXPECT_FALSE(changes_identities("iam", "SimulatePrincipalPolicy"));
  EXPECT_TRUE(changes_identities("iam", "CreateAccessKey"));
  EXPECT_TRUE(changes_identities("iam", "TagUser"));
  EXPECT_FALSE(changes_identities("sts", "GetCallerIdentity"));
  EXPECT_TRUE(changes_identities("sts", "GetSessionToken"));
  EXPECT_TRUE(changes_identities("sts", "AssumeRole"));
}

}  // namespace
}  // namespace armature::console
