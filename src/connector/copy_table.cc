#include "connector/copy_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/when_all.h"
#include "connector/json_text.h"
#include "wire/json_reader.h"

namespace armature::connector {
namespace {

using wire::Json;

// A page is put whole before an interruption ends the copy and before progress shows it, so pages of small items are
// kept smaller than the megabyte a Scan would return.
constexpr std::int64_t kItemsPerPage = 1000;

std::string scan_body(const std::string& table, std::size_t segment, std::size_t segments, const std::string& last_key,
                      bool count) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.member("TableName", table);
  if (segments > 1) {
    writer.member("Segment", static_cast<std::int64_t>(segment));
    writer.member("TotalSegments", static_cast<std::int64_t>(segments));
  }
  count ? writer.member("Select", "COUNT") : writer.member("Limit", kItemsPerPage);
  writer.member_bool("ConsistentRead", true);
  if (!last_key.empty()) writer.key("ExclusiveStartKey"), writer.raw(last_key);
  writer.end_object();
  return body;
}

Task<CallResult<void>> scan_segment(const TableScan& scan, std::size_t segment) {
  SegmentState& state = scan.state->segments[segment];
  while (!state.done && !scan.cancelled->load()) {
    auto reply = co_await scan.connection->call(
        Service::kDynamoDb, "Scan", scan_body(scan.table, segment, scan.state->segments.size(), state.last_key, false));
    if (!reply) co_return Unexpected(std::move(reply.error()));
    std::vector<std::string> items;
    std::string last_key;
    {
      Arena arena;
      const auto json = wire::parse_json(reply->body, &arena);
      const Json* const found = json ? (*json)->find("Items") : nullptr;
      for (const Json& item : found != nullptr ? found->elements : std::span<const Json>())
        items.push_back(json_text(item));
      const Json* const key = json ? (*json)->find("LastEvaluatedKey") : nullptr;
      if (key != nullptr) last_key = json_text(*key);
    }
    const std::size_t count = items.size();
    auto taken = co_await scan.take(std::move(items));
    if (!taken) co_return Unexpected(std::move(taken.error()));
    state.items += count;
    state.last_key = last_key;
    state.done = last_key.empty();
    scan.changed();
  }
  co_return CallResult<void>();
}

Task<CallResult<std::uint64_t>> count_segment(OpenConnection* connection, std::string table, std::size_t segment,
                                              std::size_t segments) {
  std::uint64_t total = 0;
  std::string last_key;
  while (true) {
    auto reply =
        co_await connection->call(Service::kDynamoDb, "Scan", scan_body(table, segment, segments, last_key, true));
    if (!reply) co_return Unexpected(std::move(reply.error()));
    Arena arena;
    const auto json = wire::parse_json(reply->body, &arena);
    const Json* const count = json ? (*json)->find("Count") : nullptr;
    const Json* const key = json ? (*json)->find("LastEvaluatedKey") : nullptr;
    if (count != nullptr) total += static_cast<std::uint64_t>(wire::as_long(*count) ? *wire::as_long(*count) : 0);
    if (key == nullptr) co_return total;
    last_key = json_text(*key);
  }
}

void copy_member(const Json& from, std::string_view name, wire::JsonWriter* writer) {
  const Json* const member = from.find(name);
  if (member == nullptr) return;
  writer->key(name);
  write_json(*member, writer);
}

// {ReadCapacityUnits, WriteCapacityUnits} of a description that also tells when they changed.
void copy_throughput(const Json& from, wire::JsonWriter* writer) {
  const Json* const throughput = from.find("ProvisionedThroughput");
  if (throughput == nullptr) return;
  writer->key("ProvisionedThroughput");
  writer->begin_object();
  copy_member(*throughput, "ReadCapacityUnits", writer);
  copy_member(*throughput, "WriteCapacityUnits", writer);
  writer->end_object();
}

void copy_indexes(const Json& table, std::string_view kind, bool throughput, wire::JsonWriter* writer) {
  const Json* const indexes = table.find(kind);
  if (indexes == nullptr || indexes->elements.empty()) return;
  writer->key(kind);
  writer->begin_array();
  for (const Json& index : indexes->elements) {
    writer->begin_object();
    for (const std::string_view name : {"IndexName", "KeySchema", "Projection"}) copy_member(index, name, writer);
    if (throughput) copy_throughput(index, writer);
    writer->end_object();
  }
  writer->end_array();
}

}  // namespace

