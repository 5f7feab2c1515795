// May they? Pure evaluation of policies: no clock, no storage, no locks. Anything that cannot be decided counts against
// the caller: an Allow with a condition that cannot be evaluated does not apply, a Deny does.
// Source: IAM User Guide, "Policy evaluation logic", "Policy evaluation for requests within a single account".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "auth/credentials.h"
#include "auth/iam/condition_key.h"
#include "auth/iam/policy.h"
#include "auth/iam/principal.h"

namespace armature::auth::iam {

struct Question {
  const Identity& caller;  // Whose policies hold; root needs none.
  Action action;
  std::string_view resource;  // An ARN, or "*" where an action has none.
  const ConditionContext& conditions;
  // Of the resource: a table's or stream's resource policy (kResource), or the trust policy of the role to assume
  // (kTrust). nullptr: it has none.
  const Policy* resource_policy = nullptr;
  // The account the resource belongs to; empty: the caller's own.
  std::string_view resource_account = {};
};

enum class Outcome : std::uint8_t { kAllowed, kExplicitDeny, kImplicitDeny };

// The kinds of policy denials name.
enum class PolicyType : std::uint8_t { kIdentity, kResource, kSession, kBoundary, kTrust };

// The pointers live as long as the question's policies.
struct Decision {
  Outcome outcome = Outcome::kImplicitDeny;
  // Allowed: the type that allowed. Denied: the type that denied, or did not allow though it had to.
  PolicyType type = PolicyType::kIdentity;
  // The policy and statement that allowed or denied; nullptr where none did, for root, and `policy` also for a resource
  // policy.
  const NamedPolicy* policy = nullptr;
  const Statement* statement = nullptr;

  bool allowed() const { return outcome == Outcome::kAllowed; }
};

// Sessions of GetSessionToken and GetFederationToken are kept from IAM and most of STS here too.
Decision evaluate(const Question& question);

// "because no identity-based policy allows the dynamodb:GetItem action",
// "with an explicit deny in a permissions boundary".
std::string denial_reason(const Decision& decision, std::string_view action);

}  // namespace armature::auth::iam
