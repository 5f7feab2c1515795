#include "auth/identity/entities.h"

#include <algorithm>

#include "base/assert.h"
#include "base/random.h"

namespace armature::auth {

const InlinePolicy* Permissions::find_inline(std::string_view name) const {
  for (const InlinePolicy& policy : inline_policies) {
    if (policy.name == name) return &policy;
  }
  return nullptr;
}

bool Permissions::is_attached(std::string_view arn) const {
  return std::find(attached_arns.begin(), attached_arns.end(), arn) != attached_arns.end();
}

void Permissions::put_inline(InlinePolicy policy) {
  const auto at =
      std::lower_bound(inline_policies.begin(), inline_policies.end(), policy.name,
                       [](const InlinePolicy& element, const std::string& name) { return element.name < name; });
  if (at != inline_policies.end() && at->name == policy.name) {
    *at = std::move(policy);
  } else {
    inline_policies.insert(at, std::move(policy));
  }
}

bool Permissions::remove_inline(std::string_view name) {
  return std::erase_if(inline_policies, [&](const InlinePolicy& policy) { return policy.name == name; }) > 0;
}

bool Permissions::detach(std::string_view arn) { return std::erase(attached_arns, arn) > 0; }

const PolicyVersion* ManagedPolicy::find_version(int number) const {
  for (const PolicyVersion& version : versions) {
    if (version.number == number) return &version;
  }
  return nullptr;
}

const PolicyDocument& ManagedPolicy::default_document() const {
  const PolicyVersion* const version = find_version(default_version);
  ARMATURE_ASSERT(version != nullptr);
  return version->document;
}

std::string entity_arn(std::string_view account_id, std::string_view kind, const Entity& entity) {
  std::string arn = "arn:aws:iam::";
  arn.append(account_id).append(":").append(kind).append(entity.path).append(entity.name);
  return arn;
}

std::string user_arn(std::string_view account_id, const User& user) { return entity_arn(account_id, "user", user); }
std::string group_arn(std::string_view account_id, const Group& group) {
  return entity_arn(account_id, "group", group);
}
std::string role_arn(std::string_view account_id, const Role& role) { return entity_arn(account_id, "role", role); }

std::string assumed_role_arn(std::string_view account_id, std::string_view role_name, std::string_view session_name) {
  std::string arn = "arn:aws:sts::";
  arn.append(account_id).append(":assumed-role/").append(role_name).append("/").append(session_name);
  return arn;
}

std::string new_entity_id(std::string_view prefix) {
  return std::string(prefix) + secure_random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 17);
}

std::string new_access_key_id(std::string_view prefix) {
  return std::string(prefix) + secure_random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
}

Secret new_secret_access_key() {
  return Secret(secure_random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40));
}

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace armature::auth
