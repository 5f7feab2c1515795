// Roles. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_role(QueryCall& call);
Task<Result<void>> get_role(QueryCall& call);
Task<Result<void>> list_roles(QueryCall& call);
Task<Result<void>> update_role(QueryCall& call);
Task<Result<void>> update_role_description(QueryCall& call);
Task<Result<void>> update_assume_role_policy(QueryCall& call);
Task<Result<void>> delete_role(QueryCall& call);

}  // namespace armature::api
