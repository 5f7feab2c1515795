// What the server did over the last hour: the counters of the metrics registry and of the tables, read every few
// seconds and kept as differences, for the console's charts and its list of what needs attention. Kept in memory, per
// node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/table_metrics.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/metrics.h"

namespace armature::console {

// What happened between two readings.
struct OperationActivity {
  std::string operation;
  double requests = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};
struct MetricsPoint {
  Clock::Millis at_ms = 0;  // When the interval ended.
  double requests = 0;
  double errors = 0;  // Of every kind, throttles included.
  double throttles = 0;
  double internal_errors = 0;
  double shed = 0;  // Refused because too much was going on.
  double background_failures = 0;
  double read_units = 0;
  double write_units = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  std::vector<OperationActivity> operations;  // Those that were called.
  std::map<std::string, double> error_names;  // How many of each; none that did not happen.
};

// Of one table over a time asked for.
struct TableActivity {
  std::string region;
  std::string table;
  TableUsage::Totals counts;
};
// Of one table between two readings.
struct TablePoint {
  Clock::Millis at_ms = 0;
  TableUsage::Totals counts;
};

// Thread-safe.
class MetricsHistory {
 public:
  static constexpr std::int64_t kIntervalSeconds = 5;
  static constexpr std::size_t kPoints = 3600 / kIntervalSeconds;

  using ReadTables = std::function<std::vector<api::UsedTable>()>;

  // All must outlive the history. `read_tables` is called with each reading, on whatever thread that is on.
  MetricsHistory(const MetricsRegistry* registry, const Clock* clock, ReadTables read_tables);
  ~MetricsHistory();

  // Reads the counters every interval, on `executor`, until this is destroyed.
  void start(Executor* executor);
  // Reads them once.
  void sample();

  // The points of the last `seconds`, oldest first.
  std::vector<MetricsPoint> points(std::int64_t seconds) const;
  // The tables used within the last `seconds`, busiest first.
  std::vector<TableActivity> tables(std::int64_t seconds) const;
  // What one table was asked for in each interval of the last `seconds`, idle ones included, oldest first.
  std::vector<TablePoint> table_points(const std::string& region, const std::string& table, std::int64_t seconds) const;
  // The gauge or counter as it was read last, summed over its labels; 0 when there is none.
  double latest(std::string_view metric) const;
  std::int64_t uptime_seconds() const;

 private:
  using TableKey = std::pair<std::string, std::string>;  // Region, name.
  struct Reading;
  struct Ticking;

  static void tick(std::shared_ptr<Ticking> ticking);
  Reading read() const;
  std::size_t kept_points(std::int64_t seconds) const;  // Called with mutex_ held.
  MetricsPoint difference(const Reading& reading) const;
  void record_tables(const Reading& reading);

  const MetricsRegistry* const registry_;
  const Clock* const clock_;
  const ReadTables read_tables_;
  const Clock::Millis started_at_ms_;
  std::shared_ptr<Ticking> ticking_;

  mutable std::mutex mutex_;
  std::unique_ptr<Reading> last_;    // Guarded by mutex_.
  std::deque<MetricsPoint> points_;  // Guarded by mutex_; oldest first.
  // Guarded by mutex_. Beside each point, what tables were asked for in that interval: only those that were, so that
  // idle ones cost nothing.
  std::deque<std::map<TableKey, TableUsage::Totals>> table_points_;
};

}  // namespace armature::console
