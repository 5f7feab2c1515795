// What CreateTable and UpdateTable make of their requests: values in, a table definition out. No storage, no clock, no
// locks.
//
// The order of checks is visible to clients: what can be refused without looking at a table is refused first.
// Source: API Reference, "CreateTable", "UpdateTable"; Developer Guide, "Constraints in Amazon DynamoDB".
#pragma once

#include <cstdint>

#include "api/dynamodb/tables/requests.h"
#include "base/clock.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// What of the outside world planning depends on.
struct PlanContext {
  Clock::Millis now_ms = 0;
  bool streams_supported = false;
  // Adding and removing global indexes of a table that exists already.
  bool online_index_changes_supported = false;
  // Provisioned units one table or index may have.
  std::int64_t max_table_read_units = 40'000;
  std::int64_t max_table_write_units = 40'000;
  // After so many decreases on one UTC day, one an hour.
  std::int64_t max_throughput_decreases_per_day = 4;
};

// The definition of a new, ACTIVE table: a draft for Catalog::create, which adds account, region, ARN, ids and times.
Result<TableDefinition> plan_create_table(const CreateTableRequest& request, const PlanContext& context);

// The checks of UpdateTable that need no table.
Result<void> check_update_table(const UpdateTableRequest& request, const PlanContext& context);

// `current` with the request applied. Its status stays what it was, unless an index is to be built or dropped: then the
// index is CREATING (and backfilling) or DELETING and the table UPDATING until whoever does that work says otherwise.
Result<TableDefinition> plan_update_table(const UpdateTableRequest& request, const TableDefinition& current,
                                          const PlanContext& context);

// Leaves in `table->attribute_definitions` only what the table's key or one of its indexes uses.
void prune_attribute_definitions(TableDefinition* table);

}  // namespace armature::api
