#include "api/iam/attachments.h"

#include <algorithm>

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

// "arn:aws:iam::aws:policy/x/Name" to "Name".
std::string_view policy_name_of(std::string_view arn) { return arn.substr(arn.rfind('/') + 1); }
// "arn:aws:iam::aws:policy/x/Name" to "/x/".
std::string_view policy_path_of(std::string_view arn) {
  const std::size_t begin = arn.find('/');
  return begin == std::string_view::npos ? "/" : arn.substr(begin, arn.rfind('/') - begin + 1);
}

Result<void> check_policy_arn(std::string_view arn) {
  if (!arn.starts_with("arn:") || arn.find(":policy/") == std::string_view::npos) {
    return invalid("ARN " + std::string(arn) + " is not valid.");
  }
  return {};
}

template <class Holder>
Task<Result<void>> attach(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string arn(form.text("PolicyArn", kArnRule));
  CO_TRY(form.check());
  CO_TRY(check_policy_arn(arn));
  const auto facts = [&](AccessFacts* known) {
    known->add("iam:PolicyARN", arn);
    add_boundary_fact<Holder>(call, name, known);
  };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto attach = [&](auth::IdentityChange& change) -> Result<void> {
    TRY_ASSIGN(const auto before, Holder::find(change.now(), name));
    if (change.now().policy(arn) == nullptr) {
      return fail(ErrorCode::kNoSuchEntity, "Policy " + arn + " does not exist or is not attachable.");
    }
    if (before->permissions.is_attached(arn)) return {};
    if (before->permissions.attached_arns.size() >= kMostAttachedPolicies) {
      return quota_exceeded(Holder::kAttachmentQuota, kMostAttachedPolicies);
    }
    auto entity = *before;
    entity.permissions.attached_arns.push_back(arn);
    change.put(std::move(entity));
    return {};
  };
  co_return co_await call.services.identities->change(attach);
}

template <class Holder>
Task<Result<void>> detach(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string arn(form.text("PolicyArn", kArnRule));
  CO_TRY(form.check());
  CO_TRY(check_policy_arn(arn));
  const auto facts = [&](AccessFacts* known) {
    known->add("iam:PolicyARN", arn);
    add_boundary_fact<Holder>(call, name, known);
  };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto detach = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    if (!entity->permissions.detach(arn)) {
      return fail(ErrorCode::kNoSuchEntity, "Policy " + arn + " was not found.");
    }
    return {};
  };
  co_return co_await change_entity<Holder>(call, name, detach);
}

template <class Holder>
Task<Result<void>> list_attached(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string_view prefix = form.optional_text("PathPrefix", kPolicyPathRule).value_or("/");
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, Holder::resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auto entity, Holder::find(*identities, name));
  std::vector<std::string> arns;
  for (const std::string& arn : entity->permissions.attached_arns) {
    if (policy_path_of(arn).starts_with(prefix)) arns.push_back(arn);
  }
  std::sort(arns.begin(), arns.end());
  const auto key = [](const std::string& arn) { return arn; };
  write_page(&call.reply, "AttachedPolicies", arns, paging, key, [&](const std::string& arn) {
    call.reply.element("PolicyName", policy_name_of(arn));
    call.reply.element("PolicyArn", arn);
  });
  co_return Result<void>();
}

template <class Holder>
Task<Result<void>> put_boundary(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string arn(form.text("PermissionsBoundary", kArnRule));
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) { known->add("iam:PermissionsBoundary", arn); };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto put = [&](const auth::Identities& now, typename Holder::Entity* entity) -> Result<void> {
    TRY(check_boundary(now, arn));
    entity->boundary_arn = arn;
    return {};
  };
  co_return co_await change_entity<Holder>(call, name, put);
}

template <class Holder>
Task<Result<void>> delete_boundary(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) { add_boundary_fact<Holder>(call, name, known); };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto remove = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    if (entity->boundary_arn.empty()) {
      return fail(ErrorCode::kNoSuchEntity,
                  "There is no permissions boundary on " + std::string(Holder::kKind) + " " + entity->name + ".");
    }
    entity->boundary_arn.clear();
    return {};
  };
  co_return co_await change_entity<Holder>(call, name, remove);
}

}  // namespace

Task<Result<void>> attach_user_policy(QueryCall& call) { return attach<UserHolder>(call); }
Task<Result<void>> detach_user_policy(QueryCall& call) { return detach<UserHolder>(call); }
Task<Result<void>> list_attached_user_policies(QueryCall& call) { return list_attached<UserHolder>(call); }
Task<Result<void>> attach_group_policy(QueryCall& call) { return attach<GroupHolder>(call); }
Task<Result<void>> detach_group_policy(QueryCall& call) { return detach<GroupHolder>(call); }
Task<Result<void>> list_attached_group_policies(QueryCall& call) { return list_attached<GroupHolder>(call); }
Task<Result<void>> attach_role_policy(QueryCall& call) { return attach<RoleHolder>(call); }
Task<Result<void>> detach_role_policy(QueryCall& call) { return detach<RoleHolder>(call); }
Task<Result<void>> list_attached_role_policies(QueryCall& call) { return list_attached<RoleHolder>(call); }

Task<Result<void>> put_user_permissions_boundary(QueryCall& call) { return put_boundary<UserHolder>(call); }
Task<Result<void>> delete_user_permissions_boundary(QueryCall& call) { return delete_boundary<UserHolder>(call); }
Task<Result<void>> put_role_permissions_boundary(QueryCall& call) { return put_boundary<RoleHolder>(call); }
Task<Result<void>> delete_role_permissions_boundary(QueryCall& call) { return delete_boundary<RoleHolder>(call); }

}  // namespace armature::api
