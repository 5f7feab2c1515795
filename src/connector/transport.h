// Transport: how a request reaches a server and its reply comes back. The rest of the connector knows no socket, so the
// same client serves the command line (SocketTransport), the console talking to its own server without a socket, and
// tests.
//
// Which thread: SocketTransport keeps its sockets on a ClientLoop of its own thread (LoopThread) and resumes each
// caller on the executor it called from. So any executor can call, the server's event loops among them, and none of
// them has to know how to watch a client's socket; name resolution and TLS handshakes of outgoing calls never delay the
// server's own connections. The price is two hops between threads a call, some 10 us beside a network round trip. The
// load generator, which counts microseconds, uses DynamoDbClient on its own loop instead.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "base/task.h"
#include "connector/endpoint.h"
#include "connector/response_reader.h"

namespace armature::connector {

enum class TransportErrorCode {
  kNameNotFound,
  kForbiddenAddress,  // The name leads to an address that clients may not call (forbidden_address.h).
  kRefused,
  kTimedOut,
  kTls,      // The handshake or the certificate.
  kClosed,   // The peer closed before a whole response; `request_may_have_run` says whether it can have acted.
  kNotHttp,  // What came is no HTTP response.
  kProxy,    // The proxy was reached, and gives no tunnel to the endpoint.
  kIo,
};

struct TransportError {
  TransportErrorCode code;
  std::string message;
  bool request_may_have_run = false;
};

struct HttpRequest {
  Endpoint endpoint;
  std::string method = "POST";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;  // With Host; without Content-Length.
  std::string body;
  std::chrono::milliseconds timeout{0};  // For the answer; 0: the transport's own.
};

// Safe from any thread; the caller needs a current executor (base/executor.h) and is resumed on it.
class Transport {
 public:
  virtual ~Transport() = default;
  // Sends `request` and returns the whole reply, whatever its status. `request` must outlive the call.
  virtual Task<Expected<HttpReply, TransportError>> exchange(const HttpRequest& request) = 0;
};

}  // namespace armature::connector
