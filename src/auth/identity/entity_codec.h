// Entities as rows of the identity key space. The layout of keys and values is drawn in entity_codec.cc.
#pragma once

#include "auth/identity/entities.h"
#include "auth/secrets/key_ring.h"
#include "base/bytes.h"
#include "model/error.h"

namespace armature::auth {

// Keys of rows; names are folded here.
Bytes user_row(std::string_view name);
Bytes group_row(std::string_view name);
Bytes role_row(std::string_view name);
Bytes policy_row(std::string_view name);
Bytes key_usage_row(std::string_view access_key_id);
inline constexpr std::string_view kRowPrefix = "i";     // Of all of them.
inline constexpr std::string_view kAccountRow = "ia";   // AccountSettings.
inline constexpr std::string_view kRevisionRow = "iv";  // 8 bytes big-endian: how many changes there have been.
inline constexpr std::string_view kKeyCheckRow = "ik";  // A known text, sealed: whether the key file is the right one.

enum class RowKind : std::uint8_t { kUser, kGroup, kRole, kPolicy, kAccount, kRevision, kKeyCheck, kKeyUsage, kOther };
RowKind kind_of_row(BytesView key);

// Secrets are sealed with `keys` on the way out, opened on the way in.
Bytes encode_user(const User& user, const KeyRing& keys);
Bytes encode_group(const Group& group);
Bytes encode_role(const Role& role);
Bytes encode_policy(const ManagedPolicy& policy);
Bytes encode_account(const AccountSettings& settings);

// kInternal when the bytes are damaged, or a secret in them was sealed by a key that is not in the ring.
// `*sealed_by_old_key` becomes true when a secret was sealed by another key than the first; it may be null.
Result<User> decode_user(BytesView value, const KeyRing& keys, bool* sealed_by_old_key);
Result<Group> decode_group(BytesView value);
Result<Role> decode_role(BytesView value);
Result<ManagedPolicy> decode_policy(BytesView value);
Result<AccountSettings> decode_account(BytesView value);

// When and for what an access key was last used.
struct KeyUsage {
  std::int64_t at_s = 0;  // 0: never.
  std::string region;
  std::string service;
};
Bytes encode_key_usage(const KeyUsage& usage);
Result<KeyUsage> decode_key_usage(BytesView value);

}  // namespace armature::auth
