// Users. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_user(QueryCall& call);
Task<Result<void>> get_user(QueryCall& call);
Task<Result<void>> list_users(QueryCall& call);
Task<Result<void>> update_user(QueryCall& call);
Task<Result<void>> delete_user(QueryCall& call);

}  // namespace armature::api
