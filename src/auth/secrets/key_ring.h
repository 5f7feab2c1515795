// KeyRing: the keys under which secrets lie in storage and session tokens travel. They live in a file of their own,
// outside the data, so that a copy of the data is not a copy of the secrets in it.
//
// The first key seals; all of them open. To rotate, a new key is put in front (add_key()); what older keys sealed is
// sealed anew at the next start, and once the last session has expired they can be taken out of the file.
// Source: NIST SP 800-38D (GCM); RFC 5869 (HKDF).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/expected.h"
#include "base/secret.h"

namespace armature::auth {

// What something is sealed for: each purpose has keys of its own, so that nothing sealed for one can be passed off as
// the other.
enum class SealPurpose : std::uint8_t { kStoredSecret = 0, kSessionToken = 1 };
inline constexpr std::size_t kSealPurposes = 2;

// Immutable once made, so safe from any thread.
class KeyRing {
 public:
  // A ring with one new key.
  static KeyRing generate();
  // From the text of a key file. The error says what is wrong with it.
  static Expected<KeyRing, std::string> parse(std::string_view text);
  // The text of a key file that holds this ring.
  Secret to_text() const;
  // The same ring with a new key in front.
  KeyRing with_new_key() const;

  // Encrypts and authenticates `plain`. `context` is not part of the result and has to be given again to open it: it
  // says whose the secret is, so that nobody can move it to another's row.
  Bytes seal(SealPurpose purpose, BytesView plain, BytesView context) const;
  // nullopt when it was not sealed by a key of this ring, for this purpose and context, or has been changed since.
  std::optional<Bytes> open(SealPurpose purpose, BytesView sealed, BytesView context) const;
  // Whether the first key sealed it.
  bool is_sealed_by_first_key(BytesView sealed) const;

  std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::uint32_t id;  // Random; names the key in what it sealed.
    Secret material;   // 32 bytes.
    std::array<Secret, kSealPurposes> derived;
  };
  static Key make_key(std::uint32_t id, std::string material);
  const Key* find(std::uint32_t id) const;

  std::vector<Key> keys_;  // At least one.
};

}  // namespace armature::auth