std::uint64_t CopyState::items() const {
  return std::accumulate(segments.begin(), segments.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const SegmentState& segment) { return sum + segment.items; });
}

bool CopyState::done() const {
  return std::all_of(segments.begin(), segments.end(), [](const SegmentState& segment) { return segment.done; });
}

std::string copy_state_json(const CopyState& state) {
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  writer.key("segments");
  writer.begin_array();
  for (const SegmentState& segment : state.segments) {
    writer.begin_object();
    writer.member_bool("done", segment.done);
    writer.member("items", static_cast<std::int64_t>(segment.items));
    if (!segment.last_key.empty()) writer.key("lastKey"), writer.raw(segment.last_key);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return text;
}

Result<CopyState> read_copy_state(BytesView text) {
  Arena arena;
  const auto json = wire::parse_json(text, &arena);
  const Json* const segments = json ? (*json)->find("segments") : nullptr;
  if (segments == nullptr || !segments->is(Json::Kind::kArray) || segments->elements.empty())
    return invalid("it is no state of a copy");
  CopyState state;
  for (const Json& element : segments->elements) {
    SegmentState segment;
    const Json* const done = element.find("done");
    const Json* const items = element.find("items");
    const Json* const key = element.find("lastKey");
    if (done == nullptr || items == nullptr) return invalid("it is no state of a copy");
    segment.done = done->boolean;
    TRY_ASSIGN(const std::int64_t count, wire::as_long(*items));
    segment.items = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    if (key != nullptr) segment.last_key = json_text(*key);
    state.segments.push_back(std::move(segment));
  }
  return state;
}

Task<CallResult<void>> scan_table(const TableScan& scan) {
  std::vector<Task<CallResult<void>>> tasks;
  for (std::size_t i = 0; i < scan.state->segments.size(); ++i) tasks.push_back(scan_segment(scan, i));
  auto results = co_await when_all(std::move(tasks));
  for (CallResult<void>& result : results) {
    if (!result) co_return Unexpected(std::move(result.error()));
  }
  co_return CallResult<void>();
}

Task<CallResult<std::uint64_t>> count_items(OpenConnection* connection, std::string table, int segments) {
  std::vector<Task<CallResult<std::uint64_t>>> tasks;
  tasks.reserve(static_cast<std::size_t>(segments));
  for (int i = 0; i < segments; ++i) {
    tasks.push_back(count_segment(connection, table, static_cast<std::size_t>(i), static_cast<std::size_t>(segments)));
  }
  auto results = co_await when_all(std::move(tasks));
  std::uint64_t total = 0;
  for (CallResult<std::uint64_t>& result : results) {
    if (!result) co_return Unexpected(std::move(result.error()));
    total += *result;
  }
  co_return total;
}

Result<std::string> create_request_like(BytesView describe_table_reply, std::string_view name) {
  Arena arena;
  const auto json = wire::parse_json(describe_table_reply, &arena);
  const Json* const table = json ? (*json)->find("Table") : nullptr;
  if (table == nullptr || table->find("KeySchema") == nullptr) return invalid("the table's description cannot be read");
  const Json* const billing = table->find("BillingModeSummary");
  const Json* const mode = billing != nullptr ? billing->find("BillingMode") : nullptr;
  const bool on_demand = mode != nullptr && mode->text == "PAY_PER_REQUEST";
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  writer.member("TableName", name);
  copy_member(*table, "AttributeDefinitions", &writer);
  copy_member(*table, "KeySchema", &writer);
  writer.member("BillingMode", on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
  if (!on_demand) copy_throughput(*table, &writer);
  copy_indexes(*table, "LocalSecondaryIndexes", false, &writer);
  copy_indexes(*table, "GlobalSecondaryIndexes", !on_demand, &writer);
  writer.end_object();
  return text;
}

}  // namespace armature::connector
