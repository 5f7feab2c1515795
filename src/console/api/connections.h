// connections, connections/{name}, connection-options.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> list_connections(Services& services, ApiCall& call);
Task<ApiResult<void>> add_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> get_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> replace_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> remove_connection(Services& services, ApiCall& call);
Task<ApiResult<void>> list_connection_options(Services& services, ApiCall& call);

}  // namespace armature::console
