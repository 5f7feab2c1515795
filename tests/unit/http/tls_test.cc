#include "http/tls.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>

#include "support/temporary_directory.h"
#include "testing.h"

namespace armature::http {
namespace {

// Writes a P-256 key and a certificate for it in the name of `common_name`, signed by itself.
void write_certificate(const std::string& certificate_file, const std::string& key_file, const char* common_name) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  FILE* const certificate_out = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(certificate_out, certificate);
  std::fclose(certificate_out);
  FILE* const key_out = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(key_out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(key_out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

// Speaks TLS over a Client's socket.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int highest_version = TLS1_3_VERSION)
      : client_(port), context_(SSL_CTX_new(TLS_client_method())), session_(SSL_new(context_)) {
    SSL_set_max_proto_version(session_, highest_version);
    SSL_set_min_proto_version(session_, TLS1_VERSION);
    SSL_set_security_level(session_, 0);
    SSL_set_fd(session_, client_.socket());
    connected_ = SSL_connect(session_) == 1;
  }
  ~TlsClient() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }

  bool connected() const { return connected_; }

  std::string common_name() const {
    X509* const certificate = SSL_get1_peer_certificate(session_);
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }

  // `bytes` as they would go over the network, for the test to send as it likes.
  std::string encrypted(std::string_view bytes) {
    BIO* const network = BIO_new(BIO_s_mem());
    SSL_set0_wbio(session_, network);
    SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()));
    char* data = nullptr;
    const long size = BIO_get_mem_data(network, &data);
    return std::string(data, static_cast<std::size_t>(size));
  }
  Client& network() { return client_; }
  std::string receive() {
    char buffer[4096];
    const int count = SSL_read(session_, buffer, sizeof buffer);
    return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : "";
  }

  // Sends `bytes`, and returns what comes until the server ends the connection.
  std::string exchange(std::string_view bytes) {
    SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()));
    std::string received;
    char buffer[4096];
    int count;
    while ((count = SSL_read(session_, buffer, sizeof buffer)) > 0)
      received.append(buffer, static_cast<std::size_t>(count));
    return received;
  }

 private:
  Client client_;
  SSL_CTX* context_;
  SSL* session_;
  bool connected_ = false;
};

std::string post(const std::string& body, bool close) {
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         (close ? "\r\nConnection: close" : "") + "\r\n\r\n" + body;
}

class TlsServerTest : public ServerTest {
 protected:
  TlsServerTest() {
    options.tls_certificate_file = directory / "certificate.pem";
    options.tls_key_file = directory / "key.pem";
    write_certificate(options.tls_certificate_file, options.tls_key_file, "first");
  }
  test::TemporaryDirectory directory;
};

TEST_F(TlsServerTest, RequestsAreAnsweredOverTls12And13) {
  serve([](const Request& request) {
    return reply(std::string(request.secure ? "secure " : "plain ") + std::string(request.body));
  });
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->port(), version);
    ASSERT_TRUE(client.connected());
    const std::string received = client.exchange(post("one", false) + post("two", true));
    EXPECT_NE(received.find("secure one"), std::string::npos);
    EXPECT_NE(received.find("secure two"), std::string::npos);
  }
}

TEST_F(TlsServerTest, LargeBodiesPassBothWays) {
  serve([](const Request& request) { return reply(std::string(request.body)); });
  TlsClient client(server->port());
  std::string body(3'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  const std::string received = client.exchange(post(body, true));
  ASSERT_GT(received.size(), body.size());
  EXPECT_TRUE(received.ends_with(body));
}

TEST_F(TlsServerTest, HalfATlsRecordIsWaitedForQuietly) {
  serve();
  TlsClient client(server->port());
  const std::string record = client.encrypted(post("in two halves", false));
  client.network().send(record.substr(0, record.size() / 2));
  const std::clock_t before = std::clock();
  usleep(200'000);
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 10);
  client.network().send(record.substr(record.size() / 2));
  EXPECT_NE(client.receive().find("in two halves"), std::string::npos);
}

TEST_F(TlsServerTest, OlderVersionsAreRefused) {
  serve();
  EXPECT_FALSE(TlsClient(server->port(), TLS1_1_VERSION).connected());
}

TEST_F(TlsServerTest, PlainHttpOnTheTlsPortIsClosed) {
  serve();
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive().status, 0);
}

TEST_F(TlsServerTest, AHandshakeThatNeverComesTimesOut) {
  options.header_timeout = std::chrono::milliseconds(100);
  serve();
  Client client(server->port());
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(TlsServerTest, ReloadServesTheNewCertificate) {
  serve();
  EXPECT_EQ(TlsClient(server->port()).common_name(), "first");
  write_certificate(options.tls_certificate_file, options.tls_key_file, "second");
  EXPECT_TRUE(server->reload_tls());
  EXPECT_EQ(TlsClient(server->port()).common_name(), "second");
}

TEST_F(TlsServerTest, AFailedReloadKeepsTheOldCertificate) {
  serve();
  std::filesystem::remove(options.tls_key_file);
  const auto reloaded = server->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_NE(reloaded.error().find(options.tls_key_file), std::string::npos);
  EXPECT_EQ(TlsClient(server->port()).common_name(), "first");
}

TEST_F(TlsServerTest, DrainEndsTlsConnectionsToo) {
  serve();
  TlsClient client(server->port());
  Client mute(server->port());
  EXPECT_TRUE(server->drain(std::chrono::seconds(5)));
}

TEST_F(TlsServerTest, FilesThatDoNotServeAreErrorsThatNameThem) {
  const auto error = [&](const std::string& certificate, const std::string& key) {
    const auto loaded = TlsContext::load(certificate, key);
    return loaded ? "" : loaded.error();
  };
  const std::string missing = directory / "missing.pem";
  EXPECT_NE(error(missing, options.tls_key_file).find(missing + ": No such file"), std::string::npos)
      << error(missing, options.tls_key_file);
  EXPECT_NE(error(options.tls_certificate_file, missing).find(missing), std::string::npos);
  const std::string other_certificate = directory / "other.pem";
  const std::string other_key = directory / "other_key.pem";
  write_certificate(other_certificate, other_key, "other");
  EXPECT_NE(error(options.tls_certificate_file, other_key).find("mismatch"), std::string::npos)
      << error(options.tls_certificate_file, other_key);
}

TEST_F(TlsServerTest, AKeyWithAPassPhraseIsAnErrorAndNobodyIsAsked) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  FILE* const out = std::fopen(options.tls_key_file.c_str(), "w");
  PEM_write_PrivateKey(out, key, EVP_aes_256_cbc(), reinterpret_cast<const unsigned char*>("secret"), 6, nullptr,
                       nullptr);
  std::fclose(out);
  EVP_PKEY_free(key);
  const auto loaded = TlsContext::load(options.tls_certificate_file, options.tls_key_file);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().find("it has a pass phrase"), std::string::npos) << loaded.error();
}

TEST_F(TlsServerTest, ACertificateWithoutKeyIsAnError) {
  options.tls_key_file.clear();
  FunctionHandler handler(echo);
  EXPECT_FALSE(Server::start(options, handler, loops, metrics));
}

}  // namespace
}  // namespace armature::http
