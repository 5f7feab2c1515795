#include "console/operation_kind.h"

namespace armature::console {

bool changes_identities(std::string_view service, std::string_view action) {
  if (service == "sts") {
    return action != "GetCallerIdentity" && action != "GetAccessKeyInfo" && action != "DecodeAuthorizationMessage";
  }
  for (const std::string_view prefix : {"Get", "List", "Simulate"}) {
    if (action.starts_with(prefix)) return false;
  }
  return true;
}

}  // namespace armature::console
