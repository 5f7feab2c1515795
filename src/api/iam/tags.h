// Tags of users, roles and managed policies. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> tag_user(QueryCall& call);
Task<Result<void>> untag_user(QueryCall& call);
Task<Result<void>> list_user_tags(QueryCall& call);

Task<Result<void>> tag_role(QueryCall& call);
Task<Result<void>> untag_role(QueryCall& call);
Task<Result<void>> list_role_tags(QueryCall& call);

Task<Result<void>> tag_policy(QueryCall& call);
Task<Result<void>> untag_policy(QueryCall& call);
Task<Result<void>> list_policy_tags(QueryCall& call);

}  // namespace armature::api
