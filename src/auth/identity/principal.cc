#include "auth/identity/principal.h"

#include <algorithm>

namespace armature::auth {
namespace {

using iam::NamedPolicy;
using iam::PolicySource;
using iam::PrincipalPolicies;

NamedPolicy managed_policy(const Identities& identities, const std::string& arn, std::string_view holder,
                           PolicySource source) {
  NamedPolicy named{.name = arn.substr(arn.rfind('/') + 1),
                    .arn = arn,
                    .holder = std::string(holder),
                    .source = source,
                    .policy = nullptr};
  if (const ManagedPolicyRef policy = identities.policy(arn)) named.policy = policy->default_document().parsed;
  return named;
}

void add_permissions(const Identities& identities, const Permissions& permissions, std::string_view holder,
                     PolicySource inline_source, PolicySource attached_source, std::vector<NamedPolicy>* policies) {
  for (const InlinePolicy& policy : permissions.inline_policies) {
    policies->push_back({policy.name, {}, std::string(holder), inline_source, policy.document.parsed});
  }
  for (const std::string& arn : permissions.attached_arns) {
    policies->push_back(managed_policy(identities, arn, holder, attached_source));
  }
}

PrincipalPolicies gather(const Identities& identities, const User& user) {
  PrincipalPolicies policies;
  add_permissions(identities, user.permissions, user.name, PolicySource::kUserInline, PolicySource::kUserAttached,
                  &policies.identity);
  for (const std::string& id : user.group_ids) {
    if (const GroupRef group = identities.group_by_id(id)) {
      add_permissions(identities, group->permissions, group->name, PolicySource::kGroupInline,
                      PolicySource::kGroupAttached, &policies.identity);
    }
  }
  if (!user.boundary_arn.empty()) {
    policies.boundary = managed_policy(identities, user.boundary_arn, user.name, PolicySource::kBoundary);
  }
  return policies;
}

PrincipalPolicies gather(const Identities& identities, const Role& role) {
  PrincipalPolicies policies;
  add_permissions(identities, role.permissions, role.name, PolicySource::kRoleInline, PolicySource::kRoleAttached,
                  &policies.identity);
  if (!role.boundary_arn.empty()) {
    policies.boundary = managed_policy(identities, role.boundary_arn, role.name, PolicySource::kBoundary);
  }
  return policies;
}

std::vector<NamedPolicy> session_policies(const Identities& identities, const sts::Session& session) {
  std::vector<NamedPolicy> policies;
  if (!session.policy.empty()) {
    policies.push_back({"session",
                        {},
                        session.name,
                        PolicySource::kSessionInline,
                        stored_document(session.policy, iam::PolicyKind::kSession).parsed});
  }
  for (const std::string& arn : session.policy_arns) {
    policies.push_back(managed_policy(identities, arn, session.name, PolicySource::kSessionAttached));
  }
  return policies;
}

// The session's tags over those of its owner.
std::vector<PrincipalTag> overlaid(std::vector<PrincipalTag> tags, const std::vector<PrincipalTag>& session_tags) {
  for (const PrincipalTag& tag : session_tags) {
    std::erase_if(tags, [&](const PrincipalTag& other) { return folded(other.key) == folded(tag.key); });
    tags.push_back(tag);
  }
  return tags;
}

Identity begin_session(const Identities& identities, const sts::Session& session) {
  Identity identity;
  identity.access_key_id = session.access_key_id;
  identity.secret = session.secret;
  identity.account_id = identities.account_id();
  identity.kind = PrincipalKind::kSession;
  identity.expires_at_s = session.expires_at_s;
  identity.token_issued_at_s = session.issued_at_s;
  identity.source_identity = session.source_identity;
  identity.transitive_tag_keys = session.transitive_tag_keys;
  return identity;
}

std::shared_ptr<const Identity> role_session(const Identities& identities, const sts::Session& session) {
  const RoleRef role = identities.role_by_id(session.owner_id);
  if (role == nullptr) return nullptr;
  Identity identity = begin_session(identities, session);
  identity.type = PrincipalType::kAssumedRole;
  identity.principal_arn = assumed_role_arn(identities.account_id(), role->name, session.name);
  identity.user_id = role->id + ":" + session.name;
  identity.role_arn = role_arn(identities.account_id(), *role);
  identity.path = role->path;
  identity.tags = overlaid(role->tags, session.tags);
  PrincipalPolicies policies = gather(identities, *role);
  if (!session.policy.empty() || !session.policy_arns.empty()) policies.session = session_policies(identities, session);
  identity.policies = std::make_shared<const PrincipalPolicies>(std::move(policies));
  return std::make_shared<const Identity>(std::move(identity));
}

bool is_active_key_of(const User& user, std::string_view key_id) {
  return std::any_of(user.access_keys.begin(), user.access_keys.end(),
                     [&](const UserAccessKey& key) { return key.id == key_id && key.active; });
}

std::shared_ptr<const Identity> user_session(const Identities& identities, const sts::Session& session,
                                             std::string_view root_key_id) {
  const bool federated = session.kind == sts::SessionKind::kFederated;
  Identity identity = begin_session(identities, session);
  PrincipalPolicies policies;
  if (session.owner_id == identities.account_id()) {
    if (session.issuer_key_id != root_key_id) return nullptr;
    identity.principal_arn = root_arn(identities.account_id());
    identity.type = PrincipalType::kAccount;
    identity.user_id = identities.account_id();
    // What root may do, for evaluation to cut down.
    policies.identity.push_back(
        managed_policy(identities, "arn:aws:iam::aws:policy/AdministratorAccess", "root", PolicySource::kUserAttached));
  } else {
    const UserRef user = identities.user_by_id(session.owner_id);
    if (user == nullptr || !is_active_key_of(*user, session.issuer_key_id)) return nullptr;
    identity.principal_arn = user_arn(identities.account_id(), *user);
    identity.type = PrincipalType::kUser;
    identity.user_id = user->id;
    identity.user_name = user->name;
    identity.path = user->path;
    identity.tags = user->tags;
    policies = gather(identities, *user);
  }
  if (federated) {
    identity.principal_arn = "arn:aws:sts::" + identities.account_id() + ":federated-user/" + session.name;
    identity.type = PrincipalType::kFederatedUser;
    identity.user_id = identities.account_id() + ":" + session.name;
    identity.user_name.clear();
    identity.tags = session.tags;
    policies.session = session_policies(identities, session);
  }
  identity.policies = std::make_shared<const PrincipalPolicies>(std::move(policies));
  return std::make_shared<const Identity>(std::move(identity));
}

}  // namespace

std::shared_ptr<const PrincipalPolicies> policies_of(const Identities& identities, const User& user) {
  return std::make_shared<const PrincipalPolicies>(gather(identities, user));
}

std::shared_ptr<const PrincipalPolicies> policies_of(const Identities& identities, const Role& role) {
  return std::make_shared<const PrincipalPolicies>(gather(identities, role));
}

std::shared_ptr<const Identity> user_identity(const Identities& identities, const User& user,
                                              const UserAccessKey& key) {
  Identity identity;
  identity.access_key_id = key.id;
  identity.secret = key.secret;
  identity.account_id = identities.account_id();
  identity.principal_arn = user_arn(identities.account_id(), user);
  identity.kind = PrincipalKind::kUser;
  identity.active = key.active;
  identity.type = PrincipalType::kUser;
  identity.user_name = user.name;
  identity.user_id = user.id;
  identity.path = user.path;
  identity.tags = user.tags;
  identity.policies = policies_of(identities, user);
  return std::make_shared<const Identity>(std::move(identity));
}

std::shared_ptr<const Identity> session_identity(const Identities& identities, sts::Session session,
                                                 std::string_view root_key_id) {
  switch (session.kind) {
    case sts::SessionKind::kAssumedRole: return role_session(identities, session);
    case sts::SessionKind::kUser:
    case sts::SessionKind::kFederated: return user_session(identities, session, root_key_id);
  }
  return nullptr;
}

}  // namespace armature::auth
