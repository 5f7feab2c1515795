// Content codings of bodies: what requests may come in, and what responses go out in.
// Source: RFC 9110, sections 8.4 and 12.5.3; RFC 1950, 1951 and 1952.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"

namespace armature::http {

enum class ContentCoding { kIdentity, kGzip, kDeflate, kUnknown };

// The coding a Content-Encoding value names. Several codings at once are kUnknown.
ContentCoding parse_content_encoding(std::string_view value);

enum class UnpackResult { kOk, kBroken, kTooLarge };

// Unpacks `packed` into `*out`, replacing it. Several gzip members in a row are one body. `deflate` is the zlib
// format, or bare deflate, which some clients send under that name. Never holds more than `limit_bytes` and a
// little, whatever the input promises. kOk needs a whole, intact input with nothing behind it.
UnpackResult unpack(ContentCoding coding, std::string_view packed, std::size_t limit_bytes, Bytes* out);

// Whether an Accept-Encoding value lets us answer in gzip.
bool accepts_gzip(std::string_view accept_encoding);

// Replaces `*out` by `body` in gzip form. False when that would not be smaller. Thread-safe.
bool pack_gzip(std::string_view body, Bytes* out);

}  // namespace armature::http
