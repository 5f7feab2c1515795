// The policies a principal acts under, gathered when it or they change and shared by all its requests, so that the hot
// path is one look-up of the key and one evaluation. Immutable: a change makes a new one.
// Source: IAM User Guide, "Policies and permissions in AWS Identity and Access Management".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/iam/policy.h"

namespace armature::auth::iam {

// Where a policy of a principal came from; the names SimulatePrincipalPolicy uses are made of it.
enum class PolicySource : std::uint8_t {
  kUserInline,
  kUserAttached,
  kGroupInline,
  kGroupAttached,
  kRoleInline,
  kRoleAttached,
  kBoundary,
  kSessionInline,
  kSessionAttached,
  kResource,
  kGiven,  // To a simulation.
};

struct NamedPolicy {
  std::string name;    // "own-keys"; of attached ones the managed policy's name.
  std::string arn;     // Empty for inline ones.
  std::string holder;  // The name of the user, group or role.
  PolicySource source = PolicySource::kUserInline;
  // nullptr: there was a policy and it cannot be read or is gone. Then nothing is allowed, because what it denied is
  // not known any more.
  std::shared_ptr<const Policy> policy;
};

struct PrincipalPolicies {
  // Of a user its own and those of its groups; of a role session those of the role.
  std::vector<NamedPolicy> identity;
  // With one, only what it allows too is allowed. A boundary that was deleted stays here without its policy.
  std::optional<NamedPolicy> boundary;
  // nullopt: the session has no policies of its own. Otherwise only what one of them allows too is allowed, so an empty
  // list allows nothing, as a federated session without a policy.
  std::optional<std::vector<NamedPolicy>> session;
};

}  // namespace armature::auth::iam
