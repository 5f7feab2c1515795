#include "auth/sigv4/digest.h"

// The plain functions keep their state on the stack; the EVP ones of OpenSSL 3.0 allocate it anew for every digest, and
// a request takes four.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace armature::auth::sigv4 {
namespace {

constexpr std::size_t kBlockBytes = SHA256_CBLOCK;
static_assert(sizeof(Digest) == SHA256_DIGEST_LENGTH);

Digest finish(SHA256_CTX* state) {
  Digest digest;
  SHA256_Final(digest.data(), state);  // Wipes the state.
  return digest;
}

// All that is left of a block that was hashed, beside the number of bits so far.
using ChainingValue = std::array<std::uint32_t, 8>;

SHA256_CTX after_one_block(const ChainingValue& chaining_value) {
  SHA256_CTX state;
  SHA256_Init(&state);
  std::copy(chaining_value.begin(), chaining_value.end(), state.h);
  state.Nl = kBlockBytes * 8;
  return state;
}

void hash_block(const std::array<char, kBlockBytes>& block, ChainingValue* chaining_value) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.data(), block.size());
  std::copy(state.h, state.h + chaining_value->size(), chaining_value->begin());
  OPENSSL_cleanse(&state, sizeof state);
}

// The two digits of every byte.
constexpr auto kHexPairs = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  return pairs;
}();

}  // namespace

Digest sha256(BytesView text) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, text.data(), text.size());
  return finish(&state);
}

HmacKey::HmacKey(BytesView key) {
  Digest short_key{};
  if (key.size() > kBlockBytes) {
    short_key = sha256(key);
    key = view_of(short_key);
  }
  std::array<char, kBlockBytes> pad;
  const auto fill_pad = [&](unsigned char with) {
    for (std::size_t i = 0; i < kBlockBytes; ++i) pad[i] = static_cast<char>((i < key.size() ? key[i] : '\0') ^ with);
  };
  fill_pad(0x36);
  hash_block(pad, &inner_);
  fill_pad(0x5c);
  hash_block(pad, &outer_);
  OPENSSL_cleanse(pad.data(), pad.size());
  OPENSSL_cleanse(short_key.data(), short_key.size());
}

HmacKey::~HmacKey() {
  OPENSSL_cleanse(inner_.data(), sizeof inner_);
  OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

Digest HmacKey::hmac(BytesView text) const {
  SHA256_CTX state = after_one_block(inner_);
  SHA256_Update(&state, text.data(), text.size());
  const Digest inner = finish(&state);
  state = after_one_block(outer_);
  SHA256_Update(&state, inner.data(), inner.size());
  return finish(&state);
}

Digest hmac_sha256(BytesView key, BytesView text) { return HmacKey(key).hmac(text); }

void append_hex(const Digest& digest, Bytes* out) {
  std::array<std::array<char, 2>, sizeof(Digest)> text;
  for (std::size_t i = 0; i < digest.size(); ++i) text[i] = kHexPairs[digest[i]];
  out->append(text.data()->data(), sizeof text);
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace armature::auth::sigv4
