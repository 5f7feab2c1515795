// Connection: one HTTP/1.1 connection of a client, plain or TLS, for one exchange at a time.
// Belongs to one ClientLoop and is used on its thread only.
#pragma once

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/task.h"
#include "connector/client_loop.h"
#include "connector/endpoint.h"
#include "connector/resolve.h"
#include "connector/response_reader.h"
#include "connector/transport.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace armature::connector {

struct ConnectionOptions {
  std::chrono::milliseconds connect_timeout{1'000};
  std::chrono::milliseconds request_timeout{10'000};
  std::string ca_file;             // Empty: the system's authorities.
  bool verify_certificate = true;  // False takes any.
  std::string server_name;         // The name to ask for and to expect in the certificate; empty: the endpoint's host.
  std::optional<Endpoint> proxy;   // An HTTP proxy to go through.
  bool refuse_cloud_metadata = false;  // Refuse what forbidden_address.h lists, once the name is resolved.
  bool keep_headers = true;
};

class Connection final : public SocketWatcher {
 public:
  // `loop` and `endpoint` must outlive the connection.
  Connection(ClientLoop* loop, const Endpoint* endpoint, ConnectionOptions options);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends the whole request, `bytes`, and waits for the whole response; connects first when not connected. The reply is
  // the connection's and is valid until its next exchange. After an error the connection is closed and can be used
  // again. `timeout`: of the answer; zero: the options' own.
  Task<Expected<HttpReply*, TransportError>> exchange(std::string_view bytes, std::chrono::milliseconds timeout = {});
  // Resolves, connects and shakes hands, one after the other, for those who look at the steps; exchange() does it all.
  Task<Expected<void, TransportError>> connect_tcp();
  Task<Expected<void, TransportError>> handshake();

  bool connected() const { return socket_ >= 0; }
  // Whether the peer has not closed meanwhile, as far as can be seen without asking it.
  bool idle_and_open() const;
  // The connected peer, "127.0.0.1:8000"; empty when not connected.
  const std::string& peer() const { return peer_; }
  // Of a TLS connection, or one that failed for its certificate: what the certificate is and who issued it; empty
  // without.
  const std::string& certificate_text() const { return certificate_text_; }
  void close();

 private:
  struct FreeTls {
    void operator()(SSL* session) const;
    void operator()(SSL_CTX* context) const;
  };
  enum class Progress { kDone, kWouldBlock, kClosed, kFailed };
  class Ready;

  Task<Expected<void, TransportError>> connect();
  Task<Expected<void, TransportError>> connect_to(const SocketAddress& address);
  Task<Expected<void, TransportError>> open_tunnel();
  Expected<void, TransportError> prepare_tls();
  Task<Expected<void, TransportError>> send(std::string_view bytes);
  Task<Expected<HttpReply*, TransportError>> receive();
  Progress write_some(std::string_view bytes, std::size_t* count);
  Progress read_some(char* buffer, std::size_t size, std::size_t* count);
  Progress tls_progress(int result);
  Unexpected<TransportError> failed(TransportErrorCode code, std::string message, bool may_have_run);

  void on_events(std::uint32_t events) override;
  void arm_deadline(std::chrono::milliseconds timeout);
  void post_deadline_check();
  void check_deadline();

  ClientLoop* const loop_;
  const Endpoint* const endpoint_;
  const ConnectionOptions options_;
  int socket_ = -1;
  std::string peer_;
  std::string certificate_text_;
  std::unique_ptr<SSL_CTX, FreeTls> tls_context_;
  std::unique_ptr<SSL, FreeTls> tls_;
  ResponseReader reader_;

  std::coroutine_handle<> waiting_;  // Resumed by the next event.
  bool event_seen_ = false;
  // Of a plain socket: something may be there to read, so that it is worth a system call. A reply never is there when
  // the request has just gone out.
  bool may_read_ = false;
  bool hung_up_ = false;  // The peer has ended its side, so there is always an end to read.
  bool timed_out_ = false;
  std::chrono::steady_clock::time_point deadline_;
  bool deadline_armed_ = false;  // A timer of the loop is pending, for:
  std::chrono::steady_clock::time_point armed_for_;
  std::shared_ptr<Connection*> self_;  // What that timer holds; emptied when the connection dies.
};

}  // namespace armature::connector
