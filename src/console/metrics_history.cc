#include "console/metrics_history.h"

#include <algorithm>
#include <chrono>
#include <functional>

namespace armature::console {
namespace {

constexpr double kNanosecondsPerMillisecond = 1e6;

std::string_view label(const MetricSample& sample, std::string_view name) {
  for (const auto& [label_name, value] : sample.labels) {
    if (label_name == name) return value;
  }
  return {};
}

bool is_throttle(std::string_view error) {
  return error == "ProvisionedThroughputExceededException" || error == "ThrottlingException" ||
         error == "RequestLimitExceeded";
}

// What was observed between two snapshots of one histogram.
Histogram::Snapshot observed_between(const Histogram::Snapshot& before, const Histogram::Snapshot& after) {
  Histogram::Snapshot result = after;
  result.count -= std::min(before.count, after.count);
  result.sum -= std::min(before.sum, after.sum);
  for (std::size_t i = 0; i < std::min(before.buckets.size(), result.buckets.size()); ++i) {
    result.buckets[i] -= std::min(before.buckets[i], result.buckets[i]);
  }
  return result;
}

void add_to(const Histogram::Snapshot& more, Histogram::Snapshot* sum) {
  sum->count += more.count;
  sum->sum += more.sum;
  sum->buckets.resize(std::max(sum->buckets.size(), more.buckets.size()));
  for (std::size_t i = 0; i < more.buckets.size(); ++i) sum->buckets[i] += more.buckets[i];
}

// Counters only grow, so `before` is at most `now`.
TableUsage::Totals grown_since(const TableUsage::Totals& before, TableUsage::Totals now) {
  now -= before;
  return now;
}

}  // namespace

struct MetricsHistory::Reading {
  Clock::Millis at_ms = 0;
  std::map<std::string, double, std::less<>> sums;                    // Every number, summed over its labels.
  std::map<std::string, double> errors;                               // By name.
  std::map<std::string, Histogram::Snapshot, std::less<>> latencies;  // By operation.
  // By id: a table made anew under the name of a deleted one begins anew.
  std::map<std::string, std::pair<TableKey, TableUsage::Totals>> tables;

