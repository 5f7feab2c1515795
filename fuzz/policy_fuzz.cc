// links: armature_auth armature_model
// Any text as a policy: it is refused, or it is one and then it can be decided by, advised on and pointed into. What
// denies everything must never be outvoted by it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/iam/evaluate.h"
#include "auth/iam/lint.h"
#include "auth/iam/principal.h"
#include "auth/iam/statement_positions.h"

using namespace armature;
using namespace armature::auth::iam;

namespace {

constexpr std::string_view kTable = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders";

void require(bool condition) {
  if (!condition) std::abort();
}

const MapContext& context() {
  static const MapContext made = [] {
    MapContext context;
    context.set("aws:SourceIp", {"192.0.2.7"});
    context.set("aws:CurrentTime", {"2026-01-31T12:00:00Z"});
    context.set("aws:PrincipalTag/team", {"blue"});
    context.set("aws:SecureTransport", {"true"});
    context.set("dynamodb:LeadingKeys", {"ann", ""}, true);
    context.set("dynamodb:Attributes", {"p", "n"}, true);
    return context;
  }();
  return made;
}

auth::Identity user(std::vector<NamedPolicy> policies) {
  PrincipalPolicies held;
  held.identity = std::move(policies);
  auth::Identity identity;
  identity.account_id = "111122223333";
  identity.principal_arn = "arn:aws:iam::111122223333:user/ann";
  identity.user_name = "ann";
  identity.type = auth::PrincipalType::kUser;
  identity.policies = std::make_shared<const PrincipalPolicies>(std::move(held));
  return identity;
}

void decide_by(const std::shared_ptr<const Policy>& policy, PolicyKind kind) {
  static const auto deny_all = parse_policy(
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})", PolicyKind::kIdentity);
  const auth::Identity caller = user({{.name = "p", .policy = policy}});
  const auth::Identity denied = user({{.name = "p", .policy = policy}, {.name = "d", .policy = *deny_all}});
  for (const std::string_view action : {"dynamodb:GetItem", "dynamodb:Query", "sts:AssumeRole", "s3:GetObject"}) {
    Question question{caller, find_action(action), kTable, context()};
    if (kind != PolicyKind::kIdentity) question.resource_policy = policy.get();
    const Decision decision = evaluate(question);
    if (!decision.allowed()) static_cast<void>(denial_reason(decision, action));
    Question hopeless{denied, find_action(action), kTable, context()};
    require(!evaluate(hopeless).allowed());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const PolicyKind kind : {PolicyKind::kIdentity, PolicyKind::kTrust, PolicyKind::kResource}) {
    for (const Finding& finding : lint_policy(text, kind, {"p"}))
      require(finding.begin <= finding.end && finding.end <= size);
    const auto policy = parse_policy(text, kind);
    if (!policy) continue;
    require(statement_positions(text).size() == (*policy)->statements().size());
    static_cast<void>((*policy)->context_keys());
    decide_by(*policy, kind);
  }
  static_cast<void>(parse_resource_policy(text, "arn:aws:dynamodb:us-east-1:000000000000:table/t"));
  return 0;
}
