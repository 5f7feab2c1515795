#include "connector/socket_transport.h"

#include <fmt/format.h>

#include <coroutine>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace armature::connector {

// Connections by endpoint: those nobody uses wait in `idle`, newest last, because the newest is the least likely to
// have been closed by the server.
class SocketTransport::Pool {
 public:
  Pool(ClientLoop* loop, SocketTransportOptions options) : loop_(loop), options_(std::move(options)) {}

  struct Peer {
    Endpoint endpoint;  // What its connections point to.
    std::vector<std::unique_ptr<Connection>> idle;
  };
  struct Lease {
    Peer* peer;
    std::unique_ptr<Connection> connection;
  };

  // Suspends until one more exchange may run.
  class Turn {
   public:
    explicit Turn(Pool* pool) : pool_(pool) {}
    bool await_ready() const {
      if (pool_->running_ == pool_->options_.max_connections) return false;
      ++pool_->running_;
      return true;
    }
    void await_suspend(std::coroutine_handle<> handle) const { pool_->waiting_.push_back(handle); }
    void await_resume() const {}

   private:
    Pool* pool_;
  };
  Turn turn() { return Turn(this); }

  Lease take(const Endpoint& endpoint) {
    const std::string key = fmt::format("{}{}:{}", endpoint.secure ? "s" : "", endpoint.host, endpoint.port);
    auto& slot = peers_[key];
    if (slot == nullptr) slot = std::make_unique<Peer>(Peer{endpoint, {}});
    while (!slot->idle.empty()) {
      std::unique_ptr<Connection> connection = std::move(slot->idle.back());
      slot->idle.pop_back();
      if (connection->idle_and_open()) {
        --idle_count_;
        return {slot.get(), std::move(connection)};
      }
      --idle_count_;
      bury(std::move(connection));
    }
    // Idle connections to other endpoints must not take the places of this one.
    if (idle_count_ + running_ > options_.max_connections) close_one_idle();
    return {slot.get(), std::make_unique<Connection>(loop_, &slot->endpoint, options_.connection)};
  }

  void give_back(Lease lease) {
    if (lease.connection->connected()) {
      lease.peer->idle.push_back(std::move(lease.connection));
      ++idle_count_;
    } else {
      bury(std::move(lease.connection));
    }
    if (waiting_.empty()) {
      --running_;
      return;
    }
    const auto next = waiting_.front();  // The turn passes to it.
    waiting_.pop_front();
    loop_->post(next);
  }

  bool through_proxy(const Endpoint& endpoint) const { return options_.connection.proxy && !endpoint.secure; }

 private:
  // The loop may be handing out a batch of events in which this connection still occurs, so it dies after that.
  void bury(std::unique_ptr<Connection> connection) {
    connection->close();
    loop_->post_after(std::chrono::nanoseconds(0), [dead = std::shared_ptr<Connection>(std::move(connection))] {});
  }

  void close_one_idle() {
    for (auto& [key, peer] : peers_) {
      if (peer->idle.empty()) continue;
      bury(std::move(peer->idle.front()));
      peer->idle.erase(peer->idle.begin());
      --idle_count_;
      return;
    }
  }

  ClientLoop* const loop_;
  const SocketTransportOptions options_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;
  int running_ = 0;
  int idle_count_ = 0;
  std::deque<std::coroutine_handle<>> waiting_;
};

SocketTransport::SocketTransport(LoopThread* loop, SocketTransportOptions options)
    : loop_(loop), pool_(std::make_shared<Pool>(loop->loop(), std::move(options))) {}

SocketTransport::~SocketTransport() {
  loop_->loop()->post_after(std::chrono::nanoseconds(0), [pool = std::move(pool_)] {});
}

Task<Expected<HttpReply, TransportError>> SocketTransport::exchange(const HttpRequest& request) {
  Executor* const home = Executor::current();
  const std::string bytes = request_bytes(request, pool_->through_proxy(request.endpoint));
  co_await ResumeOn(loop_->loop());
  co_await pool_->turn();
  Pool::Lease lease = pool_->take(request.endpoint);
  Expected<HttpReply*, TransportError> reply = co_await lease.connection->exchange(bytes, request.timeout);
  Expected<HttpReply, TransportError> result =
      reply ? Expected<HttpReply, TransportError>(std::move(**reply))
            : Expected<HttpReply, TransportError>(Unexpected(std::move(reply.error())));
  pool_->give_back(std::move(lease));
  co_await ResumeOn(home);
  co_return result;
}

std::string request_bytes(const HttpRequest& request, bool through_proxy) {
  std::string bytes;
  bytes.reserve(1024 + request.body.size());
  bytes.append(request.method).append(" ");
  if (through_proxy) bytes.append("http://").append(request.endpoint.host_header());
  bytes.append(request.target).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : request.headers) bytes.append(name).append(": ").append(value).append("\r\n");
  if (request.method != "GET" || !request.body.empty()) {
    bytes.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  return bytes.append("\r\n").append(request.body);
}

}  // namespace armature::connector
