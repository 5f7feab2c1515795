// SocketTransport: exchanges over TCP and TLS, keeping connections alive in a pool. Its sockets live on a LoopThread;
// transport.h says why.
#pragma once

#include <memory>

#include "connector/connection.h"
#include "connector/loop_thread.h"
#include "connector/transport.h"

namespace armature::connector {

struct SocketTransportOptions {
  ConnectionOptions connection;
  int max_connections = 50;  // Over all endpoints; callers beyond wait their turn.
};

class SocketTransport final : public Transport {
 public:
  // `loop` must outlive the transport.
  SocketTransport(LoopThread* loop, SocketTransportOptions options);
  // No exchange may be running.
  ~SocketTransport() override;

  Task<Expected<HttpReply, TransportError>> exchange(const HttpRequest& request) override;

 private:
  class Pool;
  LoopThread* const loop_;
  std::shared_ptr<Pool> pool_;  // Used on the loop's thread only, and ends there.
};

// The bytes of a request as HTTP/1.1 sends them. `through_proxy`: the target becomes a whole URL.
std::string request_bytes(const HttpRequest& request, bool through_proxy);

}  // namespace armature::connector
