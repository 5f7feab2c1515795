// The key that signs one day's requests to one service of one region, derived from a secret access key.
// Source: IAM User Guide, "Create a signed AWS API request", step 3.
#pragma once

#include "auth/sigv4/canonical_request.h"
#include "auth/sigv4/digest.h"
#include "base/secret.h"

namespace armature::auth::sigv4 {

Digest derive_signing_key(const Secret& secret, const Scope& scope);

// The same, remembered: every thread keeps a bounded number of the keys it derived last (deriving costs four HMACs). A
// key is found by the secret itself, so a changed secret needs no invalidation. Good until this thread's next call.
const HmacKey& cached_signing_key(const Secret& secret, const Scope& scope);

}  // namespace armature::auth::sigv4
