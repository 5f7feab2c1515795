// GET metrics, metrics/{table} and health: what the server does, what a table is asked for, and what needs attention.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> get_metrics(Services& services, ApiCall& call);
Task<ApiResult<void>> get_table_metrics(Services& services, ApiCall& call);
Task<ApiResult<void>> get_health(Services& services, ApiCall& call);

}  // namespace armature::console
