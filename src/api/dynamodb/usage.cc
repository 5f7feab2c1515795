#include "api/dynamodb/usage.h"

#include <algorithm>

#include "model/capacity.h"
#include "wire/attribute_json.h"

namespace armature::api {
namespace {

void write_units(const CapacityAmount& amount, CapacityDetail detail, wire::JsonWriter* writer) {
  const auto write = [&](std::string_view name, std::int64_t half_units) {
    writer->key(name);
    writer->real(to_capacity_units(static_cast<std::uint64_t>(half_units)));
  };
  write("CapacityUnits", amount.half_units());
  if (detail == CapacityDetail::kUnits) return;
  if (amount.read_half_units > 0) write("ReadCapacityUnits", amount.read_half_units);
  if (amount.write_half_units > 0) write("WriteCapacityUnits", amount.write_half_units);
}

void write_amount(std::string_view name, const CapacityAmount& amount, CapacityDetail detail,
                  wire::JsonWriter* writer) {
  writer->key(name);
  writer->begin_object();
  write_units(amount, detail, writer);
  writer->end_object();
}

void write_indexes(std::string_view name, bool global, const CapacityReport& report, CapacityDetail detail,
                   wire::JsonWriter* writer) {
  const auto& indexes = report.consumed.indexes;
  if (std::none_of(indexes.begin(), indexes.end(), [&](const IndexCapacity& i) { return i.global == global; })) return;
  writer->key(name);
  writer->begin_object();
  for (const IndexCapacity& index : indexes) {
    if (index.global == global) write_amount(index.index_name, index.amount, detail, writer);
  }
  writer->end_object();
}

constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;

}  // namespace

std::optional<CapacityReport> report_capacity(const std::optional<ReturnConsumedCapacity>& wanted,
                                              std::string_view table_name, ConsumedCapacity consumed) {
  if (!wanted || *wanted == ReturnConsumedCapacity::kNone) return std::nullopt;
  return CapacityReport{table_name, std::move(consumed), *wanted == ReturnConsumedCapacity::kIndexes};
}

void write_capacity(const CapacityReport& report, wire::JsonWriter* writer, CapacityDetail detail) {
  writer->begin_object();
  writer->member("TableName", report.table_name);
  write_units(report.consumed.total(), detail, writer);
  if (report.by_index) {
    write_amount("Table", report.consumed.table, detail, writer);
    write_indexes("LocalSecondaryIndexes", false, report, detail, writer);
    write_indexes("GlobalSecondaryIndexes", true, report, detail, writer);
  }
  writer->end_object();
}

void write_capacity_member(const std::optional<CapacityReport>& report, wire::JsonWriter* writer) {
  if (!report) return;
  writer->key("ConsumedCapacity");
  write_capacity(*report, writer);
}

void write_capacity_members(std::span<const CapacityReport> reports, wire::JsonWriter* writer, CapacityDetail detail) {
  if (reports.empty()) return;
  writer->key("ConsumedCapacity");
  writer->begin_array();
  for (const CapacityReport& report : reports) write_capacity(report, writer, detail);
  writer->end_array();
}

std::optional<CollectionReport> report_collection(const std::optional<ReturnItemCollectionMetrics>& wanted,
                                                  std::span<const Attribute> key,
                                                  const std::optional<std::int64_t>& size_bytes) {
  if (!asks_for(wanted) || !size_bytes) return std::nullopt;
  return CollectionReport{key.front(), *size_bytes};
}

// Of several writes of one collection that ran at once, the last to be decided need not be the last in the list.
void add_collection(const CollectionReport& report, std::vector<CollectionReport>* reports) {
  for (CollectionReport& known : *reports) {
    if (known.partition_key.value != report.partition_key.value) continue;
    known.size_bytes = std::max(known.size_bytes, report.size_bytes);
    return;
  }
  reports->push_back(report);
}

// The estimate is a range of one gigabyte around the size.
void write_collection(const CollectionReport& report, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("ItemCollectionKey");
  wire::write_attributes({&report.partition_key, 1}, writer);
  writer->key("SizeEstimateRangeGB");
  writer->begin_array();
  const auto low = static_cast<double>(report.size_bytes / kGigabyte);
  writer->real(low);
  writer->real(low + 1);
  writer->end_array();
  writer->end_object();
}

void write_collection_member(const std::optional<CollectionReport>& report, wire::JsonWriter* writer) {
  if (!report) return;
  writer->key("ItemCollectionMetrics");
  write_collection(*report, writer);
}

}  // namespace armature::api
