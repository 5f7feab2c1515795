// Standard base64 with padding, as DynamoDB carries binary values.
// Source: Developer Guide, "DynamoDB low-level API"; RFC 4648, section 4.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/error.h"

namespace armature::wire {

void append_base64(BytesView bytes, Bytes* out);
// The length of what append_base64() appends.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
// The same into memory the caller has: writes base64_size(bytes.size()) characters, returns the end.
char* write_base64(BytesView bytes, char* out);

// Strict: padded, no blanks, no stray bits behind the last byte. Errors are kSerialization with DynamoDB's sentences.
// The bytes live in `arena`.
Result<BytesView> decode_base64(std::string_view text, Arena* arena);

}  // namespace armature::wire
