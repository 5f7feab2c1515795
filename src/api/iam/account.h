// The account: its alias, its figures, everything in it at once, and what it has none of.
// Source: IAM API Reference, the pages of the operations.
#pragma once

#include "api/query_operations.h"

namespace armature::api {

Task<Result<void>> get_account_summary(QueryCall& call);
Task<Result<void>> get_account_authorization_details(QueryCall& call);
Task<Result<void>> list_account_aliases(QueryCall& call);
Task<Result<void>> create_account_alias(QueryCall& call);
Task<Result<void>> delete_account_alias(QueryCall& call);

// Lists of what users and roles cannot have here. Terraform asks for them before it deletes a user or a role.
Task<Result<void>> list_ssh_public_keys(QueryCall& call);
Task<Result<void>> list_mfa_devices(QueryCall& call);
Task<Result<void>> list_virtual_mfa_devices(QueryCall& call);
Task<Result<void>> list_signing_certificates(QueryCall& call);
Task<Result<void>> list_service_specific_credentials(QueryCall& call);
Task<Result<void>> list_instance_profiles_for_role(QueryCall& call);

}  // namespace armature::api
