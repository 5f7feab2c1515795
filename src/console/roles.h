// Which role a principal has in the console, and what its policies let it do.
#pragma once

#include <string_view>

#include "console/api_call.h"
#include "console/services.h"

namespace armature::console {

// Whether the principal may do `action` on the resource: asks the authorizer that would decide the call itself, with
// everything it knows but the request's own content. When not, the error carries the sentence a denied call answers.
Result<void> may(const Services& services, const ApiCall& call, const auth::Identity& identity, std::string_view action,
                 std::string_view resource_arn);

// What the tag ConsoleRole of the user behind the identity says; nullopt: nothing. Root cannot be restrained.
std::optional<ConsoleRole> given_role(const Services& services, const auth::Identity& identity);

// The root principal and those who may manage users are admins; those who may change any table or make one are
// editors; the others are viewers.
ConsoleRole derived_role(const Services& services, const ApiCall& call, const auth::Identity& identity);

}  // namespace armature::console
