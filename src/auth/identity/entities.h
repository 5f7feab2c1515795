// Users, groups, roles and managed policies: what an account consists of, as immutable values once they are shared
// (identities.h). Source: IAM API Reference, "User", "Group", "Role", "ManagedPolicyDetail", "AccessKey",
// "LoginProfile".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credentials.h"
#include "auth/identity/policy_document.h"
#include "base/secret.h"

namespace armature::auth {

using Tag = PrincipalTag;

// What every entity has. Names are unique among entities of a kind, whatever their case.
struct Entity {
  std::string name;
  std::string path = "/";  // "/" or "/x/y/".
  std::string id;          // "AIDA…", "AGPA…", "AROA…", "ANPA…"; never used twice.
  std::int64_t created_at_s = 0;
};

struct InlinePolicy {
  std::string name;
  PolicyDocument document;
};

// The policies of a user, group or role.
struct Permissions {
  std::vector<InlinePolicy> inline_policies;  // By name.
  std::vector<std::string> attached_arns;     // Of managed policies, in the order they were attached.

  const InlinePolicy* find_inline(std::string_view name) const;
  bool is_attached(std::string_view arn) const;
  void put_inline(InlinePolicy policy);
  bool remove_inline(std::string_view name);
  bool detach(std::string_view arn);
};

struct UserAccessKey {
  std::string id;
  Secret secret;
  bool active = true;
  std::int64_t created_at_s = 0;
};

// A user's password for the console.
struct LoginProfile {
  std::string password_hash;  // auth/secrets/password_hash.h
  bool reset_required = false;
  std::int64_t created_at_s = 0;
};

struct User : Entity {
  Permissions permissions;
  std::string boundary_arn;  // Of a managed policy; empty: no boundary.
  std::vector<Tag> tags;
  std::vector<std::string> group_ids;
  std::vector<UserAccessKey> access_keys;
  std::optional<LoginProfile> login;
};

struct Group : Entity {
  Permissions permissions;
};

struct Role : Entity {
  PolicyDocument trust_policy;
  std::string description;
  std::int64_t max_session_s = 3600;
  Permissions permissions;
  std::string boundary_arn;
  std::vector<Tag> tags;
};

struct PolicyVersion {
  int number = 1;  // "v1".
  PolicyDocument document;
  std::int64_t created_at_s = 0;
};

struct ManagedPolicy : Entity {
  std::string arn;
  std::string description;
  std::vector<PolicyVersion> versions;  // Oldest first; at least one.
  int default_version = 1;
  int next_version = 2;
  std::int64_t updated_at_s = 0;
  std::vector<Tag> tags;
  bool aws_managed = false;  // Ships with the server; nobody changes it.

  const PolicyVersion* find_version(int number) const;
  const PolicyDocument& default_document() const;
};

// What the account is set to.
struct AccountSettings {
  std::string alias;
  // Addresses and CIDR blocks that may connect; nullopt: those of the command line.
  std::optional<std::vector<std::string>> allowed_ips;
};

using UserRef = std::shared_ptr<const User>;
using GroupRef = std::shared_ptr<const Group>;
using RoleRef = std::shared_ptr<const Role>;
using ManagedPolicyRef = std::shared_ptr<const ManagedPolicy>;

// "arn:aws:iam::<account>:<kind><path><name>"; `kind` is "user", "group", "role" or "policy".
std::string entity_arn(std::string_view account_id, std::string_view kind, const Entity& entity);
std::string user_arn(std::string_view account_id, const User& user);
std::string group_arn(std::string_view account_id, const Group& group);
std::string role_arn(std::string_view account_id, const Role& role);
// "arn:aws:sts::<account>:assumed-role/<role name>/<session name>": without the role's path.
std::string assumed_role_arn(std::string_view account_id, std::string_view role_name, std::string_view session_name);

// A new unique id: the prefix ("AIDA") and 17 letters and digits.
std::string new_entity_id(std::string_view prefix);
// 20 characters; `prefix` is "AKIA" or, of temporary keys, "ASIA".
std::string new_access_key_id(std::string_view prefix);
// 40 characters.
Secret new_secret_access_key();

// Names and tag keys that differ in case alone are the same: the form they are compared in. Both are ASCII.
std::string folded(std::string_view name);

}  // namespace armature::auth
