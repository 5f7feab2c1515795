#include "console/local_transport.h"

#include <fmt/format.h>

#include <chrono>
#include <vector>

namespace armature::console {

Task<Expected<connector::HttpReply, connector::TransportError>> LocalTransport::exchange(
    const connector::HttpRequest& request) {
  std::vector<Header> headers;
  for (const auto& [name, value] : request.headers) headers.push_back({name, value});
  http::Request inner;
  inner.method = request.method;
  inner.target = request.target;
  inner.headers = headers;
  inner.body = inner.raw_body = request.body;
  inner.peer_address = outer_->peer_address;
  inner.secure = outer_->secure;
  inner.request_id = outer_->request_id;

  const auto start = std::chrono::steady_clock::now();
  http::Response response = co_await dispatcher_->handle(inner);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  connector::HttpReply reply;
  reply.status = response.status;
  reply.headers = {{"Content-Type", std::string(response.content_type)},
                   {"x-amzn-RequestId", std::string(outer_->request_id)},
                   {"Server-Timing", fmt::format("total;dur={:.3f}", took.count())}};
  reply.body = std::move(response.body);
  co_return std::move(reply);
}

}  // namespace armature::console
