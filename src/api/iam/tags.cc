#include "api/iam/tags.h"

#include "api/iam/policies.h"
#include "api/iam/policy_holders.h"

namespace armature::api {
namespace {

// A managed policy, as UserHolder and RoleHolder are of what carries policies.
struct AnyPolicy {
  using Entity = auth::ManagedPolicy;
  static constexpr std::string_view kParameter = "PolicyArn";
  static const TextRule& name_rule() { return kArnRule; }
  static Result<auth::ManagedPolicyRef> find(const auth::Identities& now, std::string_view arn) {
    return find_policy(now, arn);
  }
  static std::string resource(const QueryCall&, std::string_view arn) { return std::string(arn); }
};

struct OwnPolicy : AnyPolicy {
  static Result<auth::ManagedPolicyRef> find(const auth::Identities& now, std::string_view arn) {
    return find_own_policy(now, arn);
  }
};

template <class Holder>
Task<Result<void>> tag(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::vector<auth::Tag> tags = form.tags();
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) { add_tag_facts(tags, known); };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto edit = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    return merge_tags(tags, &entity->tags);
  };
  co_return co_await change_entity<Holder>(call, name, edit);
}

template <class Holder>
Task<Result<void>> untag(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const std::vector<std::string_view> keys = form.required_texts("TagKeys", kTagKeyRule, kMostTags);
  CO_TRY(form.check());
  const auto facts = [&](AccessFacts* known) {
    for (const std::string_view key : keys) known->add_tag_key(key);
  };
  CO_TRY(authorize(call, Holder::resource(call, name), facts));
  const auto edit = [&](const auth::Identities&, typename Holder::Entity* entity) -> Result<void> {
    remove_tags(keys, &entity->tags);
    return {};
  };
  co_return co_await change_entity<Holder>(call, name, edit);
}

template <class Holder>
Task<Result<void>> list_tags(QueryCall& call) {
  Form form(call.parameters);
  const std::string name(form.text(Holder::kParameter, Holder::name_rule()));
  const Paging paging = form.paging();
  CO_TRY(form.check());
  CO_TRY(authorize(call, Holder::resource(call, name)));
  const auth::IdentitiesRef identities = identities_of(call);
  CO_TRY_ASSIGN(const auto entity, Holder::find(*identities, name));
  write_tag_page(entity->tags, paging, &call.reply);
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> tag_user(QueryCall& call) { return tag<UserHolder>(call); }
Task<Result<void>> untag_user(QueryCall& call) { return untag<UserHolder>(call); }
Task<Result<void>> list_user_tags(QueryCall& call) { return list_tags<UserHolder>(call); }

Task<Result<void>> tag_role(QueryCall& call) { return tag<RoleHolder>(call); }
Task<Result<void>> untag_role(QueryCall& call) { return untag<RoleHolder>(call); }
Task<Result<void>> list_role_tags(QueryCall& call) { return list_tags<RoleHolder>(call); }

Task<Result<void>> tag_policy(QueryCall& call) { return tag<OwnPolicy>(call); }
Task<Result<void>> untag_policy(QueryCall& call) { return untag<OwnPolicy>(call); }
Task<Result<void>> list_policy_tags(QueryCall& call) { return list_tags<AnyPolicy>(call); }

}  // namespace armature::api
