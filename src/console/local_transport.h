// LocalTransport: the connector's requests to this server's own operations, answered by the dispatcher without a
// socket. They are signed like any other, so there is one way in and one authorization.
#pragma once

#include "connector/transport.h"
#include "http/handler.h"

namespace armature::console {

class LocalTransport final : public connector::Transport {
 public:
  // `outer` is the browser's request: where it came from is where the call comes from, and it lends its request id.
  // Both must outlive the transport.
  LocalTransport(http::Handler* dispatcher, const http::Request* outer) : dispatcher_(dispatcher), outer_(outer) {}

  Task<Expected<connector::HttpReply, connector::TransportError>> exchange(
      const connector::HttpRequest& request) override;

 private:
  http::Handler* const dispatcher_;
  const http::Request* const outer_;
};

}  // namespace armature::console
