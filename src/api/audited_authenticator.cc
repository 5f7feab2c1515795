#include "api/audited_authenticator.h"

#include "auth/sigv4/authorization.h"

namespace armature::api {

Result<auth::Authenticated> AuditedAuthenticator::authenticate(const auth::SignedRequest& request,
                                                               std::string_view service, Arena* arena) const {
  Result<auth::Authenticated> caller = inner_.authenticate(request, service, arena);
  // The console signs for those who sign in to it, and tells of that itself.
  const bool sent_by_client = !request.peer_address.empty();
  if (caller || log_ == nullptr || !sent_by_client) return caller;
  const auto scope = auth::sigv4::find_credential_scope(request, arena);
  write_event(log_, clock_,
              {.event = "signature",
               .access_key_id = scope ? scope->access_key_id : std::string_view(),
               .source = request.peer_address,
               .outcome = "denied",
               .reason = caller.error().message});
  return caller;
}

}  // namespace armature::api
