#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace armature {
namespace {

TEST(Metrics, TheSameNameAndLabelsAreTheSameMetric) {
  MetricsRegistry registry;
  registry.counter("requests_total", "Requests.", {{"operation", "PutItem"}}).add(2);
  registry.counter("requests_total", "Requests.", {{"operation", "PutItem"}}).add(3);
  registry.counter("requests_total", "Requests.", {{"operation", "GetItem"}}).add(1);
  EXPECT_EQ(registry.counter("requests_total", "", {{"operation", "PutItem"}}).value(), 5U);
}

TEST(Metrics, RenderWritesHelpTypeAndSeries) {
  MetricsRegistry registry;
  registry.counter("b_total", "All of b.", {{"kind", "x"}}).add(1'000'000);
  registry.gauge("a", "The a.").set(-3);
  EXPECT_EQ(registry.render(),
            "# HELP a The a.\n# TYPE a gauge\na -3\n"
            "# HELP b_total All of b.\n# TYPE b_total counter\nb_total{kind=\"x\"} 1000000\n");
}

TEST(Metrics, LabelValuesAndHelpAreEscaped) {
  MetricsRegistry registry;
  registry.counter("c_total", "back\\slash\nline", {{"l", "a\"b\\c\nd"}}).add();
  EXPECT_EQ(registry.render(),
            "# HELP c_total back\\\\slash\\nline\n# TYPE c_total counter\nc_total{l=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Metrics, HistogramsRenderCumulativeSeconds) {
  MetricsRegistry registry;
  Histogram& latency = registry.histogram("d_seconds", "Time.", {{"operation", "Query"}});
  latency.observe(std::chrono::microseconds(20));
  latency.observe(std::chrono::milliseconds(2));
  latency.observe(std::chrono::hours(5));
  const std::string text = registry.render();
  EXPECT_NE(text.find("# TYPE d_seconds histogram\n"), std::string::npos);
  EXPECT_NE(text.find("d_seconds_bucket{operation=\"Query\",le=\"1.6384e-05\"} 0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("le=\"3.2768e-05\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("le=\"+Inf\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("d_seconds_sum{operation=\"Query\"} 18000.00202\n"), std::string::npos) << text;
  EXPECT_NE(text.find("d_seconds_count{operation=\"Query\"} 3\n"), std::string::npos) << text;
}

TEST(Metrics, HistogramBucketsContainTheirValues) {
  Histogram histogram(HistogramUnit::kPlain);
  for (std::uint64_t value = 1; value < (1ULL << 40); value = value * 5 / 4 + 1) {
    Histogram one(HistogramUnit::kPlain);
    one.observe(value);
    const auto snapshot = one.snapshot();
    for (std::size_t i = 0; i < snapshot.buckets.size(); ++i) {
      if (snapshot.buckets[i] == 0) continue;
      EXPECT_LE(Histogram::lower_bound(i), value);
      EXPECT_GT(Histogram::lower_bound(i + 1), value);
      EXPECT_LE(Histogram::lower_bound(i + 1) - Histogram::lower_bound(i), std::max<std::uint64_t>(1, value / 8));
    }
  }
}

TEST(Metrics, QuantilesAreCloseToTheTruth) {
  Histogram histogram(HistogramUnit::kPlain);
  for (std::uint64_t value = 1; value <= 100'000; ++value) histogram.observe(value);
  const auto snapshot = histogram.snapshot();
  EXPECT_EQ(snapshot.count, 100'000U);
  EXPECT_NEAR(snapshot.quantile(0.5), 50'000, 50'000 / 8);
  EXPECT_NEAR(snapshot.quantile(0.99), 99'000, 99'000 / 8);
  EXPECT_EQ(Histogram(HistogramUnit::kPlain).snapshot().quantile(0.5), 0);
}

TEST(Metrics, FunctionsAreReadWhenRenderedUntilTheirRegistrationEnds) {
  MetricsRegistry registry;
  double value = 1.5;
  {
    const auto registration = registry.gauge_function("e", "E.", {}, [&] { return value; });
    EXPECT_NE(registry.render().find("e 1.5\n"), std::string::npos);
    value = 2;
    EXPECT_NE(registry.render().find("e 2\n"), std::string::npos);
  }
  EXPECT_EQ(registry.render(), "");
}

TEST(Metrics, AReplacedFunctionSurvivesTheEndOfTheFirstRegistration) {
  MetricsRegistry registry;
  auto first = registry.gauge_function("f", "F.", {}, [] { return 1; });
  auto second = registry.gauge_function("f", "F.", {}, [] { return 2; });
  first = MetricsRegistry::Registration();
  EXPECT_NE(registry.render().find("f 2\n"), std::string::npos);
}

TEST(Metrics, ThreadsCountTogether) {
  MetricsRegistry registry;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Counter& counter = registry.counter("g_total", "G.");
      Histogram& histogram = registry.histogram("h_seconds", "H.");
      for (int i = 0; i < 10'000; ++i) {
        counter.add();
        histogram.observe(std::uint64_t{1} << (i % 30));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(registry.counter("g_total", "").value(), 40'000U);
  EXPECT_EQ(registry.histogram("h_seconds", "").snapshot().count, 40'000U);
}

}  // namespace
}  // namespace armature
