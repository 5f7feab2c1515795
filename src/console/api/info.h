// GET info: what a page may know before anybody signs in.
#pragma once

#include "console/routes.h"

namespace armature::console {

Task<ApiResult<void>> get_info(Services& services, ApiCall& call);
Task<ApiResult<void>> list_regions(Services& services, ApiCall& call);

}  // namespace armature::console
