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

#include "connector/forbidden_address.h"

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

// "CN=db.example, issued by CN=My Authority"; empty when the peer showed none.
std::string describe_certificate(const SSL* session) {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(session), X509_free);
  if (certificate == nullptr) return "";
  const auto one_line = [](const X509_NAME* name) {
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  };
  return fmt::format("{}, issued by {}", one_line(X509_get_subject_name(certificate.get())),
                     one_line(X509_get_issuer_name(certificate.get())));
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
  peer_.clear();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  event_seen_ = may_read_ = hung_up_ = false;
}

Unexpected<TransportError> Connection::failed(TransportErrorCode code, std::string message, bool may_have_run) {
  if (timed_out_) {
    code = TransportErrorCode::kTimedOut;
    message = fmt::format("{} took too long to answer", peer_.empty() ? endpoint_->host_header() : peer_);
  }
  close();
  return Unexpected(TransportError{code, std::move(message), may_have_run});
}

void Connection::on_events(std::uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) hung_up_ = true;
  if ((events & EPOLLIN) != 0 || hung_up_) may_read_ = true;
  if (waiting_) {
    std::exchange(waiting_, nullptr).resume();
  } else {
    event_seen_ = true;
  }
}

// One timer of the loop serves many exchanges: it looks at the newest deadline when it fires, and goes on if that has
// moved. Only a deadline before the timer's own needs another one.
void Connection::arm_deadline(std::chrono::milliseconds timeout) {
  timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + timeout;
  if (!deadline_armed_ || deadline_ < armed_for_) post_deadline_check();
}

void Connection::post_deadline_check() {
  deadline_armed_ = true;
  armed_for_ = deadline_;
  loop_->post_after(deadline_ - std::chrono::steady_clock::now(), [self = self_, when = armed_for_] {
    // A timer that another one has overtaken has nothing to say.
    if (*self != nullptr && when == (*self)->armed_for_) (*self)->check_deadline();
  });
}

void Connection::check_deadline() {
  deadline_armed_ = false;
  if (!waiting_) return;
  if (std::chrono::steady_clock::now() < deadline_) return post_deadline_check();
  timed_out_ = true;
  std::exchange(waiting_, nullptr).resume();
}

Task<Expected<HttpReply*, TransportError>> Connection::exchange(std::string_view bytes,
                                                                std::chrono::milliseconds timeout) {
  if (!connected()) CO_TRY(co_await connect());
  arm_deadline(timeout.count() > 0 ? timeout : options_.request_timeout);
  reader_.reset();
  CO_TRY(co_await send(bytes));
  co_return co_await receive();
}

bool Connection::idle_and_open() const {
  if (!connected()) return false;
  char byte = 0;
  const ssize_t got = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Between exchanges a server has nothing to say; TLS may still have sent session tickets.
  return got < 0 ? errno == EAGAIN : got > 0 && tls_ != nullptr;
}

Task<Expected<void, TransportError>> Connection::connect() {
  CO_TRY(co_await connect_tcp());
  if (endpoint_->secure) CO_TRY(co_await handshake());
  co_return Expected<void, TransportError>();
}

Task<Expected<void, TransportError>> Connection::connect_tcp() {
  const Endpoint& target = options_.proxy ? *options_.proxy : *endpoint_;
  // A proxy would reach what is refused here; a name is the proxy's to resolve, an address is not.
  if (options_.proxy && options_.refuse_cloud_metadata) {
    const auto address = http::IpAddress::parse(endpoint_->host);
    const std::string_view why = address ? why_forbidden(*address) : "";
    if (!why.empty()) {
      std::string message = fmt::format("{} is not called: {}", endpoint_->host, why);
      co_return failed(TransportErrorCode::kForbiddenAddress, std::move(message), false);
    }
  }
  auto addresses = co_await resolve(target.host, target.port, options_.connect_timeout);
  if (!addresses) co_return Unexpected(std::move(addresses.error()));
  Expected<void, TransportError> result =
      failed(TransportErrorCode::kNameNotFound, target.host + " has no address", false);
  for (const SocketAddress& address : *addresses) {
    result = co_await connect_to(address);
    if (result || result.error().code == TransportErrorCode::kTimedOut) break;
  }
  if (!result) co_return std::move(result);
  if (options_.proxy && endpoint_->secure) co_return co_await open_tunnel();
  co_return std::move(result);
}

