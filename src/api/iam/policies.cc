#include "api/iam/policies.h"

#include <algorithm>
#include <charconv>

#include "api/iam/entities.h"

namespace armature::api {
namespace {

bool matches_version(std::string_view text) {
  if (text.size() < 2 || text[0] != 'v' || text[1] < '1' || text[1] > '9') return false;
  const std::string_view number = text.substr(1, text.find('.') - 1);
  return std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}
const TextRule kVersionRule{2, 32, matches_version, R"(v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)"};

Result<int> version_number(const auth::ManagedPolicy& policy, std::string_view version_id) {
  int number = 0;
  std::from_chars(version_id.data() + 1, version_id.data() + version_id.size(), number);
  if (policy.find_version(number) == nullptr) {
    return fail(ErrorCode::kNoSuchEntity, "Policy " + policy.arn + " version " + std::string(version_id) +
                                              " does not exist or is not attachable.");
  }
  return number;
}

Result<void> check_size(const auth::PolicyDocument& document) {
  if (document.characters() <= kMostManagedPolicyCharacters) return {};
  return quota_exceeded("PolicySize", kMostManagedPolicyCharacters);
}

std::string version_id(int number) { return "v" + std::to_string(number); }

}  // namespace

Result<auth::ManagedPolicyRef> find_policy(const auth::Identities& now, std::string_view arn) {
  if (!arn.starts_with("arn:") || arn.find(":policy/") == std::string_view::npos) {
    return invalid("ARN " + std::string(arn) + " is not valid.");
  }
  auth::ManagedPolicyRef policy = now.policy(arn);
  if (policy == nullptr) {
    return fail(ErrorCode::kNoSuchEntity, "Policy " + std::string(arn) + " was not found.");
  }
  return policy;
}

Result<auth::ManagedPolicyRef> find_own_policy(const auth::Identities& now, std::string_view arn) {
  TRY_ASSIGN(auth::ManagedPolicyRef policy, find_policy(now, arn));
  if (policy->aws_managed) {
    return fail(ErrorCode::kInvalidInput, "Policy " + std::string(arn) + " is managed by AWS and cannot be changed.");
  }
  return policy;
}

void write_managed_policy(const QueryCall& call, const auth::Identities& identities, const auth::ManagedPolicy& policy,
                          bool description_and_tags) {
  const auth::Identities::PolicyUse use = identities.use_of(policy.arn);
  wire::XmlWriter& writer = call.reply;
  writer.element("PolicyName", policy.name);
  writer.element("PolicyId", policy.id);
  writer.element("Arn", policy.arn);
  writer.element("Path", policy.path);
  writer.element("DefaultVersionId", version_id(policy.default_version));
  writer.element("AttachmentCount", use.attachments);
  writer.element("PermissionsBoundaryUsageCount", use.boundaries);
  writer.element_bool("IsAttachable", true);
  writer.element("CreateDate", xml_time(policy.created_at_s));
  writer.element("UpdateDate", xml_time(policy.updated_at_s));
  if (!description_and_tags) return;
  if (!policy.description.empty()) writer.element("Description", policy.description);
  write_tags(policy.tags, &writer);
}

void write_policy_version(const QueryCall& call, const auth::ManagedPolicy& policy, const auth::PolicyVersion& version,
                          bool document) {
  if (document) call.reply.element("Document", wire::percent_encode(version.document.text));
  call.reply.element("VersionId", version_id(version.number));
  call.reply.element_bool("IsDefaultVersion", version.number == policy.default_version);
  call.reply.element("CreateDate", xml_time(version.created_at_s));
}

Task<Result<void>> create_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text("PolicyName", kPolicyNameRule));
  const std::string path(form.optional_text("Path", kPolicyPathRule).value_or("/"));
  const std::string_view text = form.text("PolicyDocument", kPolicyDocumentRule);
  const std::string description(form.optional_text("Description", kDescriptionRule).value_or(""));
  const std::vector<auth::Tag> tags = form.tags();
  CO_TRY(form.check());
  const std::string arn = new_entity_resource(call, "policy", path, name);
  const auto facts = [&](AccessFacts* known) { add_tag_facts(tags, known); };
  CO_TRY(authorize(call, arn, facts));
  CO_TRY(check_tags(tags));
  CO_TRY_ASSIGN(const auth::PolicyDocument document, parse_document(text, auth::iam::PolicyKind::kIdentity));
  CO_TRY(check_size(document));

  auth::ManagedPolicy policy;
  policy.name = name;
  policy.path = path;
  policy.id = auth::new_entity_id("ANPA");
  policy.arn = arn;
  policy.created_at_s = policy.updated_at_s = call.services.clock.now_s();
  policy.description = description;
  policy.versions.push_back({1, document, policy.created_at_s});
  policy.tags = tags;
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    if (change.now().policy_named(name) != nullptr) {
      return fail(ErrorCode::kEntityAlreadyExists,
                  "A policy called " + name + " already exists. Duplicate names are not allowed.");
    }
    if (change.now().policies().size() >= kMostPolicies) return quota_exceeded("PoliciesPerAccount", kMostPolicies);
    change.put(policy);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(create));
  const auth::IdentitiesRef identities = identities_of(call);
  call.reply.open("Policy");
  write_managed_policy(call, *identities, policy, /*description_and_tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> get_managed_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view arn = form.text("PolicyArn", kArnRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::ManagedPolicyRef policy, find_policy(*identities, arn));
  call.reply.open("Policy");
  write_managed_policy(call, *identities, *policy, /*description_and_tags=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_policies(QueryCall& call) {
  static constexpr std::string_view kScopes[] = {"All", "AWS", "Local"};
  static constexpr std::string_view kUsages[] = {"PermissionsPolicy", "PermissionsBoundary"};
  Form form(call.parameters);
  const std::string_view scope = form.optional_choice("Scope", kScopes).value_or("All");
  const bool only_attached = form.flag("OnlyAttached");
  const std::string_view prefix = form.optional_text("PathPrefix", kPolicyPathRule).value_or("/");
  const auto usage = form.optional_choice("PolicyUsageFilter", kUsages);
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, new_entity_resource(call, "policy", prefix, "")));

  const auth::IdentitiesRef identities = identities_of(call);
  std::vector<auth::ManagedPolicyRef> policies;
  const auto take = [&](const auth::ManagedPolicyRef& policy) {
    if (!policy->path.starts_with(prefix)) return;
    if (only_attached || usage) {
      const auth::Identities::PolicyUse use = identities->use_of(policy->arn);
      if (only_attached && use.attachments == 0) return;
      if (usage == kUsages[0] && use.attachments == 0) return;
      if (usage == kUsages[1] && use.boundaries == 0) return;
    }
    policies.push_back(policy);
  };
  if (scope != "Local") std::for_each(auth::aws_managed_policies().begin(), auth::aws_managed_policies().end(), take);
  if (scope != "AWS") {
    for (const auto& [name, policy] : identities->policies()) take(policy);
  }
  std::sort(policies.begin(), policies.end(), [](const auto& a, const auto& b) { return a->arn < b->arn; });
  const auto key = [](const auth::ManagedPolicyRef& policy) { return policy->arn; };
  write_page(&call.reply, "Policies", policies, paging, key, [&](const auth::ManagedPolicyRef& policy) {
    write_managed_policy(call, *identities, *policy, /*description_and_tags=*/false);
  });
  co_return Result<void>();
}

