// Who may sign requests: access keys, the principals behind them, and where they are looked up.
// Source: IAM User Guide, "Manage access keys for IAM users"; "Temporary security credentials in IAM".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace armature::auth {

namespace iam {
struct PrincipalPolicies;  // auth/iam/principal.h
}

// What a client signs with. `session_token` is empty unless the key is temporary.
struct AccessKey {
  std::string id;
  Secret secret;
  std::string session_token = {};
};

enum class PrincipalKind : std::uint8_t {
  kRoot,     // The account itself: no policy restrains it.
  kUser,     // An IAM user, with a key that lives until it is deleted.
  kSession,  // An assumed role or other temporary credentials.
};

// As the condition key aws:PrincipalType has it. A session of GetSessionToken is of its user's type.
enum class PrincipalType : std::uint8_t { kAccount, kUser, kAssumedRole, kFederatedUser };

struct PrincipalTag {
  std::string key;
  std::string value;
};

// One access key with the principal it stands for. Immutable once shared: a change makes a new one, also when one of
// the policies changes.
struct Identity {
  std::string access_key_id;
  Secret secret;
  std::string account_id;
  // As messages print it: of a role session "arn:aws:sts::A:assumed-role/Role/session".
  std::string principal_arn;
  std::string user_id = {};    // "AIDA…"; of root the account id; "AROA…:session"; "<account>:federated name".
  std::string user_name = {};  // Of a user and of its sessions; empty otherwise.
  PrincipalKind kind = PrincipalKind::kUser;
  bool active = true;
  std::optional<std::int64_t> expires_at_s = {};  // Of a session.

  PrincipalType type = PrincipalType::kAccount;
  std::string role_arn = {};  // Of a role session: what aws:PrincipalArn is then.
  std::string path = {};      // "/team/".
  // The user's or role's tags with the session's laid over them; keys are distinct ignoring case.
  std::vector<PrincipalTag> tags = {};
  // Of temporary keys:
  std::optional<std::int64_t> token_issued_at_s = {};
  bool mfa_present = false;
  std::string source_identity = {};                   // Empty: none was set.
  std::vector<std::string> transitive_tag_keys = {};  // Tags a role assumed from this session has too.

  // nullptr: no policy at all, so nothing is allowed (root needs none).
  std::shared_ptr<const iam::PrincipalPolicies> policies = {};
};

// Thread-safe. Asked once a request, so it answers from memory.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;
  // The identity of a key id; nullptr when there is none, or when it is a temporary one and `session_token` (empty:
  // none was sent) is not the token issued with it. Inactive keys and expired sessions are returned as such: what is
  // said about them is the caller's.
  virtual std::shared_ptr<const Identity> find(std::string_view access_key_id,
                                               std::string_view session_token) const = 0;
};

// "arn:aws:iam::<account>:root".
std::string root_arn(std::string_view account_id);

// The root user of an account, with its key.
std::shared_ptr<const Identity> root_identity(AccessKey root, std::string_view account_id);

// Knows the root access key alone.
class RootCredentialStore final : public CredentialStore {
 public:
  RootCredentialStore(AccessKey root, std::string_view account_id);
  std::shared_ptr<const Identity> find(std::string_view access_key_id, std::string_view session_token) const override;

 private:
  const std::shared_ptr<const Identity> root_;
};

}  // namespace armature::auth
