// What a reply says about its cost: ConsumedCapacity and ItemCollectionMetrics.
// Source: API Reference, "ConsumedCapacity", "ItemCollectionMetrics".
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "api/dynamodb/parameters.h"
#include "catalog/table_definition.h"
#include "model/value.h"
#include "table/consumed_capacity.h"
#include "wire/json.h"

namespace armature::api {

// One ConsumedCapacity object.
struct CapacityReport {
  std::string_view table_name;  // As the request named the table.
  ConsumedCapacity consumed;
  bool by_index = false;  // INDEXES: one number for the table and for each index touched.
};

// The report the request asked for; nullopt for NONE.
std::optional<CapacityReport> report_capacity(const std::optional<ReturnConsumedCapacity>& wanted,
                                              std::string_view table_name, ConsumedCapacity consumed);

enum class CapacityDetail : std::uint8_t {
  kUnits,         // CapacityUnits alone.
  kReadAndWrite,  // Beside it ReadCapacityUnits or WriteCapacityUnits, as transactions report.
};
void write_capacity(const CapacityReport& report, wire::JsonWriter* writer,
                    CapacityDetail detail = CapacityDetail::kUnits);
// The member "ConsumedCapacity", if there is anything to say: one object, or a list of them.
void write_capacity_member(const std::optional<CapacityReport>& report, wire::JsonWriter* writer);
void write_capacity_members(std::span<const CapacityReport> reports, wire::JsonWriter* writer,
                            CapacityDetail detail = CapacityDetail::kUnits);

inline bool asks_for(const std::optional<ReturnItemCollectionMetrics>& wanted) {
  return wanted == ReturnItemCollectionMetrics::kSize;
}

// One ItemCollectionMetrics object. Only tables with a local index have item collections of limited size.
struct CollectionReport {
  Attribute partition_key;  // In the request's arena.
  std::int64_t size_bytes = 0;
};

// The report the request asked for. `key`: the primary key written; `size_bytes`: of its item collection; absent of
// tables without local indexes.
std::optional<CollectionReport> report_collection(const std::optional<ReturnItemCollectionMetrics>& wanted,
                                                  std::span<const Attribute> key,
                                                  const std::optional<std::int64_t>& size_bytes);
// Adds a report to those of the same table, which name each collection once.
void add_collection(const CollectionReport& report, std::vector<CollectionReport>* reports);
void write_collection(const CollectionReport& report, wire::JsonWriter* writer);
void write_collection_member(const std::optional<CollectionReport>& report, wire::JsonWriter* writer);

}  // namespace armature::api
