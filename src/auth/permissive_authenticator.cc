#include "auth/authenticator.h"
#include "auth/sigv4/authorization.h"

namespace armature::auth {

PermissiveAuthenticator::PermissiveAuthenticator(std::string default_region, std::string_view account_id)
    : default_region_(std::move(default_region)),
      root_(std::make_shared<const Identity>(Identity{
          .account_id = std::string(account_id),
          .principal_arn = root_arn(account_id),
          .user_id = std::string(account_id),
          .kind = PrincipalKind::kRoot,
      })) {}

Result<Authenticated> PermissiveAuthenticator::authenticate(const SignedRequest& request, std::string_view service,
                                                            Arena* arena) const {
  const auto scope = sigv4::find_credential_scope(request, arena);
  const bool readable = scope && sigv4::is_region_name(scope->region);
  return Authenticated{
      .identity = root_,
      .region = readable ? scope->region : std::string_view(default_region_),
      .service = service,
      .date = readable ? scope->date : std::string_view(),
  };
}

}  // namespace armature::auth
