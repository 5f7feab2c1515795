// Server: listens, and answers HTTP/1.1 requests with a Handler, on the loops it is given.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/metrics.h"
#include "http/event_loop.h"
#include "http/handler.h"
#include "http/ip_address.h"

namespace armature::http {

// A reply that http/ gives by itself, whose form only the operations above it know.
struct FixedReply {
  int status = 503;
  std::string content_type;
  std::string body;
};

struct ServerOptions {
  // Where to listen: an IP address or a name that resolves to one ("localhost"). Port 0 picks a free one.
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;
  int accept_backlog = 1024;

  // TLS when both are given: PEM files.
  std::string tls_certificate_file;
  std::string tls_key_file;

  // Request sizes. Beyond the first two the answer is 400; beyond the third, in either form, 413 without a body.
  std::size_t max_header_bytes = 16 * 1024;       // Headers with their line ends.
  std::size_t max_target_bytes = 16 * 1024;       // Path and query.
  std::size_t max_body_bytes = 16 * 1024 * 1024;  // De-chunked, and again unpacked.

  // What the server takes on at once. Beyond max_connections a connection gets overloaded_reply and is closed; beyond
  // the others a request gets it. The last two count the memory of bodies larger than 64 KiB: of requests until they
  // are answered, of responses until the client has taken them.
  std::size_t max_connections = 20'000;
  std::size_t max_requests_in_flight_per_loop = 4'096;
  std::size_t max_body_bytes_in_flight_per_loop = 512 * 1024 * 1024;
  std::size_t max_response_bytes_in_flight_per_loop = 512 * 1024 * 1024;

  // How long a peer may take. They are checked some times a second, so they may end a little late, never early.
  std::chrono::milliseconds header_timeout{10'000};  // First byte (or the connection itself) to end of headers; TLS.
  std::chrono::milliseconds body_timeout{60'000};    // End of headers to end of body.
  std::chrono::milliseconds write_timeout{60'000};   // A response, from when the socket's buffer is first full.
  std::chrono::milliseconds idle_timeout{75'000};    // Between two requests.
  std::chrono::milliseconds linger_timeout{3'000};   // What the peer still sends after a refusal is read this long.

  FixedReply overloaded_reply{.status = 503, .content_type = {}, .body = {}};
  FixedReply broken_encoding_reply{.status = 500, .content_type = {}, .body = {}};   // Content that does not unpack.
  FixedReply unknown_encoding_reply{.status = 415, .content_type = {}, .body = {}};  // Neither gzip nor deflate.

  // Answer browsers from other origins: Access-Control-Allow-Origin: *, and OPTIONS requests with Origin by ourselves.
  bool cors = false;
  // Responses of at least this size are sent in gzip form to clients that accept it. Below a few KB the time costs more
  // than the network gains.
  std::size_t compress_from_bytes = 4'096;

  // Asked for each connection before a byte of it is read; false closes it. Empty allows all. Thread-safe.
  std::function<bool(const IpAddress&)> allow_peer;

  // A path answered with a small constant body without calling the handler, to measure what HTTP alone costs.
  // Empty: none.
  std::string bare_reply_path;
};

class Server {
 public:
  // Binds, listens, and serves on all of `loops` at once. `handler`, `loops` and `metrics` must outlive the server.
  // The error names the address or the file, and what is wrong with it.
  static Expected<std::unique_ptr<Server>, std::string> start(ServerOptions options, Handler& handler,
                                                              EventLoops& loops, MetricsRegistry& metrics);
  // Closes whatever is still open, without waiting for requests: drain() first. The loops must be running still.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;   // The bound one.
  std::string address() const;  // "127.0.0.1:8000", "[::1]:8000".

  // Reads certificate and key again, for new connections; after an error the old ones stay in use. Thread-safe.
  Expected<void, std::string> reload_tls();

  // Stops accepting, closes idle connections, lets requests in flight finish and closes theirs with the response.
  // Returns true when all are gone, false when some were left at `timeout` and have been cut. Blocks; call it once, not
  // from a loop's thread.
  bool drain(std::chrono::milliseconds timeout);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

// Splits "host:port", "[v6]:port", ":port" (all addresses) into host and port.
Expected<std::pair<std::string, std::uint16_t>, std::string> parse_listen_address(std::string_view text);

}  // namespace armature::http
