// What SimulatePrincipalPolicy and SimulateCustomPolicy answer, as a pure function; the wire form is the caller's.
// Source: IAM API Reference, "SimulatePrincipalPolicy", "EvaluationResult".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/iam/condition_key.h"
#include "auth/iam/evaluate.h"

namespace armature::auth::iam {

struct Simulation {
  // Who asks: SimulatePrincipalPolicy's user or role, with its policies; CallerArn of a custom one. Of root nothing is
  // simulated as denied.
  Identity caller;
  std::vector<std::string> actions;
  std::vector<std::string> resources = {"*"};
  const Policy* resource_policy = nullptr;
  std::string resource_account;  // Empty: that of the ARN, else the caller's.
  MapContext context;            // ContextEntries.
};

// A line and column as the reply has them, both from 1.
struct Position {
  int line = 0;
  int column = 0;
};

struct MatchedStatement {
  std::string policy_id;  // SourcePolicyId: "user_ann_own-keys", "PolicyInputList.1", an attached policy's name.
  std::string
      policy_type;  // SourcePolicyType: "user", "group", "role", "aws-managed", "user-managed", "resource", "none".
  Position begin;
  Position end;
};

struct SimulationResult {
  std::string action;
  std::string resource;
  Decision decision;
  std::vector<MatchedStatement> matched;
  std::vector<std::string> missing_context;  // Keys a statement for this action and resource asks for.
  std::optional<bool> allowed_by_boundary;   // With a boundary.
};

// One result for each action and resource, resources within actions.
std::vector<SimulationResult> simulate(const Simulation& simulation);

// "allowed", "explicitDeny", "implicitDeny".
std::string_view decision_word(Outcome outcome);

// GetContextKeysForCustomPolicy and ...PrincipalPolicy: the keys the policies ask for, sorted, without repeats.
std::vector<std::string> context_keys(std::span<const Policy* const> policies);

}  // namespace armature::auth::iam
