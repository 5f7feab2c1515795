// The statuses a table passes through. With ServiceOptions::table_transition_ms 0 a change shows at once; otherwise the
// table is CREATING, UPDATING or DELETING for that long, as clients that wait for tables know it from DynamoDB. The
// status is stored, so a transition that a restart cuts short goes on afterwards. Source: Developer Guide, "Basic
// operations on DynamoDB tables"; API Reference, "TableDescription", "TableStatus".
#pragma once

#include "api/services.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// kResourceInUse while a table is in transition.
Result<void> check_not_in_transition(const TableDefinition& table);

bool transitions_take_time(const Services& services);

// Gives `table` the status `status` if transitions take time.
void begin_transition(const Services& services, TableStatus status, TableDefinition* table);

// What a table that is CREATING or UPDATING becomes. It stays UPDATING as long as an index is being built or dropped.
TableDefinition settled(TableDefinition table);

// Ends the transition of `table` after the configured time, on the current executor. Nothing to do for an ACTIVE table.
void schedule_transition(Services& services, const TableDefinition& table);

// The same for every table that is in transition: call once at start, on an executor, after Catalog::load().
void resume_transitions(Services& services);

}  // namespace armature::api