  double sum(std::string_view name) const {
    const auto found = sums.find(name);
    return found == sums.end() ? 0 : found->second;
  }
};

struct MetricsHistory::Ticking {
  std::mutex mutex;
  MetricsHistory* history;  // Guarded by mutex; nullptr once the history is gone.
  Executor* executor;
};

MetricsHistory::MetricsHistory(const MetricsRegistry* registry, const Clock* clock, ReadTables read_tables)
    : registry_(registry),
      clock_(clock),
      read_tables_(std::move(read_tables)),
      started_at_ms_(clock->now_ms()),
      last_(std::make_unique<Reading>(read())) {}

MetricsHistory::~MetricsHistory() {
  if (ticking_ == nullptr) return;
  const std::lock_guard guard(ticking_->mutex);
  ticking_->history = nullptr;
}

void MetricsHistory::start(Executor* executor) {
  ticking_ = std::make_shared<Ticking>();
  ticking_->history = this;
  ticking_->executor = executor;
  tick(ticking_);
}

void MetricsHistory::tick(std::shared_ptr<Ticking> ticking) {
  Executor* const executor = ticking->executor;
  executor->post_after(std::chrono::seconds(kIntervalSeconds), [ticking = std::move(ticking)] {
    {
      const std::lock_guard guard(ticking->mutex);
      if (ticking->history == nullptr) return;
      ticking->history->sample();
    }
    tick(ticking);
  });
}

MetricsHistory::Reading MetricsHistory::read() const {
  Reading reading;
  reading.at_ms = clock_->now_ms();
  for (const MetricSample& sample : registry_->samples()) {
    reading.sums[sample.name] += sample.value;
    if (sample.name == "armature_request_errors_total") {
      reading.errors[std::string(label(sample, "error"))] += sample.value;
    } else if (sample.name == "armature_request_duration_seconds" && sample.histogram != nullptr) {
      reading.latencies[std::string(label(sample, "operation"))] = sample.histogram->snapshot();
    }
  }
  for (const api::UsedTable& used : read_tables_()) {
    reading.tables[used.table->id] = {{used.table->region, used.table->name}, used.totals};
  }
  return reading;
}

MetricsPoint MetricsHistory::difference(const Reading& reading) const {
  const auto grown = [&](std::string_view name) { return std::max(0.0, reading.sum(name) - last_->sum(name)); };
  MetricsPoint point;
  point.at_ms = reading.at_ms;
  point.requests = grown("armature_requests_total");
  point.errors = grown("armature_request_errors_total");
  for (const auto& [name, count] : reading.errors) {
    const auto before = last_->errors.find(name);
    const double more = before == last_->errors.end() ? count : count - before->second;
    if (more <= 0) continue;
    point.error_names[name] = more;
    if (is_throttle(name)) point.throttles += more;
    if (name == "InternalServerError") point.internal_errors += more;
  }
  point.shed = grown("armature_http_shed_total");
  point.background_failures = grown("armature_background_failures_total");
  point.read_units = grown("armature_consumed_read_half_units_total") / 2;
  point.write_units = grown("armature_consumed_write_half_units_total") / 2;
  Histogram::Snapshot all;
  for (const auto& [operation, after] : reading.latencies) {
    const auto before = last_->latencies.find(operation);
    const Histogram::Snapshot observed =
        before == last_->latencies.end() ? after : observed_between(before->second, after);
    if (observed.count == 0) continue;
    point.operations.push_back({operation, static_cast<double>(observed.count),
                                observed.quantile(0.5) / kNanosecondsPerMillisecond,
                                observed.quantile(0.99) / kNanosecondsPerMillisecond});
    add_to(observed, &all);
  }
  if (all.count > 0) {
    point.p50_ms = all.quantile(0.5) / kNanosecondsPerMillisecond;
    point.p99_ms = all.quantile(0.99) / kNanosecondsPerMillisecond;
  }
  return point;
}

void MetricsHistory::record_tables(const Reading& reading) {
  std::map<TableKey, TableUsage::Totals> used;
  for (const auto& [id, now] : reading.tables) {
    const auto before = last_->tables.find(id);
    const TableUsage::Totals grown =
        before == last_->tables.end() ? now.second : grown_since(before->second.second, now.second);
    if (grown.any()) used[now.first] += grown;
  }
  table_points_.push_back(std::move(used));
  if (table_points_.size() > kPoints) table_points_.pop_front();
}

void MetricsHistory::sample() {
  auto reading = std::make_unique<Reading>(read());
  const std::lock_guard guard(mutex_);
  points_.push_back(difference(*reading));
  if (points_.size() > kPoints) points_.pop_front();
  record_tables(*reading);
  last_ = std::move(reading);
}

std::size_t MetricsHistory::kept_points(std::int64_t seconds) const {
  return std::min(static_cast<std::size_t>(std::max<std::int64_t>(0, seconds) / kIntervalSeconds), points_.size());
}

std::vector<MetricsPoint> MetricsHistory::points(std::int64_t seconds) const {
  const std::lock_guard guard(mutex_);
  return {points_.end() - static_cast<std::ptrdiff_t>(kept_points(seconds)), points_.end()};
}

std::vector<TableActivity> MetricsHistory::tables(std::int64_t seconds) const {
  std::map<TableKey, TableUsage::Totals> sums;
  {
    const std::lock_guard guard(mutex_);
    for (std::size_t i = table_points_.size() - kept_points(seconds); i < table_points_.size(); ++i) {
      for (const auto& [key, grown] : table_points_[i]) sums[key] += grown;
    }
  }
  std::vector<TableActivity> activity;
  for (const auto& [key, sum] : sums) activity.push_back({.region = key.first, .table = key.second, .counts = sum});
  std::stable_sort(activity.begin(), activity.end(), [](const TableActivity& a, const TableActivity& b) {
    return a.counts.all_requests() > b.counts.all_requests();
  });
  return activity;
}

std::vector<TablePoint> MetricsHistory::table_points(const std::string& region, const std::string& table,
                                                     std::int64_t seconds) const {
  const TableKey key(region, table);
  std::vector<TablePoint> found;
  const std::lock_guard guard(mutex_);
  for (std::size_t i = points_.size() - kept_points(seconds); i < points_.size(); ++i) {
    const auto used = table_points_[i].find(key);
    found.push_back({points_[i].at_ms, used == table_points_[i].end() ? TableUsage::Totals() : used->second});
  }
  return found;
}

double MetricsHistory::latest(std::string_view metric) const {
  const std::lock_guard guard(mutex_);
  return last_->sum(metric);
}

std::int64_t MetricsHistory::uptime_seconds() const { return (clock_->now_ms() - started_at_ms_) / 1000; }

}  // namespace armature::console
