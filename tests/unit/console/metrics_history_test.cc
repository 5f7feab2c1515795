#include "console/metrics_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/health.h"

namespace armature::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct MetricsHistoryTest : testing::Test {
  MetricsRegistry registry;
  ManualClock clock{1'000'000};
  Counter& puts = registry.counter("armature_requests_total", "r", {{"operation", "PutItem"}});
  Counter& gets = registry.counter("armature_requests_total", "r", {{"operation", "GetItem"}});
  Histogram& latency = registry.histogram("armature_request_duration_seconds", "d", {{"operation", "PutItem"}});
  std::vector<TableRef> tables;
  MetricsHistory history{&registry, &clock, [this] { return used(); }};

  std::vector<api::UsedTable> used() const {
    std::vector<api::UsedTable> found;
    for (const TableRef& table : tables) found.push_back({table, table->usage->totals()});
    return found;
  }
  TableUsage& add_table(std::string name, std::string id) {
    TableDefinition table;
    table.region = "r";
    table.name = std::move(name);
    table.id = std::move(id);
    tables.push_back(std::make_shared<const TableDefinition>(std::move(table)));
    return *tables.back()->usage;
  }

  std::vector<HealthItem> attention(const HealthFacts& facts, bool may_name = true) const {
    return health(facts, history, clock, [&](const TableActivity&) { return may_name; });
  }
  void pass_and_sample() {
    clock.advance_ms(5'000);
    history.sample();
  }
  Counter& errors(std::string_view error) {
    return registry.counter("armature_request_errors_total", "e", {{"operation", "PutItem"}, {"error", error}});
  }
};

TEST_F(MetricsHistoryTest, PointsHoldWhatHappenedSinceTheOneBefore) {
  puts.add(3);
  gets.add(2);
  pass_and_sample();
  puts.add(1);
  pass_and_sample();
  const auto points = history.points(900);
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].requests, 5);
  EXPECT_EQ(points[0].at_ms, 1'005'000);
  EXPECT_EQ(points[1].requests, 1);
}

TEST_F(MetricsHistoryTest, LatenciesAreThoseOfTheIntervalAlone) {
  for (int i = 0; i < 100; ++i) latency.observe(std::chrono::milliseconds(100));
  pass_and_sample();
  for (int i = 0; i < 10; ++i) latency.observe(std::chrono::milliseconds(2));
  pass_and_sample();
  const auto points = history.points(5);
  ASSERT_EQ(points.size(), 1u);
  ASSERT_EQ(points[0].operations.size(), 1u);
  EXPECT_EQ(points[0].operations[0].operation, "PutItem");
  EXPECT_EQ(points[0].operations[0].requests, 10);
  EXPECT_NEAR(points[0].operations[0].p50_ms, 2, 0.25);
  EXPECT_NEAR(points[0].p99_ms, 2, 0.25);
}

TEST_F(MetricsHistoryTest, AnIdleIntervalIsAPointToo) {
  pass_and_sample();
  const auto points = history.points(900);
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].requests, 0);
  EXPECT_TRUE(points[0].operations.empty());
}

TEST_F(MetricsHistoryTest, AnHourIsKept) {
  for (std::size_t i = 0; i < MetricsHistory::kPoints + 10; ++i) pass_and_sample();
  EXPECT_EQ(history.points(1'000'000).size(), MetricsHistory::kPoints);
}

TEST_F(MetricsHistoryTest, TablesAreSummedOverTheTimeAskedForBusiestFirst) {
  const auto ask = [](TableUsage& table, int times) {
    for (int i = 0; i < times; ++i) table.count_request(UsageKind::kRead, false);
  };
  TableUsage& music = add_table("Music", "1");
  TableUsage& other = add_table("Other", "2");
  ask(music, 100);
  pass_and_sample();
  ask(music, 2);
  music.count_capacity(3, 0);
  ask(other, 7);
  pass_and_sample();
  const auto recent = history.tables(5);
  ASSERT_EQ(recent.size(), 2u);
  EXPECT_EQ(recent[0].table, "Other");
  EXPECT_EQ(recent[1].counts.all_requests(), 2u);
  EXPECT_EQ(recent[1].counts.read_half_units, 3u);
  EXPECT_EQ(history.tables(900)[0].counts.all_requests(), 102u);
}

