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
  // Provisioned units one table or index may have.
  std::int64_t max_table_read_units = 40'000;
  std::int64_t max_table_write_units = 40'000;
  // After so many decreases on one UTC day, one an hour.
  std::int64_t max_throughput_decreases_per_day = 4;
};

// The definition of a new, ACTIVE table: a draft for Catalog::create, which adds account, region, ARN, ids and times.
Result<TableDefinition> plan_create_table(const CreateTableRequest& request, const PlanContext& context);

// Whether `current`, by its status, can be changed as requested now. An index that is being built can be deleted; apart
// from that, one index is created or deleted at a time, and nothing else meanwhile.
Result<void> check_may_update(const UpdateTableRequest& request, const TableDefinition& current);

// The checks of UpdateTable that need no table.
Result<void> check_update_table(const UpdateTableRequest& request);

// `current` with the request applied. Its status stays what it was, unless an index is to be built or dropped: then the
// index is CREATING or DELETING and the table UPDATING until whoever does that work says otherwise.
Result<TableDefinition> plan_update_table(const UpdateTableRequest& request, const TableDefinition& current,
                                          const PlanContext& context);

// What UpdateTimeToLive makes of `current`: ENABLING or DISABLING, until whoever makes or erases the expiry entries
// says otherwise (table/builder.h). `interval_ms`: between two changes, at least.
Result<TimeToLive> plan_time_to_live(const TimeToLiveSpecification& wanted, const TimeToLive& current,
                                     Clock::Millis now_ms, std::int64_t interval_ms);

}  // namespace armature::api
