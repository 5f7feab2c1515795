// Managed policies and their versions. Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> create_policy(QueryCall& call);
Task<Result<void>> get_managed_policy(QueryCall& call);
Task<Result<void>> list_policies(QueryCall& call);
Task<Result<void>> delete_policy(QueryCall& call);
Task<Result<void>> create_policy_version(QueryCall& call);
Task<Result<void>> get_policy_version(QueryCall& call);
Task<Result<void>> list_policy_versions(QueryCall& call);
Task<Result<void>> delete_policy_version(QueryCall& call);
Task<Result<void>> set_default_policy_version(QueryCall& call);
Task<Result<void>> list_entities_for_policy(QueryCall& call);

// What is no ARN of a policy, or names none, is an error.
Result<auth::ManagedPolicyRef> find_policy(const auth::Identities& now, std::string_view arn);
// The same, and it may be changed.
Result<auth::ManagedPolicyRef> find_own_policy(const auth::Identities& now, std::string_view arn);

// The members of a Policy, as GetPolicy has them.
void write_managed_policy(const QueryCall& call, const auth::Identities& identities, const auth::ManagedPolicy& policy,
                          bool description_and_tags);
void write_policy_version(const QueryCall& call, const auth::ManagedPolicy& policy, const auth::PolicyVersion& version,
                          bool document);

}  // namespace armature::api
