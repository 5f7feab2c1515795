#include "connector/connection.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace armature::connector {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

// What the read calls of this thread share: one connection at a time reads, and what it read is parsed before the next
// one.
thread_local std::array<char, kReadBytes> read_buffer;

std::string tls_error_text() {
  const unsigned long code = ERR_get_error();
  std::array<char, 256> text{};
  if (code == 0) return "the peer ended it";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

}  // namespace

void Connection::FreeTls::operator()(SSL* session) const { SSL_free(session); }
void Connection::FreeTls::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

// Suspends until the next event on the socket or the deadline.
class Connection::Ready {
 public:
  explicit Ready(Connection* connection) : connection_(connection) {}
  bool await_ready() const { return std::exchange(connection_->event_seen_, false) || connection_->timed_out_; }
  void await_suspend(std::coroutine_handle<> handle) const { connection_->waiting_ = handle; }
  void await_resume() const {}

 private:
  Connection* connection_;
};

Connection::Connection(ClientLoop* loop, const Endpoint* endpoint, ConnectionOptions options)
    : loop_(loop),
      endpoint_(endpoint),
      options_(std::move(options)),
      reader_(options_.keep_headers),
      self_(std::make_shared<Connection*>(this)) {}

Connection::~Connection() {
  *self_ = nullptr;
  close();
}

void Connection::close() {
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  event_seen_ = false;
}

Unexpected<TransportError> Connection::failed(TransportErrorCode code, std::string message, bool may_have_run) {
  if (timed_out_) {
    code = TransportErrorCode::kTimedOut;
    message = "timed out";
  }
  close();
  return Unexpected(TransportError{code, std::move(message), may_have_run});
}

void Connection::on_events(std::uint32_t) {
  if (waiting_) {
    std::exchange(waiting_, nullptr).resume();
  } else {
    event_seen_ = true;
  }
}

// One timer of the loop serves many exchanges: it looks at the newest deadline when it fires, and goes on if that has
// moved.
void Connection::arm_deadline(std::chrono::milliseconds timeout) {
  timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + timeout;
  if (deadline_armed_) return;
  deadline_armed_ = true;
  loop_->post_after(timeout, [self = self_] {
    if (*self != nullptr) (*self)->check_deadline();
  });
}

void Connection::check_deadline() {
  const auto now = std::chrono::steady_clock::now();
  deadline_armed_ = false;
  if (!waiting_) return;
  if (now < deadline_) {
    deadline_armed_ = true;
    loop_->post_after(deadline_ - now, [self = self_] {
      if (*self != nullptr) (*self)->check_deadline();
    });
    return;
  }
  timed_out_ = true;
  std::exchange(waiting_, nullptr).resume();
}

Task<Expected<HttpReply*, TransportError>> Connection::exchange(std::string_view bytes) {
  if (!connected()) CO_TRY(co_await connect());
  arm_deadline(options_.request_timeout);
  reader_.reset();
  CO_TRY(co_await send(bytes));
  co_return co_await receive();
}

// Name resolution blocks; it happens once a connection, off the measured path.
Task<Expected<void, TransportError>> Connection::connect() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint_->port);
  const int status = getaddrinfo(endpoint_->host.c_str(), port.c_str(), &hints, &found);
  if (status != 0) {
    co_return failed(TransportErrorCode::kNameNotFound,
                     fmt::format("{} does not resolve: {}", endpoint_->host, gai_strerror(status)), false);
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  arm_deadline(options_.connect_timeout);
  int error = 0;
  for (const addrinfo* address = found; address != nullptr && !timed_out_; address = address->ai_next) {
    socket_ = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) {
      error = errno;
      continue;
    }
    const int one = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    error = ::connect(socket_, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    loop_->watch(socket_, this);
    if (error == EINPROGRESS) {
      co_await Ready(this);
      socklen_t size = sizeof error;
      getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error == 0 && !timed_out_) break;
    close();
  }
  if (!connected()) {
    const auto code = error == ECONNREFUSED ? TransportErrorCode::kRefused : TransportErrorCode::kIo;
    co_return failed(code, fmt::format("cannot connect to {}:{}: {}", endpoint_->host, port, std::strerror(error)),
                     false);
  }
  if (endpoint_->secure) CO_TRY(co_await handshake());
  co_return Expected<void, TransportError>();
}

