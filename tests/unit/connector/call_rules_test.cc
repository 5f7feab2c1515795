#include "connector/call_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace armature::connector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CallRules : public testing::Test {
 protected:
  CallRules() { connection_.name = "c"; }
  std::string sent(std::string_view operation, std::string body) {
    auto permitted = permit_call(connection_, settings_, Service::kDynamoDb, operation, std::move(body));
    return permitted ? *permitted : permitted.error().type + ": " + permitted.error().message;
  }
  SavedConnection connection_;
  ConnectionSettings settings_;
};

TEST_F(CallRules, ViewersOnlyReadByAnyForm) {
  connection_.user_role = UserRole::kViewer;
  EXPECT_EQ(sent("Query", "{}"), "{}");
  EXPECT_THAT(sent("PutItem", "{}"), HasSubstr("NotAllowed"));
  EXPECT_EQ(sent("ExecuteStatement", R"({"Statement":" select * from t"})"), R"({"Statement":" select * from t"})");
  EXPECT_THAT(sent("ExecuteStatement", R"({"Statement":"DELETE FROM t WHERE a=1"})"), HasSubstr("NotAllowed"));
  EXPECT_THAT(sent("ExecuteStatement", R"({"Statement":"/* SELECT */ DELETE FROM t WHERE a=1"})"),
              HasSubstr("NotAllowed"));
  EXPECT_THAT(sent("BatchExecuteStatement",
                   R"({"Statements":[{"Statement":"SELECT * FROM t"},{"Statement":"UPDATE t SET a=1 WHERE b=2"}]})"),
              HasSubstr("NotAllowed"));
  EXPECT_THAT(sent("DeleteTable", "{}"), HasSubstr("NotAllowed"));
  EXPECT_THAT(sent("SomethingNew", "{}"), HasSubstr("NotAllowed"));
}

TEST_F(CallRules, EditorsDoNotAdminister) {
  connection_.user_role = UserRole::kEditor;
  EXPECT_EQ(sent("PutItem", "{}"), "{}");
  EXPECT_THAT(sent("CreateTable", "{}"), HasSubstr("NotAllowed"));
}

TEST_F(CallRules, ReadOnlyHoldsForAdmins) {
  connection_.read_only = true;
  EXPECT_THAT(sent("UpdateItem", "{}"), HasSubstr("ReadOnlyConnection"));
  EXPECT_EQ(sent("Scan", "{}"), "{}");
}

TEST_F(CallRules, TheTableFilterSeesEveryPlaceATableIsNamed) {
  connection_.table_filter = {"Orders", "dev-*"};
  EXPECT_EQ(sent("GetItem", R"({"TableName":"Orders"})"), R"({"TableName":"Orders"})");
  EXPECT_THAT(sent("GetItem", R"({"TableName":"Users"})"), HasSubstr("'Users' is outside"));
  EXPECT_THAT(sent("GetItem", R"({"TableName":"arn:aws:dynamodb:r:1:table/Users"})"), HasSubstr("'Users' is outside"));
  EXPECT_THAT(sent("BatchGetItem", R"({"RequestItems":{"Orders":{},"Users":{}}})"), HasSubstr("'Users' is outside"));
  EXPECT_THAT(sent("TransactWriteItems", R"({"TransactItems":[{"Put":{"TableName":"Users","Item":{}}}]})"),
              HasSubstr("'Users' is outside"));
  EXPECT_THAT(sent("ExecuteStatement", R"({"Statement":"SELECT * FROM \"Users\".\"i\""})"),
              HasSubstr("'Users' is outside"));
  // An attribute called TableName is data.
  EXPECT_EQ(sent("PutItem", R"({"TableName":"dev-x","Item":{"TableName":{"S":"Users"}}})"),
            R"({"TableName":"dev-x","Item":{"TableName":{"S":"Users"}}})");
}

TEST_F(CallRules, ThePrefixIsPutOnAndTakenOff) {
  settings_.table_prefix = "dev-";
  EXPECT_EQ(sent("GetItem", R"({"TableName":"T","Key":{"TableName":{"S":"T"}}})"),
            R"({"TableName":"dev-T","Key":{"TableName":{"S":"T"}}})");
  EXPECT_EQ(sent("BatchGetItem", R"({"RequestItems":{"T":{"Keys":[]}}})"), R"({"RequestItems":{"dev-T":{"Keys":[]}}})");
  EXPECT_EQ(sent("ExecuteStatement", R"({"Statement":"SELECT * FROM T WHERE a = 'FROM x'"})"),
            R"({"Statement":"SELECT * FROM \"dev-T\" WHERE a = 'FROM x'"})");
  EXPECT_EQ(reveal_reply(connection_, settings_, "ListTables", R"({"TableNames":["dev-T","other"]})"),
            R"({"TableNames":["T"]})");
  EXPECT_EQ(reveal_reply(connection_, settings_, "Query",
                         R"({"Items":[{"TableName":{"S":"dev-T"}}],"ConsumedCapacity":{"TableName":"dev-T"}})"),
            R"({"Items":[{"TableName":{"S":"dev-T"}}],"ConsumedCapacity":{"TableName":"T"}})");
}

TEST_F(CallRules, ListTablesShowsWhatTheFilterLetsThrough) {
  connection_.table_filter = {"Orders"};
  EXPECT_EQ(reveal_reply(connection_, settings_, "ListTables",
                         R"({"TableNames":["Orders","Users"],"LastEvaluatedTableName":"Users"})"),
            R"({"TableNames":["Orders"],"LastEvaluatedTableName":"Users"})");
}

TEST(StatementTables, AreFoundBesideTextsAndComments) {
  EXPECT_THAT(statement_tables("SELECT * FROM \"a b\" -- FROM c\n WHERE x = 'FROM d'"), ElementsAre("a b"));
  EXPECT_THAT(statement_tables("INSERT INTO t VALUE {'p': 1}"), ElementsAre("t"));
  EXPECT_THAT(statement_tables("update t set a = 1"), ElementsAre("t"));
}

}  // namespace
}  // namespace armature::connector
