// Who is asking. Source: STS API Reference, "GetCallerIdentity", "GetAccessKeyInfo".
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> get_caller_identity(QueryCall& call);
Task<Result<void>> get_access_key_info(QueryCall& call);

}  // namespace armature::api
