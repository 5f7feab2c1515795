// What carries policies: users, groups and roles, so that the operations on inline policies, attachments, boundaries
// and tags are written once for all three, and what changes one of them says only what becomes of it. Source: IAM User
// Guide, "IAM and AWS STS quotas".
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "api/iam/entities.h"

namespace armature::api {

// iam:PermissionsBoundary: the boundary of what carries the policies; absent where there is none.
template <class Holder>
void add_boundary_fact(const QueryCall& call, std::string_view name, AccessFacts* known) {
  if constexpr (requires(typename Holder::Entity entity) { entity.boundary_arn; }) {
    const auto entity = Holder::find(*identities_of(call), name);
    if (!entity || (*entity)->boundary_arn.empty()) return;
    known->add("iam:PermissionsBoundary", known->arena()->copy((*entity)->boundary_arn));
  }
}

// Changes what is named `name` as `edit(const auth::Identities& now, Entity* entity)` says, unless that returns an
// error. `edit` may run more than once.
template <class Holder, class Edit>
Task<Result<void>> change_entity(QueryCall& call, const std::string& name, const Edit& edit) {
  const auto decide = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auto before, Holder::find(change.now(), name));
    auto entity = *before;
    TRY(edit(change.now(), &entity));
    change.put(std::move(entity));
    return {};
  };
  co_return co_await call.services.identities->change(decide);
}

struct UserHolder {
  using Entity = auth::User;
  static constexpr std::string_view kKind = "user";
  static constexpr std::string_view kParameter = "UserName";
  static constexpr std::size_t kMostInlineCharacters = kMostUserPolicyCharacters;
  static constexpr std::string_view kAttachmentQuota = "PoliciesPerUser";
  static const TextRule& name_rule() { return kExistingUserNameRule; }
  static Result<auth::UserRef> find(const auth::Identities& now, std::string_view name) { return find_user(now, name); }
  static std::string resource(const QueryCall& call, std::string_view name) { return user_resource(call, name); }
};

struct GroupHolder {
  using Entity = auth::Group;
  static constexpr std::string_view kKind = "group";
  static constexpr std::string_view kParameter = "GroupName";
  static constexpr std::size_t kMostInlineCharacters = kMostGroupPolicyCharacters;
  static constexpr std::string_view kAttachmentQuota = "PoliciesPerGroup";
  static const TextRule& name_rule() { return kGroupNameRule; }
  static Result<auth::GroupRef> find(const auth::Identities& now, std::string_view name) {
    return find_group(now, name);
  }
  static std::string resource(const QueryCall& call, std::string_view name) { return group_resource(call, name); }
};

struct RoleHolder {
  using Entity = auth::Role;
  static constexpr std::string_view kKind = "role";
  static constexpr std::string_view kParameter = "RoleName";
  static constexpr std::size_t kMostInlineCharacters = kMostRolePolicyCharacters;
  static constexpr std::string_view kAttachmentQuota = "PoliciesPerRole";
  static const TextRule& name_rule() { return kRoleNameRule; }
  static Result<auth::RoleRef> find(const auth::Identities& now, std::string_view name) { return find_role(now, name); }
  static std::string resource(const QueryCall& call, std::string_view name) { return role_resource(call, name); }
};

}  // namespace armature::api
