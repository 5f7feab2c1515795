#include "http/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace armature::http {
namespace {

// What a system call's result means; `wait` is for one that would block.
IoResult system_result(ssize_t result, IoStatus wait) {
  if (result > 0) return {IoStatus::kDone, static_cast<std::size_t>(result)};
  if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {wait};
  return {IoStatus::kClosed};
}

}  // namespace

IoResult Transport::tls_result(int result) {
  if (result > 0) return {IoStatus::kDone, static_cast<std::size_t>(result)};
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {IoStatus::kWaitRead};
    case SSL_ERROR_WANT_WRITE: return {IoStatus::kWaitWrite};
    default:
      ERR_clear_error();  // The error queue is the thread's, and the next connection looks at it too.
      return {IoStatus::kClosed};
  }
}

IoResult Transport::handshake() { return tls_result(SSL_do_handshake(session_.get())); }

IoResult Transport::read(std::span<char> into) {
  if (!session_) return system_result(recv(socket_, into.data(), into.size(), 0), IoStatus::kWaitRead);
  return tls_result(
      SSL_read(session_.get(), into.data(), static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX))));
}

IoResult Transport::write(std::string_view first, std::string_view second) {
  if (session_) {
    const std::string_view piece = first.empty() ? second : first;
    return tls_result(
        SSL_write(session_.get(), piece.data(), static_cast<int>(std::min<std::size_t>(piece.size(), INT_MAX))));
  }
  if (second.empty()) {
    return system_result(send(socket_, first.data(), first.size(), MSG_NOSIGNAL), IoStatus::kWaitWrite);
  }
  iovec pieces[2] = {{const_cast<char*>(first.data()), first.size()},
                     {const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  return system_result(sendmsg(socket_, &message, MSG_NOSIGNAL), IoStatus::kWaitWrite);
}

bool Transport::has_buffered() const { return session_ && SSL_has_pending(session_.get()) != 0; }

void Transport::shut_down_writing() {
  if (session_) {
    SSL_shutdown(session_.get());
    ERR_clear_error();
  }
  shutdown(socket_, SHUT_WR);
}

}  // namespace armature::http
