// POST, GET and DELETE session: signing in, who am I, signing out.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> sign_in(Services& services, ApiCall& call);
Task<ApiResult<void>> get_session(Services& services, ApiCall& call);
Task<ApiResult<void>> sign_out(Services& services, ApiCall& call);

}  // namespace armature::console
