// queries, queries/{id}, queries/{id}/versions.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> list_queries(Services& services, ApiCall& call);
Task<ApiResult<void>> add_query(Services& services, ApiCall& call);
Task<ApiResult<void>> get_query(Services& services, ApiCall& call);
Task<ApiResult<void>> replace_query(Services& services, ApiCall& call);
Task<ApiResult<void>> remove_query(Services& services, ApiCall& call);
Task<ApiResult<void>> list_query_versions(Services& services, ApiCall& call);

}  // namespace armature::console
