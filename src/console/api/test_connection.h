// POST connections/test and connections/{name}/test: what stands between a connection and its tables, step by step.
#pragma once

#include "console/routes.h"

namespace armature::console {

// A form that need not be saved or have a name. Secrets it leaves out are those of the saved connection `savedAs`, or
// of its own name.
Task<ApiResult<void>> test_unsaved_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> test_saved_connection(Services& services, ApiCall& call);

}  // namespace armature::console
