#include "api/table_metrics.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace armature::api {
namespace {

using ByKind = std::array<std::uint64_t, 2>;

std::string labels_of(const TableDefinition& table) {
  std::string text = "region=\"";
  // Names of tables are letters, digits and "_.-"; those of regions are what clients sign for.
  for (const char c : table.region) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text.append("\",table=\"").append(table.name).append("\"");
}

void begin_family(std::string_view name, std::string_view help, std::string* out) {
  out->append("# HELP ").append(name).append(" ").append(help);
  out->append("\n# TYPE ").append(name).append(" counter\n");
}

void add_line(std::string_view name, std::string_view labels, std::uint64_t value, std::string* out) {
  out->append(name).append("{").append(labels).append("} ").append(std::to_string(value)).append("\n");
}

void add_by_kind(const std::vector<UsedTable>& tables, std::string_view name, std::string_view help,
                 ByKind TableUsage::Totals::*counts, std::string* out) {
  begin_family(name, help, out);
  for (const UsedTable& one : tables) {
    const std::string labels = labels_of(*one.table);
    add_line(name, labels + ",kind=\"read\"", (one.totals.*counts)[0], out);
    add_line(name, labels + ",kind=\"write\"", (one.totals.*counts)[1], out);
  }
}

void add_capacity(const std::vector<UsedTable>& tables, std::string_view name, std::string_view help,
                  std::uint64_t TableUsage::Totals::*half_units, std::string* out) {
  begin_family(name, help, out);
  for (const UsedTable& one : tables) add_line(name, labels_of(*one.table), one.totals.*half_units, out);
}

}  // namespace

std::vector<UsedTable> used_tables(const Catalog& catalog) {
  std::vector<UsedTable> used;
  for (TableRef& table : catalog.all()) {
    const TableUsage::Totals totals = table->usage->totals();
    if (totals.any()) used.push_back({std::move(table), totals});
  }
  return used;
}

// In the order of region and name, as scrapers compress that best.
std::vector<UsedTable> TableMetrics::shown_tables() {
  std::vector<UsedTable> used = used_tables(*catalog_);
  std::sort(used.begin(), used.end(), [](const UsedTable& a, const UsedTable& b) {
    return std::tie(a.table->region, a.table->name) < std::tie(b.table->region, b.table->name);
  });
  std::set<std::string> present;
  for (const UsedTable& one : used) present.insert(one.table->id);
  const std::lock_guard lock(mutex_);
  std::erase_if(shown_, [&](const std::string& id) { return !present.contains(id); });
  std::erase_if(used, [&](const UsedTable& one) {
    if (shown_.contains(one.table->id)) return false;
    if (shown_.size() >= most_tables_) return true;
    shown_.insert(one.table->id);
    return false;
  });
  return used;
}

std::string TableMetrics::render() {
  using Totals = TableUsage::Totals;
  const std::vector<UsedTable> tables = shown_tables();
  std::string out;
  if (tables.empty()) return out;
  add_by_kind(tables, "armature_table_errors_total", "Requests that reached a table and were answered with an error.",
              &Totals::errors, &out);
  add_capacity(tables, "armature_table_read_half_units_total", "Read capacity consumed, in half units.",
               &Totals::read_half_units, &out);
  add_by_kind(tables, "armature_table_requests_total", "Requests that reached a table.", &Totals::requests, &out);
  add_by_kind(tables, "armature_table_throttles_total",
              "Reads and writes refused because the throughput of the table or an index was used up.",
              &Totals::throttles, &out);
  add_capacity(tables, "armature_table_write_half_units_total", "Write capacity consumed, in half units.",
               &Totals::write_half_units, &out);
  return out;
}

}  // namespace armature::api
