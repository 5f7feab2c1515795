// TableDescription: a table as the API describes it, with live figures.
// Source: API Reference, "TableDescription".
#pragma once

#include <map>
#include <string>

#include "api/services.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "storage/storage.h"
#include "wire/json.h"

namespace armature::api {

// Which reply describes the table; they differ in what they show.
enum class DescriptionKind : std::uint8_t {
  kChanged,    // CreateTable, UpdateTable: warm throughput only where it was asked for.
  kDescribed,  // DescribeTable: all there is.
  kDeleted,    // DeleteTable: status DELETING, no keys, no indexes.
};

struct TableDescription {
  TableRef table;
  DescriptionKind kind = DescriptionKind::kDescribed;
  Clock::Millis now_ms = 0;
  storage::KeySpaceStats stats;
  std::map<std::string, storage::KeySpaceStats> index_stats;  // By index name; of indexes that are counted.
};

// Looks up the figures of the table and its indexes.
Task<Result<TableDescription>> describe(Services& services, TableRef table, DescriptionKind kind);

// Writes the object, members in the order of the model.
void encode(const TableDescription& description, wire::JsonWriter* writer);

// What descriptions of streams have too: a time, in epoch seconds with a fraction, and "KeySchema".
void write_time(std::string_view name, Clock::Millis time_ms, wire::JsonWriter* writer);
void write_key_schema(const KeySchema& key, wire::JsonWriter* writer);

}  // namespace armature::api
