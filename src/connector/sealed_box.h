// Encryption of what is kept: AES-256-GCM under a key of 32 bytes. Whoever lacks the key learns the length, and cannot
// change a byte unnoticed.
//
// | bytes | what                                |
// |-------|-------------------------------------|
// | 4     | "ASB1"                              |
// | 12    | nonce, random                       |
// | n     | ciphertext                          |
// | 16    | tag, over the first 4 bytes as well |
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/secret.h"

namespace armature::connector {

inline constexpr std::size_t kBoxKeyBytes = 32;

// `key` has kBoxKeyBytes bytes. Safe from any thread.
Bytes seal(const Secret& key, BytesView plain);
// nullopt: the key is another one, or the box was changed.
std::optional<Secret> open_box(const Secret& key, BytesView box);

}  // namespace armature::connector
