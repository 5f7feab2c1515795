// Every kind of policy beside every other, within one account: the flow chart of the documentation, row by row.
// Source: IAM User Guide, "Policy evaluation for requests within a single account", "How the enforcement code logic
// evaluates requests", "Evaluating identity-based policies with resource-based policies".
#include <gtest/gtest.h>

#include "auth/iam/evaluate.h"
#include "unit/auth/policies.h"

namespace armature::auth::iam {
namespace {

// What one kind of policies says of the request: there is none, or there is one that is silent, allows or denies.
enum class Says { kNone, kNothing, kAllow, kDeny };
using enum Says;

enum class Caller { kUser, kRoleSession };
using enum Caller;

// Whom the resource policy names.
enum class Names { kNobody, kCaller, kRole, kAccount, kEveryone };

struct Row {
  Caller caller;
  Says identity;
  Says boundary;
  Says session;
  Says resource;
  Names names;
  Outcome outcome;
  PolicyType type;  // That decided.
};

std::string statement(Says says) {
  switch (says) {
    case kNone: return {};
    case kNothing: return "{'Effect':'Allow','Action':'dynamodb:PutItem','Resource':'*'}";
    case kAllow: return "{'Effect':'Allow','Action':'dynamodb:GetItem','Resource':'*'}";
    case kDeny: return "{'Effect':'Deny','Action':'dynamodb:GetItem','Resource':'*'}";
  }
  return {};
}

std::string principal(const Row& row) {
  switch (row.names) {
    case Names::kNobody: return "{'AWS':'arn:aws:iam::111122223333:user/nobody'}";
    case Names::kCaller:
      return row.caller == kUser ? "{'AWS':'arn:aws:iam::111122223333:user/ann'}"
                                 : "{'AWS':'arn:aws:sts::111122223333:assumed-role/Clerk/ann'}";
    case Names::kRole: return "{'AWS':'arn:aws:iam::111122223333:role/Clerk'}";
    case Names::kAccount: return "{'AWS':'111122223333'}";
    case Names::kEveryone: return "'*'";
  }
  return {};
}

Decision decide(const Row& row) {
  PrincipalPolicies policies;
  if (row.identity != kNone) policies.identity.push_back(named("identity", statement(row.identity)));
  if (row.boundary != kNone) policies.boundary = named("boundary", statement(row.boundary));
  if (row.session != kNone) policies.session = std::vector<NamedPolicy>{named("session", statement(row.session))};
  std::shared_ptr<const Policy> resource;
  if (row.resource != kNone) {
    std::string text = statement(row.resource);
    text.insert(1, "'Principal':" + principal(row) + ",");
    resource = policy(document(text), PolicyKind::kResource);
  }
  const Identity caller = row.caller == kUser ? user(policies) : role_session(policies);
  return decide(caller, "dynamodb:GetItem", kTable, {}, resource.get());
}

constexpr Outcome kAllowed = Outcome::kAllowed;
constexpr Outcome kDenied = Outcome::kExplicitDeny;
constexpr Outcome kNotAllowed = Outcome::kImplicitDeny;
constexpr PolicyType kByIdentity = PolicyType::kIdentity;
constexpr PolicyType kByResource = PolicyType::kResource;
constexpr PolicyType kByBoundary = PolicyType::kBoundary;
constexpr PolicyType kBySession = PolicyType::kSession;

const Row kRows[] = {
    // Identity policies alone.
    {kUser, kNone, kNone, kNone, kNone, Names::kNobody, kNotAllowed, kByIdentity},
    {kUser, kNothing, kNone, kNone, kNone, Names::kNobody, kNotAllowed, kByIdentity},
    {kUser, kAllow, kNone, kNone, kNone, Names::kNobody, kAllowed, kByIdentity},
    {kUser, kDeny, kNone, kNone, kNone, Names::kNobody, kDenied, kByIdentity},
    // A boundary cuts, and grants nothing.
    {kUser, kAllow, kAllow, kNone, kNone, Names::kNobody, kAllowed, kByIdentity},
    {kUser, kAllow, kNothing, kNone, kNone, Names::kNobody, kNotAllowed, kByBoundary},
    {kUser, kAllow, kDeny, kNone, kNone, Names::kNobody, kDenied, kByBoundary},
    {kUser, kNone, kAllow, kNone, kNone, Names::kNobody, kNotAllowed, kByIdentity},
    // So does a session policy.
    {kRoleSession, kAllow, kNone, kAllow, kNone, Names::kNobody, kAllowed, kByIdentity},
    {kRoleSession, kAllow, kNone, kNothing, kNone, Names::kNobody, kNotAllowed, kBySession},
    {kRoleSession, kAllow, kNone, kDeny, kNone, Names::kNobody, kDenied, kBySession},
    {kRoleSession, kNone, kNone, kAllow, kNone, Names::kNobody, kNotAllowed, kByIdentity},
    {kRoleSession, kAllow, kAllow, kAllow, kNone, Names::kNobody, kAllowed, kByIdentity},
    {kRoleSession, kAllow, kNothing, kAllow, kNone, Names::kNobody, kNotAllowed, kByBoundary},
    // A resource policy that names somebody else says nothing.
    {kUser, kNone, kNone, kNone, kAllow, Names::kNobody, kNotAllowed, kByIdentity},
    {kUser, kAllow, kNone, kNone, kDeny, Names::kNobody, kAllowed, kByIdentity},
    // One that names the user grants, whatever the boundary lets through; a Deny of either kind wins.
    {kUser, kNone, kNone, kNone, kAllow, Names::kCaller, kAllowed, kByResource},
    {kUser, kNone, kNothing, kNone, kAllow, Names::kCaller, kAllowed, kByResource},
    {kUser, kDeny, kNone, kNone, kAllow, Names::kCaller, kDenied, kByIdentity},
    {kUser, kNone, kDeny, kNone, kAllow, Names::kCaller, kDenied, kByBoundary},
    {kUser, kAllow, kAllow, kNone, kDeny, Names::kCaller, kDenied, kByResource},
    // One that names the role is cut by boundary and session policy; one that names the session is not.
    {kRoleSession, kNone, kNone, kNone, kAllow, Names::kRole, kAllowed, kByResource},
    {kRoleSession, kNone, kNothing, kNone, kAllow, Names::kRole, kNotAllowed, kByBoundary},
    {kRoleSession, kNone, kNone, kNothing, kAllow, Names::kRole, kNotAllowed, kBySession},
    {kRoleSession, kNone, kAllow, kAllow, kAllow, Names::kRole, kAllowed, kByResource},
    {kRoleSession, kNone, kNothing, kNothing, kAllow, Names::kCaller, kAllowed, kByResource},
    {kRoleSession, kNone, kNone, kDeny, kAllow, Names::kCaller, kDenied, kBySession},
    {kRoleSession, kAllow, kNone, kNone, kDeny, Names::kRole, kDenied, kByResource},
    // The account and everyone stand for all its principals.
    {kUser, kNone, kNone, kNone, kAllow, Names::kAccount, kAllowed, kByResource},
    {kUser, kNone, kNothing, kNone, kAllow, Names::kAccount, kNotAllowed, kByBoundary},
    {kUser, kNone, kNone, kNone, kAllow, Names::kEveryone, kAllowed, kByResource},
    {kRoleSession, kNone, kNone, kNothing, kAllow, Names::kEveryone, kNotAllowed, kBySession},
    {kUser, kAllow, kNone, kNone, kDeny, Names::kAccount, kDenied, kByResource},
    {kUser, kAllow, kNone, kNone, kDeny, Names::kEveryone, kDenied, kByResource},
    {kUser, kAllow, kNone, kNone, kNothing, Names::kEveryone, kAllowed, kByIdentity},
};

TEST(DecisionTable, EveryRowIsDecidedAsTheDocumentationSays) {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const Decision decision = decide(kRows[i]);
    EXPECT_EQ(decision.outcome, kRows[i].outcome) << "row " << i + 1;
    EXPECT_EQ(decision.type, kRows[i].type) << "row " << i + 1;
  }
}

}  // namespace
}  // namespace armature::auth::iam
