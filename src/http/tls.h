// TLS for connections: OpenSSL over a non-blocking socket. Versions 1.2 and 1.3.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/expected.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace armature::http {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const;
};
struct FreeTlsSession {
  void operator()(SSL* session) const;
};
using TlsSession = std::unique_ptr<SSL, FreeTlsSession>;

// A certificate with its key, both from PEM files, replaceable while connections use it. Thread-safe.
class TlsContext {
 public:
  // The certificate file holds the server's certificate first, then the chain up to a known authority.
  static Expected<std::unique_ptr<TlsContext>, std::string> load(const std::string& certificate_file,
                                                                 const std::string& key_file);

  // Reads the files again. New connections use what is in them now; after an error everything stays as it was.
  Expected<void, std::string> reload();

  // A server session on a connected, non-blocking socket, which stays the caller's. Null when memory is short.
  TlsSession new_session(int socket);

 private:
  using Context = std::unique_ptr<SSL_CTX, FreeTlsContext>;
  TlsContext(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}
  Expected<Context, std::string> read_files() const;

  const std::string certificate_file_;
  const std::string key_file_;
  std::mutex mutex_;
  Context context_;  // Guarded by mutex_; sessions hold references of their own.
};

}  // namespace armature::http
