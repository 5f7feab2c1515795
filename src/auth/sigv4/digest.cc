#include "auth/sigv4/digest.h"

// The plain functions keep their state on the stack; the EVP ones of OpenSSL 3.0 allocate it anew for every digest, and
// a request takes four.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace armature::auth::sigv4 {
namespace {

constexpr std::size_t kBlockBytes = SHA256_CBLOCK;
static_assert(sizeof(Digest) == SHA256_DIGEST_LENGTH);

// Of the two parts, one after the other.
Digest hash(BytesView first, BytesView second = {}) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, first.data(), first.size());
  SHA256_Update(&state, second.data(), second.size());
  Digest digest;
  SHA256_Final(digest.data(), &state);  // Wipes the state.
  return digest;
}

}  // namespace

Digest sha256(BytesView text) { return hash(text); }

Digest hmac_sha256(BytesView key, BytesView text) {
  Digest short_key{};
  if (key.size() > kBlockBytes) {
    short_key = hash(key);
    key = view_of(short_key);
  }
  char inner_pad[kBlockBytes];
  char outer_pad[kBlockBytes];
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const char byte = i < key.size() ? key[i] : '\0';
    inner_pad[i] = static_cast<char>(byte ^ 0x36);
    outer_pad[i] = static_cast<char>(byte ^ 0x5c);
  }
  const Digest inner = hash({inner_pad, kBlockBytes}, text);
  const Digest outer = hash({outer_pad, kBlockBytes}, view_of(inner));
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
