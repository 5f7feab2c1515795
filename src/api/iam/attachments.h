// Managed policies attached to users, groups and roles, and used as permissions boundaries.
// Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> attach_user_policy(QueryCall& call);
Task<Result<void>> detach_user_policy(QueryCall& call);
Task<Result<void>> list_attached_user_policies(QueryCall& call);
Task<Result<void>> attach_group_policy(QueryCall& call);
Task<Result<void>> detach_group_policy(QueryCall& call);
Task<Result<void>> list_attached_group_policies(QueryCall& call);
Task<Result<void>> attach_role_policy(QueryCall& call);
Task<Result<void>> detach_role_policy(QueryCall& call);
Task<Result<void>> list_attached_role_policies(QueryCall& call);

Task<Result<void>> put_user_permissions_boundary(QueryCall& call);
Task<Result<void>> delete_user_permissions_boundary(QueryCall& call);
Task<Result<void>> put_role_permissions_boundary(QueryCall& call);
Task<Result<void>> delete_role_permissions_boundary(QueryCall& call);

}  // namespace armature::api
