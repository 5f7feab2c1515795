#include "api/iam/roles.h"

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

constexpr std::int64_t kShortestSessionLimitS = 3600;
constexpr std::int64_t kLongestSessionLimitS = 43200;

Result<auth::PolicyDocument> parse_trust_policy(std::string_view text) {
  TRY_ASSIGN(auth::PolicyDocument document, parse_document(text, auth::iam::PolicyKind::kTrust));
  if (document.characters() > kMostTrustPolicyCharacters) {
    return quota_exceeded("ACLSizePerRole", kMostTrustPolicyCharacters);
  }
  return document;
}

}  // namespace

Task<Result<void>> create_role(QueryCall& call) {
  Form form(call.parameters);
  const std::string path(form.optional_text("Path", kPathRule).value_or("/"));
  const std::string name(form.text("RoleName", kRoleNameRule));
  const std::string_view text = form.text("AssumeRolePolicyDocument", kPolicyDocumentRule);
  const std::string description(form.optional_text("Description", kDescriptionRule).value_or(""));
  const auto max_session_s = form.optional_integer("MaxSessionDuration", kShortestSessionLimitS, kLongestSessionLimitS);
  const std::string boundary(form.optional_text("PermissionsBoundary", kArnRule).value_or(""));
  const std::vector<auth::Tag> tags = form.tags();
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) {
    add_tag_facts(tags, known);
    if (!boundary.empty()) known->add("iam:PermissionsBoundary", boundary);
  };
  CO_TRY(authorize(call, new_entity_resource(call, "role", path, name), facts));
  CO_TRY(check_tags(tags));
  CO_TRY_ASSIGN(const auth::PolicyDocument trust, parse_trust_policy(text));

  auth::Role role;
  role.name = name;
  role.path = path;
  role.id = auth::new_entity_id("AROA");
  role.created_at_s = call.services.clock.now_s();
  role.trust_policy = trust;
  role.description = description;
  role.max_session_s = max_session_s.value_or(kShortestSessionLimitS);
  role.boundary_arn = boundary;
  role.tags = tags;
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    if (change.now().role(name) != nullptr) {
      return fail(ErrorCode::kEntityAlreadyExists, "Role with name " + name + " already exists.");
    }
    if (change.now().roles().size() >= kMostRoles) return quota_exceeded("RolesPerAccount", kMostRoles);
    if (!boundary.empty()) TRY(check_boundary(change.now(), boundary));
    change.put(role);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(create));
  call.reply.open("Role");
  write_role(call, role, /*tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> get_role(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::RoleRef role, find_role(*identities, name));
  const auth::KeyUsage usage = call.services.identities->usage_of(role->id);
  call.reply.open("Role");
  write_role(call, *role, /*tags=*/true);
  call.reply.open("RoleLastUsed");
  if (usage.at_s != 0) {
    call.reply.element("LastUsedDate", xml_time(usage.at_s));
    call.reply.element("Region", usage.region);
  }
  call.reply.close();
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_roles(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view prefix = form.optional_text("PathPrefix", kPathPrefixRule).value_or("/");
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, new_entity_resource(call, "role", prefix, "")));
  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<auth::RoleRef> roles;
  for (const auto& [name, role] : identities->roles()) {
    if (role->path.starts_with(prefix)) roles.push_back(role);
  }
  const auto key = [](const auth::RoleRef& role) { return auth::folded(role->name); };
  write_page(&call.reply, "Roles", roles, paging, key,
             [&](const auth::RoleRef& role) { write_role(call, *role, /*tags=*/false); });
  co_return Result<void>();
}

Task<Result<void>> update_role(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  const auto description = form.optional_text("Description", kDescriptionRule);
  const auto max_session_s = form.optional_integer("MaxSessionDuration", kShortestSessionLimitS, kLongestSessionLimitS);
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  const auto update = [&](const auth::Identities&, auth::Role* role) -> Result<void> {
    if (description) role->description = *description;
    if (max_session_s) role->max_session_s = *max_session_s;
    return {};
  };
  co_return co_await change_entity<RoleHolder>(call, name, update);
}

Task<Result<void>> update_role_description(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  const std::string description(form.text("Description", kDescriptionRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  auth::Role changed;
  const auto update = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::RoleRef before, find_role(change.now(), name));
    changed = *before;
    changed.description = description;
    change.put(changed);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(update));
  call.reply.open("Role");
  write_role(call, changed, /*tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> update_assume_role_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  const std::string_view text = form.text("PolicyDocument", kPolicyDocumentRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  CO_TRY_ASSIGN(const auth::PolicyDocument trust, parse_trust_policy(text));
  const auto update = [&](const auth::Identities&, auth::Role* role) -> Result<void> {
    role->trust_policy = trust;
    return {};
  };
  co_return co_await change_entity<RoleHolder>(call, name, update);
}

Task<Result<void>> delete_role(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::RoleRef role, find_role(change.now(), name));
    if (!role->permissions.attached_arns.empty()) return delete_conflict("detach all policies first.");
    if (!role->permissions.inline_policies.empty()) return delete_conflict("delete policies first.");
    change.remove(*role);
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

}  // namespace armature::api
