#include "api/iam/account.h"

#include <algorithm>

#include "api/iam/entities.h"
#include "api/iam/policies.h"

namespace armature::api {
namespace {

// [a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?
bool matches_alias(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && plain(text.front()) && plain(text.back()) && text.find("--") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [&](char c) { return plain(c) || c == '-'; });
}
const TextRule kAliasRule{3, 63, matches_alias, R"(^[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?$)"};

void write_inline_list(std::string_view name, const auth::Permissions& permissions, wire::XmlWriter* writer) {
  writer->open(name);
  for (const auth::InlinePolicy& policy : permissions.inline_policies) {
    writer->open("member");
    writer->element("PolicyName", policy.name);
    writer->element("PolicyDocument", wire::percent_encode(policy.document.text));
    writer->close();
  }
  writer->close();
}

void write_attached_list(const auth::Permissions& permissions, wire::XmlWriter* writer) {
  writer->open("AttachedManagedPolicies");
  for (const std::string& arn : permissions.attached_arns) {
    writer->open("member");
    writer->element("PolicyName", arn.substr(arn.rfind('/') + 1));
    writer->element("PolicyArn", arn);
    writer->close();
  }
  writer->close();
}

// One entity of GetAccountAuthorizationDetails, in the order of its pages.
struct Detail {
  std::string key;
  auth::GroupRef group;
  auth::RoleRef role;
  auth::UserRef user;
  auth::ManagedPolicyRef policy;
};

std::vector<Detail> gather_details(const auth::Identities& identities, std::span<const std::string_view> filter) {
  const auto wanted = [&](std::string_view kind) {
    return filter.empty() || std::find(filter.begin(), filter.end(), kind) != filter.end();
  };
  std::vector<Detail> details;
  if (wanted("Group")) {
    for (const auto& [name, group] : identities.groups()) details.push_back({.key = "1/" + name, .group = group});
  }
  if (wanted("LocalManagedPolicy")) {
    for (const auto& [name, policy] : identities.policies()) details.push_back({.key = "2/" + name, .policy = policy});
  }
  if (wanted("AWSManagedPolicy")) {
    for (const auth::ManagedPolicyRef& policy : auth::aws_managed_policies()) {
      details.push_back({.key = "3/" + policy->name, .policy = policy});
    }
  }
  if (wanted("Role")) {
    for (const auto& [name, role] : identities.roles()) details.push_back({.key = "4/" + name, .role = role});
  }
  if (wanted("User")) {
    for (const auto& [name, user] : identities.users()) details.push_back({.key = "5/" + name, .user = user});
  }
  return details;
}

void write_user_detail(const QueryCall& call, const auth::Identities& identities, const auth::User& user) {
  write_user(call, user, /*tags=*/true);
  write_inline_list("UserPolicyList", user.permissions, &call.reply);
  call.reply.open("GroupList");
  for (const std::string& id : user.group_ids) {
    if (const auth::GroupRef group = identities.group_by_id(id)) call.reply.element("member", group->name);
  }
  call.reply.close();
  write_attached_list(user.permissions, &call.reply);
}

void write_policy_detail(const QueryCall& call, const auth::Identities& identities, const auth::ManagedPolicy& policy) {
  write_managed_policy(call, identities, policy, /*description_and_tags=*/true);
  call.reply.open("PolicyVersionList");
  for (const auth::PolicyVersion& version : policy.versions) {
    call.reply.open("member");
    write_policy_version(call, policy, version, /*document=*/true);
    call.reply.close();
  }
  call.reply.close();
}

// Writes the details that have `part` as members of `list`.
template <class Part, class Write>
void write_details(const QueryCall& call, std::string_view list, const std::vector<Detail>& details, Part part,
                   Write write) {
  call.reply.open(list);
  for (const Detail& detail : details) {
    if (detail.*part == nullptr) continue;
    call.reply.open("member");
    write(*(detail.*part));
    call.reply.close();
  }
  call.reply.close();
}

}  // namespace

Task<Result<void>> get_account_authorization_details(QueryCall& call) {
  static constexpr std::string_view kFilters[] = {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"};
  Form form(call.parameters);
  const std::vector<std::string_view> filter = form.texts("Filter", {});
  for (const std::string_view kind : filter) {
    if (std::find(std::begin(kFilters), std::end(kFilters), kind) == std::end(kFilters)) {
      form.violate("filter", kind,
                   "Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, "
                   "AWSManagedPolicy]");
    }
  }
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));

  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<Detail> details = gather_details(*identities, filter);
  std::erase_if(details, [&](const Detail& detail) { return detail.key <= paging.after; });
  const bool more = details.size() > paging.max_items;
  if (more) details.resize(paging.max_items);
  write_details(call, "UserDetailList", details, &Detail::user,
                [&](const auth::User& user) { write_user_detail(call, *identities, user); });
  write_details(call, "GroupDetailList", details, &Detail::group, [&](const auth::Group& group) {
    write_group(call, group);
    write_inline_list("GroupPolicyList", group.permissions, &call.reply);
    write_attached_list(group.permissions, &call.reply);
  });
  write_details(call, "RoleDetailList", details, &Detail::role, [&](const auth::Role& role) {
    write_role(call, role, /*tags=*/true);
    call.reply.open("InstanceProfileList");
    call.reply.close();
    write_inline_list("RolePolicyList", role.permissions, &call.reply);
    write_attached_list(role.permissions, &call.reply);
  });
  write_details(call, "Policies", details, &Detail::policy,
                [&](const auth::ManagedPolicy& policy) { write_policy_detail(call, *identities, policy); });
  call.reply.element_bool("IsTruncated", more);
  if (more) call.reply.element("Marker", page_marker(details.back().key));
  co_return Result<void>();
}