Task<Result<void>> delete_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string arn(form.text("PolicyArn", kArnRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::ManagedPolicyRef policy, find_own_policy(change.now(), arn));
    if (change.now().use_of(arn).attachments > 0) {
      return fail(ErrorCode::kDeleteConflict, "Cannot delete a policy attached to entities.");
    }
    if (policy->versions.size() > 1) {
      return fail(ErrorCode::kDeleteConflict,
                  "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                  "versions. The default version is deleted with the policy.");
    }
    change.remove(*policy);
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

Task<Result<void>> create_policy_version(QueryCall& call) {
  Form form(call.parameters);
  const std::string arn(form.text("PolicyArn", kArnRule));
  const std::string_view text = form.text("PolicyDocument", kPolicyDocumentRule);
  const bool set_as_default = form.flag("SetAsDefault");
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  CO_TRY_ASSIGN(const auth::PolicyDocument document, parse_document(text, auth::iam::PolicyKind::kIdentity));
  CO_TRY(check_size(document));
  auth::PolicyVersion version{0, document, call.services.clock.now_s()};
  auth::ManagedPolicy changed;
  const auto create = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::ManagedPolicyRef before, find_own_policy(change.now(), arn));
    if (before->versions.size() >= kMostPolicyVersions) {
      return fail(ErrorCode::kLimitExceeded,
                  "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
                  "existing version.");
    }
    changed = *before;
    version.number = changed.next_version++;
    changed.versions.push_back(version);
    if (set_as_default) changed.default_version = version.number;
    changed.updated_at_s = version.created_at_s;
    change.put(changed);
    return {};
  };
  CO_TRY(co_await call.services.identities->change(create));
  call.reply.open("PolicyVersion");
  write_policy_version(call, changed, version, /*document=*/false);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> get_policy_version(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view arn = form.text("PolicyArn", kArnRule);
  const std::string_view id = form.text("VersionId", kVersionRule);
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::ManagedPolicyRef policy, find_policy(*identities, arn));
  CO_TRY_ASSIGN(const int number, version_number(*policy, id));
  call.reply.open("PolicyVersion");
  write_policy_version(call, *policy, *policy->find_version(number), /*document=*/true);
  call.reply.close();
  co_return Result<void>();
}

