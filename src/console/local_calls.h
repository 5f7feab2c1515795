// Calls to this server's own operations, without a network: signed with the caller's key like any other request and
// answered by the dispatcher, so that there is one way in and one authorization.
#pragma once

#include <memory>
#include <string_view>

#include "auth/credentials.h"
#include "base/clock.h"
#include "http/handler.h"

namespace armature::console {

struct LocalCall {
  const auth::Identity* identity = nullptr;
  std::string_view session_token;
  std::string_view region;
  std::string_view service;  // As signed: "dynamodb", "iam", "sts".
  std::string_view content_type;
  std::string_view target;  // X-Amz-Target; empty: none.
  std::string_view body;
};

// Thread-safe.
class LocalCalls {
 public:
  // Both must outlive this.
  LocalCalls(http::Handler* dispatcher, const Clock* clock) : dispatcher_(dispatcher), clock_(clock) {}

  // `outer` is the browser's request: where it came from is where the call comes from, and it lends its request id.
  Task<http::Response> call(const http::Request& outer, const LocalCall& call) const;

 private:
  http::Handler* const dispatcher_;
  const Clock* const clock_;
};

}  // namespace armature::console
