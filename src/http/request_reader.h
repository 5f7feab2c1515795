// RequestReader: bytes in, requests out. The framing of HTTP/1.1 around llhttp, without sockets, so that tests and
// the fuzzer can feed it anything. It owns the one read buffer of a connection; a request is views into it.
//
// It is stricter than llhttp on everything by which two servers in a row could disagree about where a request
// ends: line ends are CRLF, headers are not folded, Transfer-Encoding is "chunked" or absent, there is one Host.
// Source: RFC 9112, sections 2.2, 3.2, 5, 6 and 7.1.
//
// Not thread-safe: a reader belongs to one connection on one loop.
#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "http/handler.h"

namespace armature::http {

struct ReaderLimits {
  std::size_t header_bytes = 16 * 1024;  // Request line and headers, line ends included.
  std::size_t target_bytes = 16 * 1024;
  std::size_t body_bytes = 16 * 1024 * 1024;  // De-chunked.
};

class RequestReader {
 public:
  enum class State {
    kIdle,      // Between requests: not a byte of the next one.
    kHeaders,   // Inside the request line or the headers.
    kBody,      // The headers are complete, the body is not.
    kComplete,  // request() is whole. Bytes behind it wait for next().
    kFailed,    // failure() says why; the connection is beyond repair.
  };
  enum class Failure {
    kNone,
    kMalformed,
    kHeadersTooLarge,
    kTargetTooLarge,
    kBodyTooLarge,
    kVersionUnsupported,
    kExpectationUnknown,
  };

  explicit RequestReader(const ReaderLimits& limits);
  RequestReader(const RequestReader&) = delete;  // llhttp points back at its reader.
  RequestReader& operator=(const RequestReader&) = delete;

  // Room for the next bytes from the peer, never empty; valid until the next call of a non-const member.
  // Only in the states kIdle, kHeaders and kBody.
  std::span<char> room();
  // Takes the first `count` bytes of room() as received.
  State received(std::size_t count);

  State state() const { return state_; }
  Failure failure() const { return failure_; }

  // In kBody: the client waits for "100 Continue" before it sends the body. False once the body began to arrive.
  bool wants_continue() const { return expects_continue_ && body_raw_size_ == 0; }

  // In kComplete. The views live until next(). Headers are in the order sent; peer, ids and raw_body are not set.
  std::string_view method() const { return view(method_); }
  std::string_view target() const { return view(target_); }
  std::span<const Header> headers() const { return headers_; }
  std::string_view body() const { return {buffer_.get() + begin_ + body_offset_, body_size_}; }
  // The client asked, or its version implies, that the connection ends with the response.
  bool keep_alive() const { return keep_alive_; }
  bool http_1_0() const { return http_1_0_; }
  // The headers http/ itself looks at; empty when absent.
  struct Known {
    std::string_view content_encoding;
    std::string_view accept_encoding;
    std::string_view origin;
  };
  const Known& known() const { return known_; }

  // In kComplete: bytes behind the request are here already.
  bool has_more() const { return parsed_ != end_; }

  // In kComplete: forgets the request and goes on with the bytes behind it.
  State next();

  // Memory held, in bytes: grows with a large body, and shrinks again when the request is forgotten.
  std::size_t capacity() const { return capacity_; }

 private:
  struct Piece {  // Relative to begin_, because the buffer moves.
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  struct HeaderPieces {
    Piece name;
    Piece value;
  };
  struct Callbacks;  // What llhttp calls; in request_reader.cc.

  std::string_view view(Piece piece) const { return {buffer_.get() + begin_ + piece.offset, piece.size}; }
  bool extend(Piece* piece, const char* at, std::size_t size) const;
  int refuse(Failure failure);
  int on_headers_complete();
  int on_body(const char* at, std::size_t size);

  State parse();
  State fail(Failure failure);
  bool measure_headers();
  bool check_headers();
  bool header_limits_kept();
  void take_headers();
  void start_request();
  void move_to_buffer(std::size_t capacity);
  static const llhttp_settings_t& settings();

  const ReaderLimits limits_;
  llhttp_t parser_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;   // Where the current request starts.
  std::size_t parsed_ = 0;  // What llhttp has seen; nothing before it is looked at again.
  std::size_t end_ = 0;     // Where the received bytes end.

  State state_ = State::kIdle;
  Failure failure_ = Failure::kNone;
  Piece method_;
  Piece target_;
  std::vector<HeaderPieces> pieces_;
  std::vector<Header> headers_;
  Known known_;
  std::size_t body_offset_ = 0;  // The size of the header block, once that is complete.
  std::size_t body_size_ = 0;
  std::size_t body_raw_size_ = 0;  // As it came, chunk framing included.
  std::uint64_t content_length_ = 0;
  bool header_done_ = true;  // The next header callback starts a new header.
  bool headers_done_ = false;
  bool message_done_ = false;
  bool chunked_ = false;
  bool keep_alive_ = true;
  bool expects_continue_ = false;
  bool http_1_0_ = false;
};

}  // namespace armature::http
