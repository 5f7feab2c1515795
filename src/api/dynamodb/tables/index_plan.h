// Local and global secondary indexes of a request, checked and turned into definitions. Their ids and key spaces are
// the catalog's to give. Source: API Reference, "LocalSecondaryIndex", "GlobalSecondaryIndex", "Projection".
#pragma once

#include <cstddef>

#include "api/dynamodb/tables/plan.h"
#include "api/dynamodb/tables/requests.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// `table` brings key and attribute definitions.
Result<IndexDefinition> plan_local_index(const LocalSecondaryIndexInput& input, std::size_t position,
                                         const TableDefinition& table);
// `table` brings attribute definitions and billing mode.
Result<IndexDefinition> plan_global_index(const GlobalSecondaryIndexInput& input, const TableDefinition& table,
                                          const PlanContext& context);

// At most 5 local and 20 global ones.
Result<void> check_index_counts(std::size_t local_indexes, std::size_t global_indexes);
// What holds for all the indexes of a table together: how many, unique names, projected attributes.
Result<void> check_indexes_together(const TableDefinition& table);

}  // namespace armature::api