Task<Result<void>> list_policy_versions(QueryCall& call) {
  Form form(call.parameters);
  const std::string_view arn = form.text("PolicyArn", kArnRule);
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::ManagedPolicyRef policy, find_policy(*identities, arn));
  // Newest first. Keys are as wide as any number, so that their order is that of the numbers.
  const std::vector<auth::PolicyVersion> versions(policy->versions.rbegin(), policy->versions.rend());
  const auto key = [](const auth::PolicyVersion& version) {
    const std::string number = std::to_string(1'000'000'000 - version.number);
    return std::string(10 - number.size(), '0') + number;
  };
  write_page(&call.reply, "Versions", versions, paging, key, [&](const auth::PolicyVersion& version) {
    write_policy_version(call, *policy, version, /*document=*/false);
  });
  co_return Result<void>();
}

Task<Result<void>> delete_policy_version(QueryCall& call) {
  Form form(call.parameters);
  const std::string arn(form.text("PolicyArn", kArnRule));
  const std::string id(form.text("VersionId", kVersionRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auto remove = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::ManagedPolicyRef before, find_own_policy(change.now(), arn));
    TRY_ASSIGN(const int number, version_number(*before, id));
    if (number == before->default_version) {
      return fail(ErrorCode::kDeleteConflict, "Cannot delete the default version of a policy.");
    }
    auth::ManagedPolicy policy = *before;
    std::erase_if(policy.versions, [&](const auth::PolicyVersion& version) { return version.number == number; });
    change.put(std::move(policy));
    return {};
  };
  co_return co_await call.services.identities->change(remove);
}

Task<Result<void>> set_default_policy_version(QueryCall& call) {
  Form form(call.parameters);
  const std::string arn(form.text("PolicyArn", kArnRule));
  const std::string id(form.text("VersionId", kVersionRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const std::int64_t now_s = call.services.clock.now_s();
  const auto set = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auth::ManagedPolicyRef before, find_own_policy(change.now(), arn));
    TRY_ASSIGN(const int number, version_number(*before, id));
    auth::ManagedPolicy policy = *before;
    policy.default_version = number;
    policy.updated_at_s = now_s;
    change.put(std::move(policy));
    return {};
  };
  co_return co_await call.services.identities->change(set);
}

namespace {

struct PolicyEntity {
  std::string key;  // "group/x", "role/x", "user/x": the order of the pages.
  std::string_view kind;
  std::string name;
  std::string id;
};

template <class Map>
void gather(const Map& map, std::string_view kind, std::string_view arn, bool as_policy, bool as_boundary,
            std::string_view prefix, std::vector<PolicyEntity>* entities) {
  for (const auto& [name, holder] : map) {
    const auto& entity = *holder;
    if (!entity.path.starts_with(prefix)) continue;
    bool uses = as_policy && entity.permissions.is_attached(arn);
    if constexpr (requires { entity.boundary_arn; }) uses = uses || (as_boundary && entity.boundary_arn == arn);
    if (uses) entities->push_back({std::string(kind) + "/" + name, kind, entity.name, entity.id});
  }
}

}  // namespace

Task<Result<void>> list_entities_for_policy(QueryCall& call) {
  static constexpr std::string_view kFilters[] = {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"};
  static constexpr std::string_view kUsages[] = {"PermissionsPolicy", "PermissionsBoundary"};
  Form form(call.parameters);
  const std::string_view arn = form.text("PolicyArn", kArnRule);
  const auto filter = form.optional_choice("EntityFilter", kFilters);
  const std::string_view prefix = form.optional_text("PathPrefix", kPathPrefixRule).value_or("/");
  const auto usage = form.optional_choice("PolicyUsageFilter", kUsages);
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, arn));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auth::ManagedPolicyRef policy, find_policy(*identities, arn));

  std::vector<PolicyEntity> entities;
  const bool as_policy = usage != kUsages[1];
  const bool as_boundary = usage != kUsages[0];
  if (!filter || filter == "Group") {
    gather(identities->groups(), "group", arn, as_policy, as_boundary, prefix, &entities);
  }
  if (!filter || filter == "Role") {
    gather(identities->roles(), "role", arn, as_policy, as_boundary, prefix, &entities);
  }
  if (!filter || filter == "User") {
    gather(identities->users(), "user", arn, as_policy, as_boundary, prefix, &entities);
  }
  // One page over the three lists, which the reply keeps apart.
  std::erase_if(entities, [&](const PolicyEntity& entity) { return entity.key <= paging.after; });
  const bool more = entities.size() > paging.max_items;
  if (more) entities.resize(paging.max_items);
  const auto write = [&](std::string_view kind, std::string_view list, std::string_view name, std::string_view id) {
    call.reply.open(list);
    for (const PolicyEntity& entity : entities) {
      if (entity.kind != kind) continue;
      call.reply.open("member");
      call.reply.element(name, entity.name);
      call.reply.element(id, entity.id);
      call.reply.close();
    }
    call.reply.close();
  };
  write("group", "PolicyGroups", "GroupName", "GroupId");
  write("user", "PolicyUsers", "UserName", "UserId");
  write("role", "PolicyRoles", "RoleName", "RoleId");
  call.reply.element_bool("IsTruncated", more);
  if (more) call.reply.element("Marker", page_marker(entities.back().key));
  co_return Result<void>();
}

}  // namespace armature::api
