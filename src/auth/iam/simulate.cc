#include "auth/iam/simulate.h"

#include <algorithm>
#include <set>
#include <utility>

namespace armature::auth::iam {
namespace {

Position position_at(std::string_view document, std::size_t offset) {
  const std::string_view before = document.substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // 0 on the first line.
  return {.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(offset - line_begin) + 1};
}

// SourcePolicyId: of inline policies with what they belong to.
std::string policy_id(const NamedPolicy& policy) {
  const auto of_holder = [&](std::string_view kind) {
    return std::string(kind) + "_" + policy.holder + "_" + policy.name;
  };
  switch (policy.source) {
    case PolicySource::kUserInline: return of_holder("user");
    case PolicySource::kGroupInline: return of_holder("group");
    case PolicySource::kRoleInline: return of_holder("role");
    default: return policy.name;
  }
}

std::string policy_type(const NamedPolicy& policy) {
  constexpr std::string_view kAwsManaged = "arn:aws:iam::aws:policy/";
  switch (policy.source) {
    case PolicySource::kUserInline: return "user";
    case PolicySource::kGroupInline: return "group";
    case PolicySource::kRoleInline: return "role";
    case PolicySource::kResource: return "resource";
    case PolicySource::kGiven: return "none";
    default: return policy.arn.starts_with(kAwsManaged) ? "aws-managed" : "user-managed";
  }
}

// The policy behind a decision; nullptr for a resource policy.
MatchedStatement matched(const Decision& decision, const Policy* resource_policy) {
  const Policy* const policy = decision.policy != nullptr ? decision.policy->policy.get() : resource_policy;
  MatchedStatement result;
  result.policy_id = decision.policy != nullptr ? policy_id(*decision.policy) : "resource";
  result.policy_type = decision.policy != nullptr ? policy_type(*decision.policy) : "resource";
  if (policy != nullptr) {
    result.begin = position_at(policy->document(), decision.statement->begin);
    result.end = position_at(policy->document(), decision.statement->end);
  }
  return result;
}

// Keys that statements about this action ask for and the context has not.
std::vector<std::string> missing_keys(const Simulation& simulation, const Action& action) {
  std::set<std::string> missing;
  std::vector<std::uint16_t> scratch;
  const auto look = [&](const Policy* policy) {
    if (policy == nullptr) return;
    for (const std::uint16_t position : policy->statements_for(action, &scratch)) {
      for (const Condition& condition : policy->statements()[position].conditions) {
        if (simulation.context.find(condition.key).absent()) missing.insert(condition.key.as_written);
      }
    }
  };
  if (const PrincipalPolicies* const policies = simulation.caller.policies.get()) {
    for (const NamedPolicy& policy : policies->identity) look(policy.policy.get());
    if (policies->boundary) look(policies->boundary->policy.get());
  }
  look(simulation.resource_policy);
  return {missing.begin(), missing.end()};
}

// What the boundary says by itself.
std::optional<bool> boundary_allows(const Simulation& simulation, const Question& question) {
  const PrincipalPolicies* const policies = simulation.caller.policies.get();
  if (policies == nullptr || !policies->boundary) return std::nullopt;
  Identity alone;
  alone.account_id = simulation.caller.account_id;
  alone.policies = std::make_shared<const PrincipalPolicies>(PrincipalPolicies{.identity = {*policies->boundary}});
  return evaluate({.caller = alone,
                   .action = question.action,
                   .resource = question.resource,
                   .conditions = question.conditions})
      .allowed();
}

// "111122223333" of an ARN that has an account.
std::string_view account_of(std::string_view arn) {
  for (int colon = 0; colon < 4; ++colon) {
    const std::size_t at = arn.find(':');
    if (at == std::string_view::npos) return {};
    arn.remove_prefix(at + 1);
  }
  const std::string_view account = arn.substr(0, arn.find(':'));
  const bool digits = account.size() == 12 && account.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? account : std::string_view();
}

}  // namespace

std::vector<SimulationResult> simulate(const Simulation& simulation) {
  std::vector<SimulationResult> results;
  for (const std::string& action : simulation.actions) {
    for (const std::string& resource : simulation.resources) {
      const Question question{.caller = simulation.caller,
                              .action = find_action(action),
                              .resource = resource,
                              .conditions = simulation.context,
                              .resource_policy = simulation.resource_policy,
                              .resource_account = simulation.resource_account.empty()
                                                      ? account_of(resource)
                                                      : std::string_view(simulation.resource_account)};
      SimulationResult result{.action = action, .resource = resource, .decision = evaluate(question)};
      if (result.decision.statement != nullptr) {
        result.matched.push_back(matched(result.decision, simulation.resource_policy));
      }
      result.missing_context = missing_keys(simulation, question.action);
      result.allowed_by_boundary = boundary_allows(simulation, question);
      results.push_back(std::move(result));
    }
  }
  return results;
}

std::string_view decision_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAllowed: return "allowed";
    case Outcome::kExplicitDeny: return "explicitDeny";
    case Outcome::kImplicitDeny: return "implicitDeny";
  }
  return {};
}

std::vector<std::string> context_keys(std::span<const Policy* const> policies) {
  std::set<std::string> keys;
  for (const Policy* const policy : policies) {
    for (std::string& key : policy->context_keys()) keys.insert(std::move(key));
  }
  return {keys.begin(), keys.end()};
}

}  // namespace armature::auth::iam
