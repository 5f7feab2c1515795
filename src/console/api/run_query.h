// POST queries/run: one page of a query, saved or not. POST queries/code: the same request as a program.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> run_query(Services& services, ApiCall& call);
Task<ApiResult<void>> show_query_code(Services& services, ApiCall& call);

}  // namespace armature::console
