// The policy simulator: what would be decided, and by which statement. Source: IAM API Reference, the pages of the
// operations; IAM User Guide, "Testing IAM policies with the IAM policy simulator".
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> simulate_principal_policy(QueryCall& call);
Task<Result<void>> simulate_custom_policy(QueryCall& call);
Task<Result<void>> get_context_keys_for_principal_policy(QueryCall& call);
Task<Result<void>> get_context_keys_for_custom_policy(QueryCall& call);

}  // namespace armature::api
