// Temporary credentials. Source: STS API Reference, the pages of the operations; IAM User Guide, "Request temporary
// security credentials".
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> assume_role(QueryCall& call);
Task<Result<void>> get_session_token(QueryCall& call);
Task<Result<void>> get_federation_token(QueryCall& call);

}  // namespace armature::api