TEST_F(MetricsHistoryTest, ATableMadeAnewBeginsAnew) {
  add_table("Music", "1").count_request(UsageKind::kWrite, false);
  pass_and_sample();
  tables.clear();
  add_table("Music", "2").count_request(UsageKind::kWrite, false);
  pass_and_sample();
  EXPECT_EQ(history.tables(5)[0].counts.all_requests(), 1u);
  EXPECT_EQ(history.tables(900)[0].counts.all_requests(), 2u);
}

TEST_F(MetricsHistoryTest, CapacityIsNotLostWhenItIsCountedInAnEarlierIntervalThanItsRequest) {
  TableUsage& music = add_table("Music", "1");
  music.count_capacity(0, 8);
  pass_and_sample();
  music.count_request(UsageKind::kWrite, false);
  pass_and_sample();
  EXPECT_EQ(history.tables(900)[0].counts.write_half_units, 8u);
}

TEST_F(MetricsHistoryTest, ATableHasAPointForEveryIntervalBesideTheServersOwn) {
  TableUsage& music = add_table("Music", "1");
  music.count_request(UsageKind::kRead, true);
  pass_and_sample();
  pass_and_sample();
  music.count_request(UsageKind::kWrite, false);
  music.count_throttle(UsageKind::kWrite);
  pass_and_sample();
  const auto points = history.table_points("r", "Music", 900);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].at_ms, 1'005'000);
  EXPECT_EQ(points[0].counts.errors[0], 1u);
  EXPECT_FALSE(points[1].counts.any());
  EXPECT_EQ(points[2].counts.requests[1], 1u);
  EXPECT_EQ(points[2].counts.throttles[1], 1u);
  EXPECT_EQ(history.table_points("r", "Music", 10).size(), 2u);
  EXPECT_FALSE(history.table_points("elsewhere", "Music", 5)[0].counts.any());
}

TEST_F(MetricsHistoryTest, ErrorsAreCountedByName) {
  errors("ValidationException").add(2);
  errors("ProvisionedThroughputExceededException").add(1);
  pass_and_sample();
  errors("ValidationException").add(1);
  pass_and_sample();
  const auto points = history.points(10);
  EXPECT_EQ(points[0].error_names.at("ValidationException"), 2);
  EXPECT_EQ(points[0].throttles, 1);
  EXPECT_EQ(points[1].error_names, (std::map<std::string, double>{{"ValidationException", 1}}));
}

TEST_F(MetricsHistoryTest, ThrottlesAndFailuresNeedAttention) {
  const HealthFacts facts;
  EXPECT_TRUE(attention(facts).empty());
  errors("ProvisionedThroughputExceededException").add(4);
  errors("InternalServerError").add(1);
  errors("ValidationException").add(9);
  pass_and_sample();
  const auto items = attention(facts);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].severity, Severity::kError);
  EXPECT_THAT(items[0].title, HasSubstr("1 internal error in"));
  EXPECT_THAT(items[1].title, HasSubstr("4 requests throttled"));
}

TEST_F(MetricsHistoryTest, TheTableThatIsThrottledMostIsNamedToThoseWhoMaySeeIt) {
  add_table("Slow", "1").count_throttle(UsageKind::kRead);
  errors("ProvisionedThroughputExceededException").add(1);
  pass_and_sample();
  EXPECT_THAT(attention({})[0].detail, HasSubstr("The table Slow in r was throttled most: 1 time."));
  EXPECT_EQ(attention({})[0].table->table, "Slow");
  EXPECT_THAT(attention({}, false)[0].detail, Not(HasSubstr("Slow")));
  EXPECT_FALSE(attention({}, false)[0].table);
}

TEST_F(MetricsHistoryTest, OpenDoorsNeedAttention) {
  EXPECT_EQ(attention({.dev = true})[0].severity, Severity::kWarning);
  EXPECT_THAT(attention({.tls = false, .loopback_only = false})[0].title, HasSubstr("not encrypted"));
  EXPECT_TRUE(attention({.tls = true, .loopback_only = false}).empty());
}

}  // namespace
}  // namespace armature::console
