// What the HTTP front asks of whoever answers: one request in, one response out. http/ knows no operation;
// api/ implements Handler.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/header.h"
#include "base/task.h"

namespace armature::http {

using armature::equals_ignoring_case;  // base/header.h
using armature::Header;

// Views live as long as the response has not been written.
struct Request {
  std::string_view method;
  std::string_view target;  // Path and query, as sent.
  std::span<const Header> headers;
  std::string_view body;      // Decoded: de-chunked, unpacked.
  std::string_view raw_body;  // As signed by the client: de-chunked but still packed when Content-Encoding was given.
  std::string_view peer_address;  // Numeric IP of the peer, no port.
  bool secure = false;            // Came over TLS.
  std::string_view request_id;    // 52 characters of 0-9A-Z; also sent as x-amzn-RequestId.

  // The first header of that name; empty when absent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  // A content type or other value with static or request lifetime.
  std::string_view content_type;
  // Further headers, already complete lines "Name: value\r\n".
  std::string extra_headers;
  Bytes body;
  bool close = false;        // Close the connection after this response.
  bool same_origin = false;  // No page of another origin may read it: no CORS headers.
};

// Called on an event loop's thread; must not block it. Thread-safe: every loop calls the same handler.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Task<Response> handle(const Request& request) = 0;
};

}  // namespace armature::http
