#include "api/iam_authorizer.h"

#include <string>

#include "api/context.h"
#include "api/operations.h"
#include "api/request_conditions.h"
#include "auth/iam/evaluate.h"
#include "base/log.h"

namespace armature::api {
namespace {

using auth::iam::Decision;

std::string policy_name(const Decision& decision) {
  if (decision.policy == nullptr) return {};
  if (!decision.policy->arn.empty()) return decision.policy->arn;
  return decision.policy->holder.empty() ? decision.policy->name
                                         : decision.policy->holder + "/" + decision.policy->name;
}

// Which statement of its policy, by Sid or else by position from 1; empty when none decided.
std::string statement_name(const Decision& decision) {
  if (decision.statement == nullptr) return {};
  if (!decision.statement->sid.empty()) return decision.statement->sid;
  if (decision.policy == nullptr || decision.policy->policy == nullptr) return "?";
  const auto* const first = decision.policy->policy->statements().data();
  return std::to_string(decision.statement - first + 1);
}

// One line for each denial and for each permission to change definitions, settings or identities.
void audit(const RequestContext& context, const AccessRequest& access, const Decision& decision) {
  const bool allowed = decision.allowed();
  const std::string reason = allowed ? std::string() : denial_reason(decision, access.action);
  const std::string policy = policy_name(decision);
  const std::string statement = statement_name(decision);
  log(allowed ? LogLevel::kInfo : LogLevel::kWarning, allowed ? "access allowed" : "access denied",
      {{"request_id", context.request_id},
       {"principal", context.identity->principal_arn},
       {"access_key", context.identity->access_key_id},
       {"action", access.action},
       {"resource", access.resource_arn},
       {"peer", context.peer_address},
       {"reason", reason},
       {"policy", policy},
       {"statement", statement}});
}

bool is_change(const RequestContext& context) {
  return context.operation != nullptr && context.operation->access == Access::kManage;
}

// Who they are may always be asked, whatever policies say. Source: STS API Reference, "GetCallerIdentity".
bool is_always_allowed(std::string_view action) { return action == "sts:GetCallerIdentity"; }

}  // namespace

IamAuthorizer::IamAuthorizer(const Catalog& catalog, const Clock& clock, IamAuthorizerOptions options)
    : catalog_(catalog), clock_(clock), options_(options) {}

Result<void> IamAuthorizer::authorize(const RequestContext& context, const AccessRequest& access) const {
  const auth::Identity& caller = *context.identity;
  const bool role_trust = access.trust_policy != nullptr || access.is_role;
  const bool root = caller.kind == auth::PrincipalKind::kRoot && !caller.expires_at_s && !role_trust;
  if (is_always_allowed(access.action) || (root && !is_change(context))) return {};

  const RequestConditions conditions(context, access, catalog_, clock_, options_.scans_have_unknown_keys);
  const Decision decision = auth::iam::evaluate({.caller = caller,
                                                 .action = auth::iam::find_action(access.action),
                                                 .resource = access.resource_arn,
                                                 .conditions = conditions,
                                                 .resource_policy = access.trust_policy,
                                                 .resource_account = conditions.resource_account()});
  if (decision.allowed()) {
    if (is_change(context)) audit(context, access, decision);
    return {};
  }
  audit(context, access, decision);
  // A role that does not trust the caller reads as one that does not exist.
  const std::string reason = role_trust ? std::string() : denial_reason(decision, access.action);
  return Unexpected(access_denied(context, access.action, access.resource_arn, reason));
}

}  // namespace armature::api
