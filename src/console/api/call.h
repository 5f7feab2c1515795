// POST call and query-protocol: any operation of this server, as the signed-in principal, or of a saved connection.
// POST permissions: what that principal may do.
#pragma once

#include "connector/client.h"
#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> call_operation(Services& services, ApiCall& call);
Task<ApiResult<void>> call_query_protocol(Services& services, ApiCall& call);
Task<ApiResult<void>> check_permissions(Services& services, ApiCall& call);

// {type, message, …}: the error's other members as they came.
void write_call_error(const connector::CallError& error, Arena* arena, wire::JsonWriter* writer);

}  // namespace armature::console
