// Standard base64 with padding, for what auth/ writes into files and tokens. wire/ has one of its own, which stands on
// the same level. Source: RFC 4648, section 4.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace armature::auth {

Bytes encode_base64(BytesView bytes);
// nullopt unless `text` is what encode_base64() makes of some bytes.
std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace armature::auth
