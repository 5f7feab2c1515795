// Groups and who is in them. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_group(QueryCall& call);
Task<Result<void>> get_group(QueryCall& call);
Task<Result<void>> list_groups(QueryCall& call);
Task<Result<void>> update_group(QueryCall& call);
Task<Result<void>> delete_group(QueryCall& call);
Task<Result<void>> add_user_to_group(QueryCall& call);
Task<Result<void>> remove_user_from_group(QueryCall& call);
Task<Result<void>> list_groups_for_user(QueryCall& call);

}  // namespace armature::api
