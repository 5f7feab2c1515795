// Identities: everything an account consists of at one moment. Whoever holds an IdentitiesRef sees one consistent state
// for as long as it likes; a change makes the next one (identity_store.h).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/identity/entities.h"

namespace armature::auth {

class Identities {
 public:
  explicit Identities(std::string account_id);

  const std::string& account_id() const { return account_id_; }

  // By name, in any case; nullptr: there is none.
  UserRef user(std::string_view name) const { return find(users_, folded(name)); }
  GroupRef group(std::string_view name) const { return find(groups_, folded(name)); }
  RoleRef role(std::string_view name) const { return find(roles_, folded(name)); }
  ManagedPolicyRef policy_named(std::string_view name) const { return find(policies_, folded(name)); }

  // Customer managed or AWS managed.
  ManagedPolicyRef policy(std::string_view arn) const { return find(policies_by_arn_, arn); }

  UserRef user_by_id(std::string_view id) const { return find(users_by_id_, id); }
  GroupRef group_by_id(std::string_view id) const { return find(groups_by_id_, id); }
  RoleRef role_by_id(std::string_view id) const { return find(roles_by_id_, id); }
  UserRef user_of_key(std::string_view access_key_id) const { return find(users_by_key_, access_key_id); }

  // In the order of folded names.
  const std::map<std::string, UserRef>& users() const { return users_; }
  const std::map<std::string, GroupRef>& groups() const { return groups_; }
  const std::map<std::string, RoleRef>& roles() const { return roles_; }
  const std::map<std::string, ManagedPolicyRef>& policies() const { return policies_; }  // Customer managed.

  // Users in the group, by name.
  std::vector<UserRef> members_of(const Group& group) const;
  const AccountSettings& account() const { return account_; }

  // How often a managed policy is attached, and used as a boundary. Counted, so not for hot paths.
  struct PolicyUse {
    std::int64_t attachments = 0;
    std::int64_t boundaries = 0;
  };
  PolicyUse use_of(std::string_view policy_arn) const;

  // Only while a new state is made. The name given is the one the entity had before; a new one under another name
  // replaces it.
  void put(User user);
  void put(Group group);
  void put(Role role);
  void put(ManagedPolicy policy);
  void put(AccountSettings settings) { account_ = std::move(settings); }
  void remove_user(std::string_view name);
  void remove_group(std::string_view name);
  void remove_role(std::string_view name);
  void remove_policy(std::string_view name);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <class Ref>
  using Index = std::unordered_map<std::string, Ref, Hash, std::equal_to<>>;

  template <class Map>
  static typename Map::mapped_type find(const Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
  }
  template <class Ref>
  static Ref find(const std::map<std::string, Ref>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
  }

  std::string account_id_;
  AccountSettings account_;
  std::map<std::string, UserRef> users_;
  std::map<std::string, GroupRef> groups_;
  std::map<std::string, RoleRef> roles_;
  std::map<std::string, ManagedPolicyRef> policies_;
  Index<ManagedPolicyRef> policies_by_arn_;
  Index<UserRef> users_by_id_;
  Index<UserRef> users_by_key_;
  Index<GroupRef> groups_by_id_;
  Index<RoleRef> roles_by_id_;
};

using IdentitiesRef = std::shared_ptr<const Identities>;

// The policies that ship with the server, by name. Source: AWS Managed Policy Reference Guide.
const std::vector<ManagedPolicyRef>& aws_managed_policies();

}  // namespace armature::auth
