// What tables were asked for, as metrics: armature_table_… in /metrics, labelled with region and table.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/table_usage.h"

namespace armature::api {

struct UsedTable {
  TableRef table;
  TableUsage::Totals totals;
};
// Every table that was asked for anything.
std::vector<UsedTable> used_tables(const Catalog& catalog);

// Thread-safe.
class TableMetrics {
 public:
  // What a scraper can still digest. Tables beyond that count on, and are in the console, but not in /metrics until
  // others are deleted.
  static constexpr std::size_t kMostTables = 500;

  // `catalog` must outlive this.
  explicit TableMetrics(const Catalog* catalog, std::size_t most_tables = kMostTables)
      : catalog_(catalog), most_tables_(most_tables) {}

  // In Prometheus' text format, as MetricsRegistry::render(); empty when no table was asked for anything.
  std::string render();

 private:
  std::vector<UsedTable> shown_tables();

  const Catalog* const catalog_;
  const std::size_t most_tables_;
  std::mutex mutex_;
  // By id; guarded by mutex_. A table that is shown stays shown, or its counters would seem to begin again and again.
  std::set<std::string> shown_;
};

}  // namespace armature::api
