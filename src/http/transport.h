// Transport: the bytes of one connection, plain or TLS, on a non-blocking socket. It tries the system call first and
// says what to wait for when there is nothing to do yet: for a request that is already there, that is all it takes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "http/tls.h"

namespace armature::http {

enum class IoStatus {
  kDone,       // `count` bytes moved, at least one.
  kWaitRead,   // Try again when the socket is readable.
  kWaitWrite,  // Try again when the socket is writable.
  kClosed,     // The peer has ended its side (when reading), or is gone.
};

struct IoResult {
  IoStatus status;
  std::size_t count = 0;
};

class Transport {
 public:
  // `socket` is non-blocking and stays the caller's, to be closed after this is destroyed. `session` is null for plain.
  Transport(int socket, TlsSession session) : socket_(socket), session_(std::move(session)) {}

  bool secure() const { return session_ != nullptr; }

  // TLS only: kDone when the handshake is complete.
  IoResult handshake();

  IoResult read(std::span<char> into);
  // Writes from the two pieces as from one. At least one must not be empty.
  IoResult write(std::string_view first, std::string_view second);

  // Whether read() may have bytes for us though the socket is not readable: TLS decrypts whole records.
  bool has_buffered() const;

  // Tells the peer that nothing more will come; reading goes on.
  void shut_down_writing();

 private:
  IoResult tls_result(int result);

  const int socket_;
  TlsSession session_;
};

}  // namespace armature::http
