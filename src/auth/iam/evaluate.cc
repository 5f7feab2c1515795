#include "auth/iam/evaluate.h"

#include <algorithm>
#include <vector>

#include "base/header.h"

namespace armature::auth::iam {
namespace {

// --- Does a statement name the caller? ---

// How precisely a resource or trust policy names a caller, which decides what else has to allow.
enum class Naming : std::uint8_t {
  kNot,
  kEveryone,  // "*".
  kAccount,   // The account the caller belongs to.
  kRole,      // The role of the caller's session.
  kDirectly,  // The user, the role session, the federated user.
};

Naming naming_of(const PrincipalPattern& principal, const Identity& caller) {
  switch (principal.kind) {
    case PrincipalPattern::Kind::kEveryone: return Naming::kEveryone;
    case PrincipalPattern::Kind::kAccount:
      return principal.value == caller.account_id ? Naming::kAccount : Naming::kNot;
    case PrincipalPattern::Kind::kArn:
      if (principal.value == caller.principal_arn) return Naming::kDirectly;
      return !caller.role_arn.empty() && principal.value == caller.role_arn ? Naming::kRole : Naming::kNot;
    case PrincipalPattern::Kind::kOther: return Naming::kNot;
  }
  return Naming::kNot;
}

// The most precise naming; of NotPrincipal everyone who is not listed.
Naming naming_of(const Statement& statement, const Identity& caller) {
  Naming best = Naming::kNot;
  for (const PrincipalPattern& principal : statement.principals) best = std::max(best, naming_of(principal, caller));
  if (!statement.not_principals) return best;
  return best == Naming::kNot ? Naming::kEveryone : Naming::kNot;
}

// --- Does a statement apply? ---

Truth names_resource(const Statement& statement, const Question& question) {
  if (statement.resources.empty()) return Truth::kTrue;  // A trust policy: the role it belongs to.
  bool unresolved = false;
  for (const Pattern& pattern : statement.resources) {
    switch (pattern.matches_arn(question.resource, question.conditions)) {
      case Pattern::Match::kYes: return statement.not_resources ? Truth::kFalse : Truth::kTrue;
      case Pattern::Match::kUnresolved: unresolved = true; break;
      case Pattern::Match::kNo: break;
    }
  }
  if (!statement.not_resources) return Truth::kFalse;  // A variable without a value names nothing.
  return unresolved ? Truth::kUnknown : Truth::kTrue;
}

// Of a statement that names the action and, where it has principals, the caller.
bool applies(const Statement& statement, const Question& question) {
  Truth all = names_resource(statement, question);
  for (const Condition& condition : statement.conditions) {
    if (all == Truth::kFalse) return false;
    const Truth one = evaluate(condition, question.conditions);
    if (one != Truth::kTrue) all = one;
  }
  // What cannot be decided counts against the caller.
  return statement.effect == Effect::kAllow ? all == Truth::kTrue : all != Truth::kFalse;
}

// --- One kind of policies ---

// What a set of policies says: the first statement that denies, else the first that allows.
struct Verdict {
  bool denied = false;
  bool allowed = false;
  const NamedPolicy* policy = nullptr;
  const Statement* statement = nullptr;
};

void consult(const NamedPolicy& named, const Question& question, std::vector<std::uint16_t>* scratch,
             Verdict* verdict) {
  if (named.policy == nullptr) {
    *verdict = {.denied = true, .policy = &named};
    return;
  }
  for (const std::uint16_t position : named.policy->statements_for(question.action, scratch)) {
    const Statement& statement = named.policy->statements()[position];
    const bool denies = statement.effect == Effect::kDeny;
    if (!denies && verdict->allowed) continue;
    if (!applies(statement, question)) continue;
    *verdict = {.denied = denies, .allowed = !denies, .policy = &named, .statement = &statement};
    if (denies) return;
  }
}

Verdict consult(std::span<const NamedPolicy> policies, const Question& question, std::vector<std::uint16_t>* scratch) {
  Verdict verdict;
  for (const NamedPolicy& policy : policies) {
    consult(policy, question, scratch, &verdict);
    if (verdict.denied) break;
  }
  return verdict;
}

struct ResourceVerdict {
  bool denied = false;
  Naming allowed = Naming::kNot;  // The most precise naming that allows.
  const Statement* statement = nullptr;
};

ResourceVerdict consult_resource(const Question& question, std::vector<std::uint16_t>* scratch) {
  ResourceVerdict verdict;
  if (question.resource_policy == nullptr) return verdict;
  for (const std::uint16_t position : question.resource_policy->statements_for(question.action, scratch)) {
    const Statement& statement = question.resource_policy->statements()[position];
    const Naming naming = naming_of(statement, question.caller);
    if (naming == Naming::kNot) continue;
    const bool denies = statement.effect == Effect::kDeny;
    if (!denies && naming <= verdict.allowed) continue;
    if (!applies(statement, question)) continue;
    verdict.statement = &statement;
    if (denies) {
      verdict.denied = true;
      return verdict;
    }
    verdict.allowed = naming;
  }
  return verdict;
}

// --- Sessions that STS itself keeps from things ---

// Source: IAM User Guide, "Compare AWS STS credentials".
bool is_kept_from(const Identity& caller, std::string_view action) {
  const bool temporary = caller.expires_at_s.has_value();
  const bool of_user = caller.type == PrincipalType::kUser || caller.type == PrincipalType::kAccount;
  const bool federated = caller.type == PrincipalType::kFederatedUser;
  if (!temporary || !(of_user || federated)) return false;
  const auto is = [&](std::string_view name) { return equals_ignoring_case(action, name); };
  const auto of_service = [&](std::string_view prefix) {
    return equals_ignoring_case(action.substr(0, prefix.size()), prefix);
  };
  if (of_service("iam:")) return federated || !caller.mfa_present;
  if (!of_service("sts:") || is("sts:GetCallerIdentity")) return false;
  // Tags and a source identity are part of assuming a role.
  return federated || !(is("sts:AssumeRole") || is("sts:TagSession") || is("sts:SetSourceIdentity"));
}

const PrincipalPolicies& policies_of(const Identity& caller) {
  static const PrincipalPolicies none;
  return caller.policies != nullptr ? *caller.policies : none;
}

Decision denied_by(PolicyType type, const NamedPolicy* policy, const Statement* statement) {
  return {.outcome = Outcome::kExplicitDeny, .type = type, .policy = policy, .statement = statement};
}

Decision not_allowed_by(PolicyType type) { return {.outcome = Outcome::kImplicitDeny, .type = type}; }

Decision allowed_by(PolicyType type, const NamedPolicy* policy, const Statement* statement) {
  return {.outcome = Outcome::kAllowed, .type = type, .policy = policy, .statement = statement};
}

}  // namespace

Decision evaluate(const Question& question) {
  std::vector<std::uint16_t> scratch;
  const Identity& caller = question.caller;
  const bool trust = question.resource_policy != nullptr && question.resource_policy->kind() == PolicyKind::kTrust;
  const PolicyType resource_type = trust ? PolicyType::kTrust : PolicyType::kResource;

  const ResourceVerdict resource = consult_resource(question, &scratch);
  if (resource.denied) return denied_by(resource_type, nullptr, resource.statement);
  if (is_kept_from(caller, question.action.name)) return not_allowed_by(PolicyType::kSession);
  const bool other_account = !question.resource_account.empty() && question.resource_account != caller.account_id;
  if (caller.kind == PrincipalKind::kRoot && !trust) {
    if (other_account && resource.allowed == Naming::kNot) return not_allowed_by(resource_type);
    return allowed_by(PolicyType::kIdentity, nullptr, nullptr);
  }

  const PrincipalPolicies& policies = policies_of(caller);
  const Verdict identity = consult(policies.identity, question, &scratch);
  if (identity.denied) return denied_by(PolicyType::kIdentity, identity.policy, identity.statement);
  Verdict boundary, session;
  if (policies.boundary) {
    boundary = consult(std::span(&*policies.boundary, 1), question, &scratch);
    if (boundary.denied) return denied_by(PolicyType::kBoundary, boundary.policy, boundary.statement);
  }
  if (policies.session) {
    session = consult(*policies.session, question, &scratch);
    if (session.denied) return denied_by(PolicyType::kSession, session.policy, session.statement);
  }

  const bool needs_resource = other_account || trust;
  if (needs_resource && resource.allowed == Naming::kNot) return not_allowed_by(resource_type);
  if (!other_account && resource.allowed == Naming::kDirectly) {
    return allowed_by(resource_type, nullptr, resource.statement);
  }
  // A role that trusts an account leaves it to the account who of it may; other policies of resources grant to all.
  const bool granted = !other_account && (resource.allowed == Naming::kRole || resource.allowed == Naming::kEveryone ||
                                          (resource.allowed == Naming::kAccount && !trust));
  if (!identity.allowed && !granted) return not_allowed_by(PolicyType::kIdentity);
  if (policies.boundary && !boundary.allowed) return not_allowed_by(PolicyType::kBoundary);
  if (policies.session && !session.allowed) return not_allowed_by(PolicyType::kSession);
  if (identity.allowed) return allowed_by(PolicyType::kIdentity, identity.policy, identity.statement);
  return allowed_by(resource_type, nullptr, resource.statement);
}

std::string denial_reason(const Decision& decision, std::string_view action) {
  struct Words {
    std::string_view article, type;
  };
  const auto words = [](PolicyType type) -> Words {
    switch (type) {
      case PolicyType::kIdentity: return {"an ", "identity-based policy"};
      case PolicyType::kResource: return {"a ", "resource-based policy"};
      case PolicyType::kSession: return {"a ", "session policy"};
      case PolicyType::kBoundary: return {"a ", "permissions boundary"};
      case PolicyType::kTrust: return {"a ", "role trust policy"};
    }
    return {};
  };
  const Words name = words(decision.type);
  std::string reason;
  if (decision.outcome == Outcome::kExplicitDeny) {
    return reason.append("with an explicit deny in ").append(name.article).append(name.type);
  }
  reason.append("because no ").append(name.type).append(" allows the ").append(action);
  return reason.append(" action");
}

}  // namespace armature::auth::iam
