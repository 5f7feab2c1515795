// What TagResource and UntagResource share: one change of the tags of a table.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "api/context.h"
#include "api/services.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"

namespace armature::api {

using Tags = std::map<std::string, std::string>;
// Edits tags in place, or says no. May run more than once, on fresh tags each time.
using TagChange = std::function<Result<void>(Tags* tags)>;

// Applies `change` to the tags of the table `arn` names, parsed into `name`. A table that is being created or deleted
// is kResourceInUse; an UPDATING one can be tagged, as building an index may take hours.
Task<Result<void>> change_tags(Services& services, const RequestContext& context, std::string_view arn,
                               const TableName& name, const TagChange& change);

}  // namespace armature::api