Task<Result<void>> get_account_summary(QueryCall& call) {
  CO_TRY(authorize(call, "*"));
  const auth::IdentitiesRef identities = identities_of(call);
  std::int64_t versions = 0;
  for (const auto& [name, policy] : identities->policies()) {
    versions += static_cast<std::int64_t>(policy->versions.size());
  }
  struct Figure {
    std::string_view name;
    std::int64_t value;
  };
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  const Figure figures[] = {
      {"AccessKeysPerUserQuota", kMostAccessKeysPerUser},
      {"AccountAccessKeysPresent", 1},
      {"AccountMFAEnabled", 0},
      {"AccountPasswordPresent", 0},
      {"AccountSigningCertificatesPresent", 0},
      {"AssumeRolePolicySizeQuota", kMostTrustPolicyCharacters},
      {"AttachedPoliciesPerGroupQuota", kMostAttachedPolicies},
      {"AttachedPoliciesPerRoleQuota", kMostAttachedPolicies},
      {"AttachedPoliciesPerUserQuota", kMostAttachedPolicies},
      {"GlobalEndpointTokenVersion", 1},
      {"GroupPolicySizeQuota", kMostGroupPolicyCharacters},
      {"Groups", count(identities->groups().size())},
      {"GroupsPerUserQuota", kMostGroupsPerUser},
      {"GroupsQuota", kMostGroups},
      {"InstanceProfiles", 0},
      {"InstanceProfilesQuota", 0},
      {"MFADevices", 0},
      {"MFADevicesInUse", 0},
      {"Policies", count(identities->policies().size())},
      {"PoliciesQuota", kMostPolicies},
      {"PolicySizeQuota", kMostManagedPolicyCharacters},
      {"PolicyVersionsInUse", versions},
      {"PolicyVersionsInUseQuota", kMostPolicies * kMostPolicyVersions},
      {"Providers", 0},
      {"RolePolicySizeQuota", kMostRolePolicyCharacters},
      {"Roles", count(identities->roles().size())},
      {"RolesQuota", kMostRoles},
      {"ServerCertificates", 0},
      {"ServerCertificatesQuota", 0},
      {"SigningCertificatesPerUserQuota", 0},
      {"UserPolicySizeQuota", kMostUserPolicyCharacters},
      {"Users", count(identities->users().size())},
      {"UsersQuota", kMostUsers},
      {"VersionsPerPolicyQuota", kMostPolicyVersions},
  };
  call.reply.open("SummaryMap");
  for (const auto& [name, value] : figures) {
    call.reply.open("entry");
    call.reply.element("key", name);
    call.reply.element("value", value);
    call.reply.close();
  }
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_account_aliases(QueryCall& call) {
  Form form(call.parameters);
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));
  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<std::string> aliases;
  if (!identities->account().alias.empty()) aliases.push_back(identities->account().alias);
  const auto key = [](const std::string& alias) { return alias; };
  write_page(&call.reply, "AccountAliases", aliases, paging, key,
             [&](const std::string& alias) { call.reply.text(alias); });
  co_return Result<void>();
}

// An account has one alias; a new one takes its place.
Task<Result<void>> create_account_alias(QueryCall& call) {
  Form form(call.parameters);
  const std::string alias(form.text("AccountAlias", kAliasRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    auth::AccountSettings settings = change.now().account();
    settings.alias = alias;
    change.put(std::move(settings));
    return {};
  };
  co_return co_await call.services.identities->change(create);
}

Task<Result<void>> delete_account_alias(QueryCall& call) {
  Form form(call.parameters);
  const std::string alias(form.text("AccountAlias", kAliasRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, "*"));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    auth::AccountSettings settings = change.now().account();
    if (settings.alias != alias) {
      return fail(ErrorCode::kNoSuchEntity, "The account alias " + alias + " cannot be found.");
    }
    settings.alias.clear();
    change.put(std::move(settings));
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

namespace {

void write_nothing(const QueryCall& call, std::string_view list) {
  call.reply.open(list);
  call.reply.close();
  call.reply.element_bool("IsTruncated", false);
}

// An empty list of a user that exists.
Task<Result<void>> nothing_of_user(QueryCall& call, std::string_view list) {
  Form form(call.parameters);
  const auto given = form.optional_text("UserName", kExistingUserNameRule);
  CO_TRY(form.check());
  const bool of_root = !given && call.context.identity->user_name.empty();
  std::string name;
  if (!of_root) {
    CO_TRY_ASSIGN(name, user_or_caller(call, given));
  }
  CO_TRY(authorize(call, of_root ? call.context.identity->principal_arn : user_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  if (!of_root) CO_TRY(find_user(*identities, name));
  write_nothing(call, list);
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> list_ssh_public_keys(QueryCall& call) { return nothing_of_user(call, "SSHPublicKeys"); }
Task<Result<void>> list_mfa_devices(QueryCall& call) { return nothing_of_user(call, "MFADevices"); }
Task<Result<void>> list_signing_certificates(QueryCall& call) { return nothing_of_user(call, "Certificates"); }
Task<Result<void>> list_service_specific_credentials(QueryCall& call) {
  return nothing_of_user(call, "ServiceSpecificCredentials");
}

Task<Result<void>> list_virtual_mfa_devices(QueryCall& call) {
  CO_TRY(authorize(call, "*"));
  write_nothing(call, "VirtualMFADevices");
  co_return Result<void>();
}

Task<Result<void>> list_instance_profiles_for_role(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("RoleName", kRoleNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, role_resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY(find_role(*identities, name));
  write_nothing(call, "InstanceProfiles");
  co_return Result<void>();
}

}  // namespace armature::api
