// What a response looks like on the wire: status line, the headers every response has, CORS, compression, checksum.
// Source: Developer Guide, "DynamoDB low-level API" (response format); WHATWG Fetch, "CORS protocol".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "http/handler.h"

namespace armature::http {

constexpr std::size_t kRequestIdSize = 52;

// Makes request ids: 52 characters of 0-9A-V. One per loop; not thread-safe.
class RequestIds {
 public:
  RequestIds();
  void next(char* out);  // Writes kRequestIdSize characters.

 private:
  SeededRandom random_;
};

// The value of a Date header, made anew when the second changes. One per loop; not thread-safe.
class HttpDate {
 public:
  std::string_view at(std::int64_t unix_seconds);

 private:
  std::int64_t second_ = -1;
  char text_[32] = {};
  std::size_t size_ = 0;
};

// What a response depends on besides itself.
struct ResponseContext {
  std::string_view method;
  std::string_view request_id;
  std::string_view date;
  bool cors = false;  // The request came from another origin, and that is allowed.
  bool http_1_0 = false;
  bool close = false;  // The connection ends with this response.
  bool accepts_gzip = false;
  std::size_t compress_from_bytes = 0;
};

// Appends the head of `response` to `*head`, and returns the body to send after it: response.body, `*packed` when
// that was made from it, or nothing (HEAD, 204, 304). The view lives as long as these.
std::string_view write_head(const Response& response, const ResponseContext& context, std::string* head, Bytes* packed);

// The answer to a browser's preflight request: everything it asks for is allowed.
Response preflight_response(const Request& request);

// The reason phrase of a status; "Unknown" for one without.
std::string_view reason_phrase(int status);

}  // namespace armature::http
