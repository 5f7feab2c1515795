// Checks AWS Signature Version 4. Every refusal says what AWS says, in the order in which AWS looks.
// Source: IAM User Guide, "AWS Signature Version 4 for API requests"; "Troubleshoot Signature Version 4 signing for AWS
// API requests"; API Reference, "Common Errors".
#pragma once

#include "auth/authenticator.h"
#include "base/clock.h"

namespace armature::auth::sigv4 {

// How far a request's time may be from ours, in either direction.
inline constexpr int kMaxSkewMinutes = 15;

class Verifier final : public Authenticator {
 public:
  // Both must outlive the verifier.
  Verifier(const CredentialStore& credentials, const Clock& clock) : credentials_(credentials), clock_(clock) {}

  Result<Authenticated> authenticate(const SignedRequest& request, std::string_view service,
                                     Arena* arena) const override;

 private:
  Result<Authenticated> verify(const SignedRequest& request, std::string_view service, Arena* arena) const;

  const CredentialStore& credentials_;
  const Clock& clock_;
};

}  // namespace armature::auth::sigv4
