#include "console/api/metrics.h"

#include <algorithm>
#include <charconv>

#include "catalog/table_definition.h"
#include "console/health.h"
#include "console/process.h"
#include "console/roles.h"

namespace armature::console {
namespace {

constexpr std::int64_t kDefaultSeconds = 900;
constexpr std::int64_t kMostSeconds = 3600;

std::int64_t seconds_asked_for(const ApiCall& call) {
  const auto text = query_value(call, "seconds");
  std::int64_t seconds = kDefaultSeconds;
  if (text) std::from_chars(text->data(), text->data() + text->size(), seconds);
  return std::clamp<std::int64_t>(seconds, MetricsHistory::kIntervalSeconds, kMostSeconds);
}

void write_number(wire::JsonWriter* writer, std::string_view name, double value) {
  writer->key(name);
  writer->real(value);
}

void write_point(const MetricsPoint& point, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("t", point.at_ms / 1000);
  write_number(writer, "requests", point.requests);
  write_number(writer, "errors", point.errors);
  write_number(writer, "throttles", point.throttles);
  write_number(writer, "readUnits", point.read_units);
  write_number(writer, "writeUnits", point.write_units);
  write_number(writer, "p50Ms", point.p50_ms);
  write_number(writer, "p99Ms", point.p99_ms);
  writer->key("operations");
  writer->begin_object();
  for (const OperationActivity& operation : point.operations) {
    writer->key(operation.operation);
    writer->begin_object();
    write_number(writer, "requests", operation.requests);
    write_number(writer, "p50Ms", operation.p50_ms);
    write_number(writer, "p99Ms", operation.p99_ms);
    writer->end_object();
  }
  writer->end_object();
  writer->key("errorNames");
  writer->begin_object();
  for (const auto& [name, count] : point.error_names) write_number(writer, name, count);
  writer->end_object();
  writer->end_object();
}

double units(std::uint64_t half_units) { return static_cast<double>(half_units) / 2; }

void write_count(wire::JsonWriter* writer, std::string_view name, std::uint64_t value) {
  writer->member(name, static_cast<std::int64_t>(value));
}

// The names of tables, and what they are asked for, are for those who may look at them.
Result<void> may_look(const Services& services, const ApiCall& call, const TableActivity& table) {
  const std::string arn = table_arn(table.region, services.database.catalog.account_id(), table.table);
  return may(services, call, *call.who->identity, "dynamodb:DescribeTable", arn);
}

bool may_see(const Services& services, const ApiCall& call, const TableActivity& table) {
  return may_look(services, call, table).has_value();
}

// It may have been deleted since.
bool exists(const Services& services, const TableActivity& table) {
  return services.database.catalog.find(table.region, TableName{.name = table.table}) != nullptr;
}

void write_use(const TableUsage::Totals& counts, UsageKind kind, std::uint64_t half_units, std::string_view name,
               wire::JsonWriter* writer) {
  const auto at = static_cast<std::size_t>(kind);
  writer->key(name);
  writer->begin_object();
  write_count(writer, "requests", counts.requests[at]);
  write_count(writer, "errors", counts.errors[at]);
  write_count(writer, "throttles", counts.throttles[at]);
  write_number(writer, "units", units(half_units));
  writer->end_object();
}

void write_tables(const Services& services, const ApiCall& call, std::int64_t seconds, wire::JsonWriter* writer) {
  writer->begin_array();
  for (const TableActivity& table : services.history.tables(seconds)) {
    if (!may_see(services, call, table)) continue;
    writer->begin_object();
    writer->member("region", table.region);
    writer->member("name", table.table);
    write_count(writer, "requests", table.counts.all_requests());
    write_count(writer, "errors", table.counts.all_errors());
    write_count(writer, "throttles", table.counts.all_throttles());
    write_number(writer, "readUnits", units(table.counts.read_half_units));
    write_number(writer, "writeUnits", units(table.counts.write_half_units));
    writer->member_bool("exists", exists(services, table));
    writer->end_object();
  }
  writer->end_array();
}

// The counts are of this moment, not of the last reading.
void write_now(const Services& services, wire::JsonWriter* writer) {
  const MetricsHistory& history = services.history;
  writer->begin_object();
  writer->member("uptimeSeconds", history.uptime_seconds());
  write_number(writer, "connections", history.latest("armature_http_connections"));
  write_number(writer, "requestsInFlight", history.latest("armature_http_requests_in_flight"));
  write_number(writer, "requests", history.latest("armature_requests_total"));
  write_number(writer, "errors", history.latest("armature_request_errors_total"));
  writer->member("residentBytes", resident_bytes());
  if (!services.options.health.data_directory.empty()) {
    write_number(writer, "storageBytes",
                 history.latest("armature_storage_table_file_bytes") +
                     history.latest("armature_storage_blob_file_bytes") +
                     history.latest("armature_storage_memtable_bytes"));
    if (const auto space = disk_space(services.options.health.data_directory)) {
      writer->member("diskFreeBytes", space->free_bytes);
      writer->member("diskTotalBytes", space->total_bytes);
    }
  }
  writer->member("tables", static_cast<std::int64_t>(services.database.catalog.all().size()));
  writer->end_object();
}

}  // namespace

Task<ApiResult<void>> get_metrics(Services& services, ApiCall& call) {
  const std::int64_t seconds = seconds_asked_for(call);
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member("intervalSeconds", MetricsHistory::kIntervalSeconds);
  writer.key("points");
  writer.begin_array();
  for (const MetricsPoint& point : services.history.points(seconds)) write_point(point, &writer);
  writer.end_array();
  writer.key("tables");
  write_tables(services, call, seconds, &writer);
  writer.key("now");
  write_now(services, &writer);
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> get_table_metrics(Services& services, ApiCall& call) {
  const std::int64_t seconds = seconds_asked_for(call);
  const TableActivity asked{.region = query_value(call, "region").value_or(services.database.options.default_region),
                            .table = call.path_values[0]};
  if (auto allowed = may_look(services, call, asked); !allowed) {
    co_return refuse(403, "NotAllowed", std::move(allowed).error().message);
  }
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member("intervalSeconds", MetricsHistory::kIntervalSeconds);
  writer.key("points");
  writer.begin_array();
  for (const TablePoint& point : services.history.table_points(asked.region, asked.table, seconds)) {
    writer.begin_object();
    writer.member("t", point.at_ms / 1000);
    write_use(point.counts, UsageKind::kRead, point.counts.read_half_units, "reads", &writer);
    write_use(point.counts, UsageKind::kWrite, point.counts.write_half_units, "writes", &writer);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> get_health(Services& services, ApiCall& call) {
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.key("items");
  writer.begin_array();
  const auto may_name = [&](const TableActivity& table) { return may_see(services, call, table); };
  for (const HealthItem& item : health(services.options.health, services.history, services.database.clock, may_name)) {
    writer.begin_object();
    writer.member("severity", to_string(item.severity));
    writer.member("title", item.title);
    writer.member("detail", item.detail);
    if (!item.link.empty()) writer.member("link", item.link);
    if (item.table) {
      writer.key("table");
      writer.begin_object();
      writer.member("region", item.table->region);
      writer.member("name", item.table->table);
      writer.end_object();
    }
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

}  // namespace armature::console
