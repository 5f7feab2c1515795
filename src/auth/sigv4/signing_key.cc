#include "auth/sigv4/signing_key.h"

#include <openssl/crypto.h>

#include <array>
#include <functional>
#include <string>

namespace armature::auth::sigv4 {
namespace {

constexpr std::size_t kSlots = 256;

struct CachedKey {
  Secret secret;
  std::string date, region, service;
  HmacKey key;

  bool is_for(const Secret& other, const Scope& scope) const {
    return secret.reveal() == other.reveal() && date == scope.date && region == scope.region &&
           service == scope.service;
  }
};

// Without the date: tomorrow's key takes the place of today's.
std::size_t slot_of(const Secret& secret, const Scope& scope) {
  const std::hash<std::string_view> hash;
  return (hash(secret.reveal()) ^ hash(scope.region) * 3 ^ hash(scope.service) * 5) % kSlots;
}

}  // namespace

Digest derive_signing_key(const Secret& secret, const Scope& scope) {
  const Secret first(std::string("AWS4").append(secret.reveal()));
  Digest key = hmac_sha256(first.reveal(), scope.date);
  for (const std::string_view part : {scope.region, scope.service, kTerminator}) key = hmac_sha256(view_of(key), part);
  return key;
}

const HmacKey& cached_signing_key(const Secret& secret, const Scope& scope) {
  thread_local std::array<CachedKey, kSlots> cache;
  CachedKey& cached = cache[slot_of(secret, scope)];
  // An untouched slot has an empty date, which no scope has that got this far.
  if (!cached.is_for(secret, scope)) {
    Digest key = derive_signing_key(secret, scope);
    cached.key = HmacKey(view_of(key));
    OPENSSL_cleanse(key.data(), key.size());
    cached.secret = secret;
    cached.date = scope.date;
    cached.region = scope.region;
    cached.service = scope.service;
  }
  return cached.key;
}

}  // namespace armature::auth::sigv4
