// The settings of a table that have little to do with each other: encryption, stream, class, tags.
#pragma once

#include <map>
#include <span>
#include <string>

#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/requests.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// Source: API Reference, "SSESpecification".
Result<void> plan_encryption(const SseSpecification& input, TableDefinition* table);

// A stream for a new table.
// Source: API Reference, "StreamSpecification".
Result<void> plan_new_stream(const StreamSpecification& input, const PlanContext& context, TableDefinition* table);
// Switches the stream of `table` on, as a new one, or off.
Result<void> plan_stream_change(const StreamSpecification& input, const PlanContext& context, TableDefinition* table);

// Adds tags or replaces their values; nothing is changed when one is refused.
// Source: Developer Guide, "Tagging restrictions in DynamoDB".
Result<void> add_tags(std::span<const Tag> added, std::map<std::string, std::string>* tags);

}  // namespace armature::api
