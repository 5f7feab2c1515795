// SHA-256 and HMAC-SHA-256 for signatures.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace armature::auth::sigv4 {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(BytesView text);

// A key of any length, made ready: what HMAC hashes of the key alone is hashed once, half the work of a short text.
// Wiped when it dies. Source: RFC 2104.
class HmacKey {
 public:
  HmacKey() = default;
  explicit HmacKey(BytesView key);
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = default;
  ~HmacKey();

  Digest hmac(BytesView text) const;

 private:
  using State = std::array<std::uint32_t, 8>;  // Of SHA-256, after one block.
  State inner_{};
  State outer_{};
};

Digest hmac_sha256(BytesView key, BytesView text);
inline BytesView view_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

// Appends in lower case, two digits a byte.
void append_hex(const Digest& digest, Bytes* out);

// Takes the same time whatever the contents; false at once when the lengths differ.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace armature::auth::sigv4
