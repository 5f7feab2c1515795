#include "auth/identity/identities.h"

#include <algorithm>

namespace armature::auth {
namespace {

void count_use(const Permissions& permissions, std::string_view arn, std::int64_t* attachments) {
  if (permissions.is_attached(arn)) ++*attachments;
}

}  // namespace

Identities::Identities(std::string account_id) : account_id_(std::move(account_id)) {
  for (const ManagedPolicyRef& policy : aws_managed_policies()) policies_by_arn_[policy->arn] = policy;
}

std::vector<UserRef> Identities::members_of(const Group& group) const {
  std::vector<UserRef> members;
  for (const auto& [name, user] : users_) {
    const auto& ids = user->group_ids;
    if (std::find(ids.begin(), ids.end(), group.id) != ids.end()) members.push_back(user);
  }
  return members;
}

Identities::PolicyUse Identities::use_of(std::string_view policy_arn) const {
  PolicyUse use;
  for (const auto& [name, user] : users_) {
    count_use(user->permissions, policy_arn, &use.attachments);
    if (user->boundary_arn == policy_arn) ++use.boundaries;
  }
  for (const auto& [name, group] : groups_) count_use(group->permissions, policy_arn, &use.attachments);
  for (const auto& [name, role] : roles_) {
    count_use(role->permissions, policy_arn, &use.attachments);
    if (role->boundary_arn == policy_arn) ++use.boundaries;
  }
  return use;
}

void Identities::put(User user) {
  if (const UserRef before = user_by_id(user.id)) remove_user(before->name);
  const auto shared = std::make_shared<const User>(std::move(user));
  users_[folded(shared->name)] = shared;
  users_by_id_[shared->id] = shared;
  for (const UserAccessKey& key : shared->access_keys) users_by_key_[key.id] = shared;
}

void Identities::remove_user(std::string_view name) {
  const UserRef user = this->user(name);
  if (user == nullptr) return;
  for (const UserAccessKey& key : user->access_keys) users_by_key_.erase(key.id);
  users_by_id_.erase(user->id);
  users_.erase(folded(name));
}

void Identities::put(Group group) {
  if (const GroupRef before = group_by_id(group.id)) remove_group(before->name);
  const auto shared = std::make_shared<const Group>(std::move(group));
  groups_[folded(shared->name)] = shared;
  groups_by_id_[shared->id] = shared;
}

void Identities::remove_group(std::string_view name) {
  const GroupRef group = this->group(name);
  if (group == nullptr) return;
  groups_by_id_.erase(group->id);
  groups_.erase(folded(name));
}

void Identities::put(Role role) {
  const auto shared = std::make_shared<const Role>(std::move(role));
  roles_[folded(shared->name)] = shared;
  roles_by_id_[shared->id] = shared;
}

void Identities::remove_role(std::string_view name) {
  const RoleRef role = this->role(name);
  if (role == nullptr) return;
  roles_by_id_.erase(role->id);
  roles_.erase(folded(name));
}

void Identities::put(ManagedPolicy policy) {
  const auto shared = std::make_shared<const ManagedPolicy>(std::move(policy));
  policies_[folded(shared->name)] = shared;
  policies_by_arn_[shared->arn] = shared;
}

void Identities::remove_policy(std::string_view name) {
  const ManagedPolicyRef policy = policy_named(name);
  if (policy == nullptr) return;
  policies_by_arn_.erase(policy->arn);
  policies_.erase(folded(name));
}

}  // namespace armature::auth
