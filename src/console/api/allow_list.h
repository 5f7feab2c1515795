// GET and PUT allow-list: which addresses may connect to the server at all. The same list as `armature allow-ip`'s.
#pragma once

#include "console/routes.h"

namespace armature::console {

// Both ask as the signed-in principal, whose policies decide (armature:GetAllowList, armature:PutAllowList).
Task<ApiResult<void>> get_allow_list(Services& services, ApiCall& call);
// {cidrs, force?}. Refused (409 WouldLockOut) when the caller's own address is not among them, unless forced.
Task<ApiResult<void>> put_allow_list(Services& services, ApiCall& call);

}  // namespace armature::console
