// Passwords of users, for the console. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_login_profile(QueryCall& call);
Task<Result<void>> get_login_profile(QueryCall& call);
Task<Result<void>> update_login_profile(QueryCall& call);
Task<Result<void>> delete_login_profile(QueryCall& call);
Task<Result<void>> change_password(QueryCall& call);

}  // namespace armature::api
