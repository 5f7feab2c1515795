#include "api/authorizer.h"

#include <string>

#include "api/context.h"

namespace armature::api {

Result<void> RootAuthorizer::authorize(const RequestContext& context, const AccessRequest& access) const {
  if (context.identity->kind == auth::PrincipalKind::kRoot) return {};
  const std::string reason = "because no identity-based policy allows the " + std::string(access.action) + " action";
  return Unexpected(access_denied(context, access.action, access.resource_arn, reason));
}

Error access_denied(const RequestContext& context, std::string_view action, std::string_view resource_arn,
                    std::string_view reason) {
  std::string message = "User: " + context.identity->principal_arn + " is not authorized to perform: ";
  message.append(action).append(" on resource: ").append(resource_arn);
  if (!reason.empty()) message.append(" ").append(reason);
  return {ErrorCode::kAccessDenied, std::move(message), {}};
}

}  // namespace armature::api