Task<Expected<void, TransportError>> Connection::connect_to(const SocketAddress& address) {
  const std::string name = address.to_string();
  if (options_.refuse_cloud_metadata) {
    const std::string_view why = why_forbidden(http::IpAddress::from_socket_address(*address.get()));
    if (!why.empty()) {
      co_return failed(TransportErrorCode::kForbiddenAddress, fmt::format("{} is not called: {}", name, why), false);
    }
  }
  arm_deadline(options_.connect_timeout);
  socket_ = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) {
    co_return failed(TransportErrorCode::kIo, fmt::format("no socket for {}: {}", name, std::strerror(errno)), false);
  }
  const int one = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  int error = ::connect(socket_, address.get(), address.size) == 0 ? 0 : errno;
  loop_->watch(socket_, this);
  if (error == EINPROGRESS) {
    co_await Ready(this);
    socklen_t size = sizeof error;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (timed_out_) {
    close();
    std::string message = fmt::format("{} did not answer within {} ms", name, options_.connect_timeout.count());
    co_return Unexpected(TransportError{TransportErrorCode::kTimedOut, std::move(message), false});
  }
  if (error != 0) {
    const auto code = error == ECONNREFUSED ? TransportErrorCode::kRefused : TransportErrorCode::kIo;
    co_return failed(code, fmt::format("cannot connect to {}: {}", name, std::strerror(error)), false);
  }
  peer_ = name;
  co_return Expected<void, TransportError>();
}

// Source: RFC 9110, section 9.3.6, "CONNECT".
Task<Expected<void, TransportError>> Connection::open_tunnel() {
  const std::string host =
      endpoint_->host.find(':') == std::string::npos ? endpoint_->host : "[" + endpoint_->host + "]";
  const std::string target = fmt::format("{}:{}", host, endpoint_->port);
  const std::string request = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", target);
  arm_deadline(options_.connect_timeout);
  CO_TRY(co_await send(request));
  std::string answer;
  while (answer.find("\r\n\r\n") == std::string::npos) {
    char buffer[1];  // A byte at a time: what follows the head belongs to TLS.
    std::size_t count = 0;
    const Progress progress = answer.size() < 16 * 1024 ? read_some(buffer, sizeof buffer, &count) : Progress::kFailed;
    if (progress == Progress::kWouldBlock) {
      co_await Ready(this);
      if (timed_out_) co_return failed(TransportErrorCode::kTimedOut, "", false);
      continue;
    }
    if (progress != Progress::kDone) {
      co_return failed(TransportErrorCode::kProxy, fmt::format("proxy {} gave no tunnel to {}", peer_, target), false);
    }
    answer.append(buffer, count);
  }
  const std::string status = answer.substr(0, answer.find('\r'));
  if (status.size() < 12 || status[9] != '2') {
    std::string why = fmt::format("proxy {} refuses a tunnel to {}: {}", peer_, target, status);
    co_return failed(TransportErrorCode::kProxy, std::move(why), false);
  }
  co_return Expected<void, TransportError>();
}

Expected<void, TransportError> Connection::prepare_tls() {
  if (tls_context_ == nullptr) {
    tls_context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(tls_context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(tls_context_.get(), options_.verify_certificate ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    const bool trusted = options_.ca_file.empty() ? SSL_CTX_set_default_verify_paths(tls_context_.get()) == 1
                                                  : SSL_CTX_load_verify_locations(
                                                        tls_context_.get(), options_.ca_file.c_str(), nullptr) == 1;
    if (!trusted) {
      tls_context_.reset();
      return failed(TransportErrorCode::kTls,
                    fmt::format("cannot read the authorities in {}: {}", options_.ca_file, tls_error_text()), false);
    }
  }
  const std::string& name = options_.server_name.empty() ? endpoint_->host : options_.server_name;
  const bool numeric = http::IpAddress::parse(name).has_value();
  tls_.reset(SSL_new(tls_context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  // Names are asked for, addresses are not: RFC 6066 allows none in SNI.
  if (!numeric) SSL_set_tlsext_host_name(tls_.get(), name.c_str());
  if (numeric) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), name.c_str());
  } else {
    SSL_set1_host(tls_.get(), name.c_str());
  }
  return {};
}

Task<Expected<void, TransportError>> Connection::handshake() {
  arm_deadline(options_.connect_timeout);
  CO_TRY(prepare_tls());
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(tls_.get());
    if (result == 1) {
      certificate_text_ = describe_certificate(tls_.get());
      co_return Expected<void, TransportError>();
    }
    if (tls_progress(result) != Progress::kWouldBlock) {
      certificate_text_ = describe_certificate(tls_.get());
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
  // What arrives behind less than there was room for makes a new event.
  if (got < static_cast<ssize_t>(size) && !hung_up_) may_read_ = false;
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
    const bool try_now = tls_ != nullptr || may_read_;
    switch (try_now ? read_some(read_buffer.data(), read_buffer.size(), &count) : Progress::kWouldBlock) {
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
