// ResponseReader: bytes in, one HTTP/1.1 response out; the framing around llhttp for clients, without sockets.
// Source: RFC 9112. Not thread-safe.
#pragma once

#include <llhttp.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace armature::connector {

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // De-chunked.
  bool keep_alive = true;

  // The first header of that name, in any case; empty when absent.
  std::string_view header(std::string_view name) const;
};

class ResponseReader {
 public:
  // `keep_headers`: false skips them, all but what framing needs, for callers that look at none.
  explicit ResponseReader(bool keep_headers = true);
  ResponseReader(const ResponseReader&) = delete;  // llhttp points back at its reader.
  ResponseReader& operator=(const ResponseReader&) = delete;

  enum class State { kMore, kComplete, kFailed };
  // Takes bytes. Once complete, further bytes are an error of the peer: we never pipeline.
  State received(std::string_view bytes);
  // The peer closed: completes a response that ends with the connection.
  State closed();

  HttpReply& reply() { return reply_; }
  // Ready for the next response on the same connection; keeps the buffers.
  void reset();
  bool began() const { return began_; }

 private:
  struct Callbacks;
  static const llhttp_settings_t& settings();

  llhttp_t parser_;
  const bool keep_headers_;
  HttpReply reply_;
  bool in_name_ = false;
  bool complete_ = false;
  bool began_ = false;
};

}  // namespace armature::connector
