// What the operations on tables share: naming a table, and what planning needs to know.
#pragma once

#include <string_view>

#include "api/dynamodb/tables/plan.h"
#include "api/services.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

// The table meant by a name or an ARN; a malformed ARN is a kValidation error. Borrows from its argument.
Result<TableName> named_table(std::string_view name_or_arn);
// The table whose tags are meant: by ARN only. Indexes have no tags of their own, so the ARN of one is malformed here.
Result<TableName> tagged_table(std::string_view arn);

PlanContext plan_context(const Services& services);

}  // namespace armature::api