Task<Expected<void, TransportError>> Connection::handshake() {
  if (tls_context_ == nullptr) {
    tls_context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(tls_context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(tls_context_.get(), SSL_VERIFY_PEER, nullptr);
    const bool trusted = options_.ca_file.empty() ? SSL_CTX_set_default_verify_paths(tls_context_.get()) == 1
                                                  : SSL_CTX_load_verify_locations(
                                                        tls_context_.get(), options_.ca_file.c_str(), nullptr) == 1;
    if (!trusted) co_return failed(TransportErrorCode::kTls, "cannot read the authorities: " + tls_error_text(), false);
  }
  tls_.reset(SSL_new(tls_context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  SSL_set_tlsext_host_name(tls_.get(), endpoint_->host.c_str());
  SSL_set1_host(tls_.get(), endpoint_->host.c_str());
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(tls_.get());
    if (result == 1) co_return Expected<void, TransportError>();
    if (tls_progress(result) != Progress::kWouldBlock) {
      const long verified = SSL_get_verify_result(tls_.get());
      std::string why = verified == X509_V_OK ? tls_error_text() : X509_verify_cert_error_string(verified);
      co_return failed(TransportErrorCode::kTls, "TLS failed: " + why, false);
    }
    co_await Ready(this);
    if (timed_out_) co_return failed(TransportErrorCode::kTimedOut, "", false);
  }
}

Connection::Progress Connection::tls_progress(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return Progress::kWouldBlock;
    case SSL_ERROR_ZERO_RETURN: return Progress::kClosed;
    default: return Progress::kFailed;
  }
}

Connection::Progress Connection::write_some(std::string_view bytes, std::size_t* count) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int written = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (written <= 0) return tls_progress(written);
    *count = static_cast<std::size_t>(written);
    return Progress::kDone;
  }
  const ssize_t written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written < 0) return errno == EAGAIN ? Progress::kWouldBlock : Progress::kFailed;
  *count = static_cast<std::size_t>(written);
  return Progress::kDone;
}

Connection::Progress Connection::read_some(char* buffer, std::size_t size, std::size_t* count) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int got = SSL_read(tls_.get(), buffer, static_cast<int>(size));
    if (got <= 0) return tls_progress(got);
    *count = static_cast<std::size_t>(got);
    return Progress::kDone;
  }
  const ssize_t got = recv(socket_, buffer, size, 0);
  if (got < 0) return errno == EAGAIN ? Progress::kWouldBlock : Progress::kFailed;
  *count = static_cast<std::size_t>(got);
  return got == 0 ? Progress::kClosed : Progress::kDone;
}

Task<Expected<void, TransportError>> Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    const Progress progress = write_some(bytes, &count);
    if (progress == Progress::kDone) {
      bytes.remove_prefix(count);
    } else if (progress == Progress::kWouldBlock) {
      co_await Ready(this);
      if (timed_out_) co_return failed(TransportErrorCode::kTimedOut, "", true);
    } else {
      co_return failed(TransportErrorCode::kClosed, "the connection broke while sending", false);
    }
  }
  co_return Expected<void, TransportError>();
}

Task<Expected<HttpReply*, TransportError>> Connection::receive() {
  while (true) {
    std::size_t count = 0;
    ResponseReader::State state = ResponseReader::State::kMore;
    switch (read_some(read_buffer.data(), read_buffer.size(), &count)) {
      case Progress::kDone: state = reader_.received({read_buffer.data(), count}); break;
      case Progress::kWouldBlock:
        co_await Ready(this);
        if (timed_out_) co_return failed(TransportErrorCode::kTimedOut, "", true);
        continue;
      case Progress::kClosed:
        state = reader_.closed();
        if (state == ResponseReader::State::kFailed) {
          co_return failed(TransportErrorCode::kClosed, "the peer closed the connection", true);
        }
        break;
      case Progress::kFailed: co_return failed(TransportErrorCode::kIo, std::strerror(errno), true);
    }
    if (state == ResponseReader::State::kFailed) {
      co_return failed(TransportErrorCode::kNotHttp, "the answer is not HTTP", true);
    }
    if (state == ResponseReader::State::kComplete) {
      if (!reader_.reply().keep_alive) close();
      co_return &reader_.reply();
    }
  }
}

}  // namespace armature::connector
