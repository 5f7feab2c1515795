// Who sent this request? The question api/ asks first, whatever the answer rests on.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "auth/credentials.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/header.h"
#include "model/error.h"

namespace armature::auth {

// A request as its signature covers it.
struct SignedRequest {
  std::string_view method;
  std::string_view target;  // Path and query, as sent.
  std::span<const Header> headers;
  BytesView body;                      // As sent: still packed when a Content-Encoding was given.
  std::string_view peer_address = {};  // Numeric, of who sent it; empty where nobody has: when signing.
};

// The views live as long as the request and the arena given with it.
struct Authenticated {
  std::shared_ptr<const Identity> identity;
  std::string_view region;
  std::string_view service;
  std::string_view date;  // YYYYMMDD.
};

// Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // `service` is the one the request is for, as its signature has to name it: "dynamodb" (Streams too), "iam", "sts".
  virtual Result<Authenticated> authenticate(const SignedRequest& request, std::string_view service,
                                             Arena* arena) const = 0;
};

// Takes everyone for the root principal of `account_id`, signed or not; for development. The region is that of the
// signature's scope when there is one that can be read.
class PermissiveAuthenticator final : public Authenticator {
 public:
  PermissiveAuthenticator(std::string default_region, std::string_view account_id);
  Result<Authenticated> authenticate(const SignedRequest& request, std::string_view service,
                                     Arena* arena) const override;

 private:
  const std::string default_region_;
  const std::shared_ptr<const Identity> root_;
};

}  // namespace armature::auth
