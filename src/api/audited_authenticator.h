// Tells the audit log of every signature that does not hold.
#pragma once

#include "api/audit_log.h"
#include "auth/authenticator.h"
#include "base/clock.h"

namespace armature::api {

// Thread-safe. Put it below auth::BrakedAuthenticator, so that whoever is held back does not fill the log.
class AuditedAuthenticator final : public auth::Authenticator {
 public:
  // All must outlive it; `log` may be nullptr: there is none.
  AuditedAuthenticator(const auth::Authenticator& inner, const Clock& clock, AuditLog* log)
      : inner_(inner), clock_(clock), log_(log) {}

  Result<auth::Authenticated> authenticate(const auth::SignedRequest& request, std::string_view service,
                                           Arena* arena) const override;

 private:
  const auth::Authenticator& inner_;
  const Clock& clock_;
  AuditLog* const log_;
};

}  // namespace armature::api
