// Session tokens: everything about a session, sealed, so that any server with the key file can verify it and none has
// to remember it. The temporary secret key travels inside. What the session may do is decided anew at each request,
// from the role or user it belongs to and the policies in here. docs/adr/ says why. Source: IAM User Guide, "Temporary
// security credentials in IAM".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credentials.h"
#include "auth/secrets/key_ring.h"
#include "base/secret.h"
#include "model/error.h"

namespace armature::auth::sts {

enum class SessionKind : std::uint8_t {
  kAssumedRole = 1,
  kUser = 2,       // GetSessionToken: as the user, or root, itself.
  kFederated = 3,  // GetFederationToken.
};

struct Session {
  SessionKind kind = SessionKind::kAssumedRole;
  std::string access_key_id;  // "ASIA…"
  Secret secret;
  std::string owner_id;       // Of the role or the user; of root's sessions the account.
  std::string issuer_key_id;  // Of kUser and kFederated: the key that asked for it. Without that key it is dead.
  std::string name;           // The role session's, or the federated user's.
  std::int64_t issued_at_s = 0;
  std::int64_t expires_at_s = 0;

  // Policies of the session's own.
  std::string policy;  // Empty: none was given.
  std::vector<std::string> policy_arns;
  std::vector<PrincipalTag> tags;
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;
};

// What a session may carry besides its fixed parts, once packed: policies and tags.
inline constexpr std::size_t kMostPackedBytes = 4096;

// The token, in base64. kPackedPolicyTooLarge when policies and tags do not fit; `*packed_bytes` gets their size.
Result<std::string> seal_session(const Session& session, const KeyRing& keys, std::size_t* packed_bytes);

// nullopt unless `token` was made for `access_key_id` by a server with these keys. Says nothing about expiry.
std::optional<Session> open_session(std::string_view token, std::string_view access_key_id, const KeyRing& keys);

// How much of kMostPackedBytes is used, in percent.
std::int64_t packed_percent(std::size_t packed_bytes);

}  // namespace armature::auth::sts
