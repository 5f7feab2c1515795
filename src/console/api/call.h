// POST call and query-protocol: any operation of the server, as the signed-in principal. POST permissions: what that
// principal may do.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> call_operation(Services& services, ApiCall& call);
Task<ApiResult<void>> call_query_protocol(Services& services, ApiCall& call);
Task<ApiResult<void>> check_permissions(Services& services, ApiCall& call);

}  // namespace armature::console
