// What a request says about its signature, in either form: an Authorization header, or X-Amz-* parameters of a
// presigned query. Source: IAM User Guide, "Elements of an AWS API request signature"; API Reference, "Common Errors".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "auth/authenticator.h"
#include "auth/sigv4/canonical_request.h"
#include "base/arena.h"
#include "model/error.h"

namespace armature::auth::sigv4 {

// Views into the request or the arena it was read with.
struct Authorization {
  std::string_view algorithm;
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  std::string_view date;           // As sent: of X-Amz-Date, else of the Date header.
  std::string_view session_token;  // Empty: none.
  std::string_view expires;        // X-Amz-Expires of a presigned query; empty: none.
  bool presigned = false;
  std::span<const QueryParameter> query;  // All parameters but the signature.
};

// Fails when there is no authorization, two, or an incomplete one; looks at no value yet.
Result<Authorization> read_authorization(const SignedRequest& request, Arena* arena);

// keyid/date/region/service/aws4_request.
struct Credential {
  std::string_view access_key_id;
  std::string_view date;
  std::string_view region;
  std::string_view service;
  std::string_view terminator;
};
// nullopt unless there are exactly five elements; slashes at the end are ignored.
std::optional<Credential> split_credential(std::string_view credential);

// The credential scope of a request, checked for nothing but its form; nullopt when there is none. To tell whom a
// request is meant for before it is authenticated.
std::optional<Credential> find_credential_scope(const SignedRequest& request, Arena* arena);

// Letters, digits, '-', '_' and '.', at most 64: every AWS region and what people call their own.
bool is_region_name(std::string_view region);

}  // namespace armature::auth::sigv4
