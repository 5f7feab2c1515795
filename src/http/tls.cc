#include "http/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <string_view>

namespace armature::http {
namespace {

std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();  // The earliest is the cause; later ones say where it surfaced.
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  // System errors (no such file) carry errno in place of a reason.
  std::string text = reason != nullptr ? reason : "unknown error";
  if (ERR_SYSTEM_ERROR(code)) {
    char buffer[128];
    text = strerror_r(ERR_GET_REASON(code), buffer, sizeof buffer);
  }
  ERR_clear_error();
  return text;
}

// OpenSSL's own socket BIO writes with write(), and so raises SIGPIPE when the peer is gone. This one does not.
int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int bio_result(BIO* bio, ssize_t result, bool reading) {
  BIO_clear_retry_flags(bio);
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) reading ? BIO_set_retry_read(bio) : BIO_set_retry_write(bio);
  return static_cast<int>(result);
}

int bio_read(BIO* bio, char* data, int size) {
  return bio_result(bio, recv(socket_of(bio), data, static_cast<std::size_t>(size), 0), true);
}

int bio_write(BIO* bio, const char* data, int size) {
  return bio_result(bio, send(socket_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL), false);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* socket_bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* created = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "armature socket");
    BIO_meth_set_read(created, bio_read);
    BIO_meth_set_write(created, bio_write);
    BIO_meth_set_ctrl(created, bio_control);
    return created;
  }();
  return method;
}

// OpenSSL asks the terminal for the pass phrase of a key, and a server has nobody there to answer: it would wait for
// ever, at a SIGHUP with signals and all.
int refuse_pass_phrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

// We speak HTTP/1.1 only. A client that offers other protocols alone gets no answer to its offer, which it may
// take as it likes.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* selected = nullptr;
  if (SSL_select_next_proto(&selected, out_size, kHttp11, sizeof kHttp11, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = selected;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void FreeTlsContext::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void FreeTlsSession::operator()(SSL* session) const { SSL_free(session); }

Expected<std::unique_ptr<TlsContext>, std::string> TlsContext::load(const std::string& certificate_file,
                                                                    const std::string& key_file) {
  std::unique_ptr<TlsContext> context(new TlsContext(certificate_file, key_file));
  TRY(context->reload());
  return context;
}

Expected<void, std::string> TlsContext::reload() {
  TRY_ASSIGN(Context fresh, read_files());
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
  return {};
}

Expected<TlsContext::Context, std::string> TlsContext::read_files() const {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context) return Unexpected("TLS: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file_.c_str()) != 1) {
    return Unexpected("TLS: cannot use the certificate file " + certificate_file_ + ": " + openssl_reason());
  }
  bool is_encrypted = false;
  SSL_CTX_set_default_passwd_cb(context.get(), refuse_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(context.get(), &is_encrypted);
  // Loading a key checks it against the certificate already there.
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file_.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    if (is_encrypted) {
      ERR_clear_error();
      return Unexpected("TLS: cannot use the key file " + key_file_ + ": it has a pass phrase; keep it without one");
    }
    return Unexpected("TLS: cannot use the key file " + key_file_ + " with the certificate file " + certificate_file_ +
                      ": " + openssl_reason());
  }
  SSL_CTX_set_default_passwd_cb_userdata(context.get(), nullptr);
  return context;
}

TlsSession TlsContext::new_session(int socket) {
  TlsSession session;
  {
    const std::lock_guard lock(mutex_);
    session.reset(SSL_new(context_.get()));
  }
  BIO* bio = session ? BIO_new(socket_bio_method()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  SSL_set_bio(session.get(), bio, bio);
  SSL_set_accept_state(session.get());
  return session;
}

}  // namespace armature::http
