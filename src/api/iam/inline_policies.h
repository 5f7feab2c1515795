// Inline policies of users, groups and roles. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> put_user_policy(QueryCall& call);
Task<Result<void>> get_user_policy(QueryCall& call);
Task<Result<void>> list_user_policies(QueryCall& call);
Task<Result<void>> delete_user_policy(QueryCall& call);

Task<Result<void>> put_group_policy(QueryCall& call);
Task<Result<void>> get_group_policy(QueryCall& call);
Task<Result<void>> list_group_policies(QueryCall& call);
Task<Result<void>> delete_group_policy(QueryCall& call);

Task<Result<void>> put_role_policy(QueryCall& call);
Task<Result<void>> get_role_policy(QueryCall& call);
Task<Result<void>> list_role_policies(QueryCall& call);
Task<Result<void>> delete_role_policy(QueryCall& call);

}  // namespace armature::api
