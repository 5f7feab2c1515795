// Principals put together from what is stored: who a key or session stands for, and the policies it acts under.
// Source: IAM User Guide, "Policy evaluation logic".
#pragma once

#include <memory>
#include <string_view>

#include "auth/credentials.h"
#include "auth/iam/principal.h"
#include "auth/identity/identities.h"
#include "auth/sts/session_token.h"

namespace armature::auth {

std::shared_ptr<const iam::PrincipalPolicies> policies_of(const Identities& identities, const User& user);
std::shared_ptr<const iam::PrincipalPolicies> policies_of(const Identities& identities, const Role& role);

// The user as the owner of `key`.
std::shared_ptr<const Identity> user_identity(const Identities& identities, const User& user, const UserAccessKey& key);

// nullptr when what the session stands on is gone: its role, its user, or the key that asked for it. `root_key_id` is
// the key whose sessions are root's.
std::shared_ptr<const Identity> session_identity(const Identities& identities, sts::Session session,
                                                 std::string_view root_key_id);

}  // namespace armature::auth
