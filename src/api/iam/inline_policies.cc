#include "api/iam/inline_policies.h"

#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

template <class Holder>
Result<void> check_size(const typename Holder::Entity& entity) {
  std::size_t size = 0;
  for (const auth::InlinePolicy& policy : entity.permissions.inline_policies) size += policy.document.characters();
  if (size <= Holder::kMostInlineCharacters) return {};
  return fail(ErrorCode::kLimitExceeded, "Maximum policy size of " + std::to_string(Holder::kMostInlineCharacters) +
                                             " bytes exceeded for " + std::string(Holder::kKind) + " " + entity.name);
}

template <class Holder>
Unexpected<Error> no_such_policy(std::string_view policy_name) {
  return no_such_entity(std::string(Holder::kKind) + " policy", policy_name);
}

template <class Holder>
Task<Result<void>> put_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string policy_name(form.text("PolicyName", kPolicyNameRule));
  const std::string_view text = form.text("PolicyDocument", kPolicyDocumentRule);
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) { add_boundary_fact<Holder>(call, name, known); };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  CO_TRY_ASSIGN(const auth::PolicyDocument document, parse_document(text, auth::iam::PolicyKind::kIdentity));
  const auto put = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    entity->permissions.put_inline({policy_name, document});
    return check_size<Holder>(*entity);
  };
  co_return co_await change_entity<Holder>(call, name, put);
}

template <class Holder>
Task<Result<void>> get_policy(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string policy_name(form.text("PolicyName", kPolicyNameRule));
  CO_TRY(form.check());
  CO_TRY(authorize(call, Holder::resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auto entity, Holder::find(*identities, name));
  const auth::InlinePolicy* const policy = entity->permissions.find_inline(policy_name);
  if (policy == nullptr) co_return no_such_policy<Holder>(policy_name);
  call.reply.element(Holder::kParameter, entity->name);
  call.reply.element("PolicyName", policy->name);
  call.reply.element("PolicyDocument", wire::percent_encode(policy->document.text));
  co_return Result<void>();
}

template <class Holder>
Task<Result<void>> list_policies_of(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, Holder::resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auto entity, Holder::find(*identities, name));
  const auto key = [](const auth::InlinePolicy& policy) { return policy.name; };
  write_page(&call.reply, "PolicyNames", entity->permissions.inline_policies, paging, key,
             [&](const auth::InlinePolicy& policy) { call.reply.text(policy.name); });
  co_return Result<void>();
}

template <class Holder>
Task<Result<void>> delete_policy_of(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::string policy_name(form.text("PolicyName", kPolicyNameRule));
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) { add_boundary_fact<Holder>(call, name, known); };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto remove = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    if (!entity->permissions.remove_inline(policy_name)) return no_such_policy<Holder>(policy_name);
    return {};
  };
  co_return co_await change_entity<Holder>(call, name, remove);
}

}  // namespace

Task<Result<void>> put_user_policy(QueryCall& call) { return put_policy<UserHolder>(call); }
Task<Result<void>> get_user_policy(QueryCall& call) { return get_policy<UserHolder>(call); }
Task<Result<void>> list_user_policies(QueryCall& call) { return list_policies_of<UserHolder>(call); }
Task<Result<void>> delete_user_policy(QueryCall& call) { return delete_policy_of<UserHolder>(call); }

Task<Result<void>> put_group_policy(QueryCall& call) { return put_policy<GroupHolder>(call); }
Task<Result<void>> get_group_policy(QueryCall& call) { return get_policy<GroupHolder>(call); }
Task<Result<void>> list_group_policies(QueryCall& call) { return list_policies_of<GroupHolder>(call); }
Task<Result<void>> delete_group_policy(QueryCall& call) { return delete_policy_of<GroupHolder>(call); }

Task<Result<void>> put_role_policy(QueryCall& call) { return put_policy<RoleHolder>(call); }
Task<Result<void>> get_role_policy(QueryCall& call) { return get_policy<RoleHolder>(call); }
Task<Result<void>> list_role_policies(QueryCall& call) { return list_policies_of<RoleHolder>(call); }
Task<Result<void>> delete_role_policy(QueryCall& call) { return delete_policy_of<RoleHolder>(call); }

}  // namespace armature::api
