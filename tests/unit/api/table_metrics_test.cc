#include "api/table_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/api/service.h"

namespace armature::api {
namespace {

using testing::HasSubstr;
using testing::Not;

class TableMetricsTest : public testing::Test {
 protected:
  void create(const std::string& name, std::string_view throughput = R"("BillingMode":"PAY_PER_REQUEST")") {
    const Reply reply = service_.call("CreateTable", R"({"TableName":")" + name +
                                                         R"(","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],)"
                                                         R"("AttributeDefinitions":[{"AttributeName":"p",)"
                                                         R"("AttributeType":"S"}],)" +
                                                         std::string(throughput) + "}");
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  Reply put(const std::string& table, const std::string& more = "") {
    return service_.call("PutItem", R"({"TableName":")" + table + R"(","Item":{"p":{"S":"1"}})" + more + "}");
  }
  Reply get(const std::string& table) {
    return service_.call("GetItem", R"({"TableName":")" + table + R"(","Key":{"p":{"S":"1"}}})");
  }
  std::string metrics() { return metrics_.render(); }
  static std::string line(std::string_view name, std::string_view table, std::string_view kind, int value) {
    std::string text = "armature_table_" + std::string(name) + "{region=\"us-east-1\",table=\"" + std::string(table);
    if (!kind.empty()) text += "\",kind=\"" + std::string(kind);
    return text + "\"} " + std::to_string(value) + "\n";
  }

  Service service_;
  TableMetrics metrics_{&service_.catalog(), 2};
};

TEST_F(TableMetricsTest, RequestsErrorsAndCapacityAreCountedByTableAndKind) {
  create("Music");
  put("Music");
  put("Music", R"j(,"ConditionExpression":"attribute_not_exists(p)")j");
  get("Music");
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "write", 2)));
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "read", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("errors_total", "Music", "write", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("errors_total", "Music", "read", 0)));
  EXPECT_THAT(metrics(), HasSubstr(line("read_half_units_total", "Music", "", 1)));
  // The failed condition looked at the item, and that costs what writing it would have.
  EXPECT_THAT(metrics(), HasSubstr(line("write_half_units_total", "Music", "", 4)));
}

TEST_F(TableMetricsTest, ACancelledTransactionCostsWhatItLookedAt) {
  create("Music");
  const std::string_view puts =
      R"j({"TransactItems":[{"Put":{"TableName":"Music","Item":{"p":{"S":"1"}},"ConditionExpression":"attribute_exists(p)"}},
                            {"Put":{"TableName":"Music","Item":{"p":{"S":"2"}}}}]})j";
  const Reply reply = service_.call("TransactWriteItems", puts);
  ASSERT_EQ(reply.status, 400) << reply.body;
  EXPECT_THAT(metrics(), HasSubstr(line("errors_total", "Music", "write", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("write_half_units_total", "Music", "", 8)));
}

TEST_F(TableMetricsTest, ATransactionCountsOnceForEachTable) {
  create("TabA");
  create("TabB");
  const auto part = [](const char* table, const char* key) {
    return std::string(R"({"Put":{"TableName":")") + table + R"(","Item":{"p":{"S":")" + key + R"("}}}})";
  };
  const Reply reply = service_.call("TransactWriteItems", R"({"TransactItems":[)" + part("TabA", "1") + "," +
                                                              part("TabA", "2") + "," + part("TabB", "1") + "]}");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "TabA", "write", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "TabB", "write", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("write_half_units_total", "TabA", "", 8)));
  EXPECT_THAT(metrics(), HasSubstr(line("write_half_units_total", "TabB", "", 4)));
}

TEST_F(TableMetricsTest, StatementsCountByWhatTheyDo) {
  create("Music");
  service_.call("ExecuteStatement", R"({"Statement":"SELECT * FROM Music WHERE p = '1'"})");
  service_.call("ExecuteStatement", R"({"Statement":"INSERT INTO Music VALUE {'p': '1'}"})");
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "read", 1)));
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "write", 1)));
}

TEST_F(TableMetricsTest, AChangedTableCountsOnAndOneMadeAnewBeginsAnew) {
  create("Music");
  put("Music");
  service_.call("UpdateTable", R"({"TableName":"Music","DeletionProtectionEnabled":false})");
  put("Music");
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "write", 2)));
  service_.call("DeleteTable", R"({"TableName":"Music"})");
  EXPECT_THAT(metrics(), Not(HasSubstr("Music")));
  create("Music");
  EXPECT_THAT(metrics(), Not(HasSubstr("Music")));
  put("Music");
  EXPECT_THAT(metrics(), HasSubstr(line("requests_total", "Music", "write", 1)));
}

TEST_F(TableMetricsTest, ThrottlesAreCounted) {
  create("Slow", R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1})");
  int refused = 0;
  for (int i = 0; i < 400; ++i) refused += put("Slow").status == 400 ? 1 : 0;
  ASSERT_GT(refused, 0);
  EXPECT_THAT(metrics(), HasSubstr(line("throttles_total", "Slow", "write", refused)));
  EXPECT_THAT(metrics(), HasSubstr(line("errors_total", "Slow", "write", refused)));
}

TEST_F(TableMetricsTest, NoMoreTablesAreShownThanAScraperCanDigest) {
  for (const char* name : {"TabA", "TabB", "TabC"}) {
    create(name);
    put(name);
    metrics();
  }
  EXPECT_THAT(metrics(), HasSubstr("\"TabA\""));
  EXPECT_THAT(metrics(), Not(HasSubstr("\"TabC\"")));
  EXPECT_EQ(used_tables(service_.catalog()).size(), 3u);
  service_.call("DeleteTable", R"({"TableName":"TabA"})");
  EXPECT_THAT(metrics(), HasSubstr("\"TabC\""));
}

TEST_F(TableMetricsTest, TheyStandBesideTheOtherMetrics) {
  create("Music");
  put("Music");
  const std::string all = service_.send("GET", "/metrics", {}).body;
  EXPECT_THAT(all, HasSubstr("armature_requests_total{operation=\"PutItem\"} 1\n"));
  EXPECT_THAT(all,
              HasSubstr("# TYPE armature_table_requests_total counter\n" + line("requests_total", "Music", "read", 0)));
}

TEST_F(TableMetricsTest, UnusedTablesAreNotShown) {
  create("Quiet");
  EXPECT_THAT(metrics(), Not(HasSubstr("Quiet")));
}

}  // namespace
}  // namespace armature::api
