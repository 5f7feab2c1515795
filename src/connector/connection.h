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
#include "connector/response_reader.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace armature::connector {

enum class TransportErrorCode {
  kNameNotFound,
  kRefused,
  kTimedOut,
  kTls,      // The handshake or the certificate.
  kClosed,   // The peer closed before a whole response; `request_may_have_run` says whether it can have acted.
  kNotHttp,  // What came is no HTTP response.
  kIo,
};

struct TransportError {
  TransportErrorCode code;
  std::string message;
  bool request_may_have_run = false;
};

struct ConnectionOptions {
  std::chrono::milliseconds connect_timeout{1'000};
  std::chrono::milliseconds request_timeout{10'000};
  std::string ca_file;  // Empty: the system's authorities.
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
  // again.
  Task<Expected<HttpReply*, TransportError>> exchange(std::string_view bytes);

  bool connected() const { return socket_ >= 0; }
  void close();

 private:
  struct FreeTls {
    void operator()(SSL* session) const;
    void operator()(SSL_CTX* context) const;
  };
  enum class Progress { kDone, kWouldBlock, kClosed, kFailed };
  class Ready;

  Task<Expected<void, TransportError>> connect();
  Task<Expected<void, TransportError>> handshake();
  Task<Expected<void, TransportError>> send(std::string_view bytes);
  Task<Expected<HttpReply*, TransportError>> receive();
  Progress write_some(std::string_view bytes, std::size_t* count);
  Progress read_some(char* buffer, std::size_t size, std::size_t* count);
  Progress tls_progress(int result);
  Unexpected<TransportError> failed(TransportErrorCode code, std::string message, bool may_have_run);

  void on_events(std::uint32_t events) override;
  void arm_deadline(std::chrono::milliseconds timeout);
  void check_deadline();

  ClientLoop* const loop_;
  const Endpoint* const endpoint_;
  const ConnectionOptions options_;
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, FreeTls> tls_context_;
  std::unique_ptr<SSL, FreeTls> tls_;
  ResponseReader reader_;

  std::coroutine_handle<> waiting_;  // Resumed by the next event.
  bool event_seen_ = false;
  bool timed_out_ = false;
  std::chrono::steady_clock::time_point deadline_;
  bool deadline_armed_ = false;        // A timer of the loop is pending.
  std::shared_ptr<Connection*> self_;  // What that timer holds; emptied when the connection dies.
};

}  // namespace armature::connector
