#include "auth/sigv4/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

#include "base/assert.h"

namespace armature::auth::sigv4 {
namespace {

constexpr std::size_t kBlockBytes = 64;

const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // Lives as long as the process.
  return fetched;
}

class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    ARMATURE_ASSERT(context_ != nullptr && algorithm() != nullptr);
  }

  // Of the two parts, one after the other.
  Digest hash(BytesView first, BytesView second = {}) {
    Digest digest;
    const bool done = EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1 &&
                      EVP_DigestUpdate(context_.get(), first.data(), first.size()) == 1 &&
                      (second.empty() || EVP_DigestUpdate(context_.get(), second.data(), second.size()) == 1) &&
                      EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1;
    ARMATURE_ASSERT(done);  // Only lost memory could make it fail.
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Hasher& thread_hasher() {
  thread_local Hasher hasher;
  return hasher;
}

}  // namespace

Digest sha256(BytesView text) { return thread_hasher().hash(text); }

Digest hmac_sha256(BytesView key, BytesView text) {
  Hasher& hasher = thread_hasher();
  Digest short_key{};
  if (key.size() > kBlockBytes) {
    short_key = hasher.hash(key);
    key = view_of(short_key);
  }
  char inner_pad[kBlockBytes];
  char outer_pad[kBlockBytes];
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const char byte = i < key.size() ? key[i] : '\0';
    inner_pad[i] = static_cast<char>(byte ^ 0x36);
    outer_pad[i] = static_cast<char>(byte ^ 0x5c);
  }
  const Digest inner = hasher.hash({inner_pad, kBlockBytes}, text);
  const Digest outer = hasher.hash({outer_pad, kBlockBytes}, view_of(inner));
  OPENSSL_cleanse(inner_pad, sizeof inner_pad);
  OPENSSL_cleanse(outer_pad, sizeof outer_pad);
  OPENSSL_cleanse(short_key.data(), short_key.size());
  return outer;
}

void append_hex(const Digest& digest, Bytes* out) {
  constexpr char kHex[] = "0123456789abcdef";
  char text[2 * sizeof(Digest)];
  char* at = text;
  for (const std::uint8_t byte : digest) {
    *at++ = kHex[byte >> 4];
    *at++ = kHex[byte & 15];
  }
  out->append(text, sizeof text);
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace armature::auth::sigv4
