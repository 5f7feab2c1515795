// Access keys of users. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_access_key(QueryCall& call);
Task<Result<void>> list_access_keys(QueryCall& call);
Task<Result<void>> update_access_key(QueryCall& call);
Task<Result<void>> delete_access_key(QueryCall& call);
Task<Result<void>> get_access_key_last_used(QueryCall& call);

}  // namespace armature::api
