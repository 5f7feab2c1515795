// SHA-256 and HMAC-SHA-256 for signatures. The algorithm is fetched from OpenSSL once and every thread keeps one
// context, which is most of what a hash of a short text costs.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace armature::auth::sigv4 {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(BytesView text);

// `key` of any length. Source: RFC 2104.
Digest hmac_sha256(BytesView key, BytesView text);
inline BytesView view_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

// Appends in lower case, two digits a byte.
void append_hex(const Digest& digest, Bytes* out);

// Takes the same time whatever the contents; false at once when the lengths differ.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace armature::auth::sigv4
