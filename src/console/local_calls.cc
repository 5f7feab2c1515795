#include "console/local_calls.h"

#include <string>
#include <vector>

#include "auth/sigv4/signer.h"

namespace armature::console {

Task<http::Response> LocalCalls::call(const http::Request& outer, const LocalCall& call) const {
  std::vector<Header> headers{{"Host", "localhost"}, {"Content-Type", call.content_type}};
  if (!call.target.empty()) headers.push_back({"X-Amz-Target", call.target});
  const auth::SignedRequest to_sign{.method = "POST", .target = "/", .headers = headers, .body = call.body};
  const auth::AccessKey key{call.identity->access_key_id, call.identity->secret, std::string(call.session_token)};
  const auth::sigv4::SigningTarget target{call.region, call.service};
  const auth::sigv4::SignatureHeaders signature = auth::sigv4::sign(to_sign, key, target, clock_->now_s());
  headers.push_back({"X-Amz-Date", signature.amz_date});
  if (!signature.security_token.empty()) headers.push_back({"X-Amz-Security-Token", signature.security_token});
  headers.push_back({"Authorization", signature.authorization});

  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers = headers;
  request.body = request.raw_body = call.body;
  request.peer_address = outer.peer_address;
  request.secure = outer.secure;
  request.request_id = outer.request_id;
  co_return co_await dispatcher_->handle(request);
}

}  // namespace armature::console
