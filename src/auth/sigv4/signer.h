// Signs requests, for the clients this project has.
// Source: IAM User Guide, "Create a signed AWS API request".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "auth/authenticator.h"
#include "auth/credentials.h"

namespace armature::auth::sigv4 {

struct SigningTarget {
  std::string_view region;
  std::string_view service;
};

// The headers to send beside those that were signed.
struct SignatureHeaders {
  std::string amz_date;        // X-Amz-Date.
  std::string security_token;  // X-Amz-Security-Token; empty: leave it out.
  std::string authorization;   // Authorization.
};

// Signs the request with all headers it has, which must include Host and must reach the server unchanged; leave out
// what proxies touch. None of the headers above may be among them. `now_s` is seconds since 1970. Safe from any thread.
SignatureHeaders sign(const SignedRequest& request, const AccessKey& key, const SigningTarget& target,
                      std::int64_t now_s);

// The target (path and query) of a presigned form of the request, good for `lifetime_s` seconds. The headers it has,
// Host among them, must be sent with it.
std::string presign(const SignedRequest& request, const AccessKey& key, const SigningTarget& target, std::int64_t now_s,
                    std::int64_t lifetime_s);

}  // namespace armature::auth::sigv4
