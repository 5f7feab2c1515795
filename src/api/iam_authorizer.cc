#include "api/iam_authorizer.h"

#include <optional>
#include <string>

#include "api/context.h"
#include "api/operations.h"
#include "api/request_conditions.h"
#include "auth/iam/evaluate.h"
#include "base/log.h"

namespace armature::api {
namespace {

using auth::iam::Decision;

// A decision, and the policy of the resource that was asked beside the caller's own.
struct Answer {
  Decision decision;
  const auth::iam::Policy* resource_policy = nullptr;
};

std::string policy_name(const Decision& decision) {
  if (decision.policy == nullptr) {
    if (decision.statement == nullptr) return {};
    return decision.type == auth::iam::PolicyType::kTrust ? "trust policy" : "resource policy";
  }
  if (!decision.policy->arn.empty()) return decision.policy->arn;
  return decision.policy->holder.empty() ? decision.policy->name
                                         : decision.policy->holder + "/" + decision.policy->name;
}

// Which statement of its policy, by Sid or else by position from 1; empty when none decided.
std::string statement_name(const Answer& answer) {
  const auth::iam::Statement* const statement = answer.decision.statement;
  if (statement == nullptr) return {};
  if (!statement->sid.empty()) return statement->sid;
  const auth::iam::NamedPolicy* const named = answer.decision.policy;
  const auth::iam::Policy* const policy = named != nullptr ? named->policy.get() : answer.resource_policy;
  return std::to_string(statement - policy->statements().data() + 1);
}

// Why an answer is what it is.
struct Why {
  std::string reason;
  std::string policy;
  std::string statement;
};

Why why(const AccessRequest& access, const Answer& answer) {
  return {.reason = answer.decision.allowed() ? std::string() : denial_reason(answer.decision, access.action),
          .policy = policy_name(answer.decision),
          .statement = statement_name(answer)};
}

// One line for each denial and for each permission to change definitions, settings or identities.
void tell_log(const RequestContext& context, const AccessRequest& access, bool allowed, const Why& why) {
  log(allowed ? LogLevel::kInfo : LogLevel::kWarning, allowed ? "access allowed" : "access denied",
      {{"request_id", context.request_id},
       {"principal", context.identity->principal_arn},
       {"access_key", context.identity->access_key_id},
       {"action", access.action},
       {"resource", access.resource_arn},
       {"peer", context.peer_address},
       {"reason", why.reason},
       {"policy", why.policy},
       {"statement", why.statement}});
}

void tell_audit_log(const RequestContext& context, const AccessRequest& access, bool allowed, const Why& why,
                    const Clock& clock, AuditLog* audit_log) {
  write_event(audit_log, clock,
              {.event = "permission",
               .request_id = context.request_id,
               .principal = context.identity->principal_arn,
               .access_key_id = context.identity->access_key_id,
               .source = context.peer_address,
               .action = access.action,
               .resource = access.resource_arn,
               .outcome = allowed ? "allowed" : "denied",
               .reason = why.reason,
               .policy = why.policy,
               .statement = why.statement});
}

// So that nobody can lock an account out of its own table for good. Source: API Reference, "DeleteResourcePolicy".
bool root_may_always(std::string_view action) { return action == "dynamodb:DeleteResourcePolicy"; }

bool is_change(const RequestContext& context) {
  return context.operation != nullptr && context.operation->access == Access::kManage;
}

// Whatever its operation is called: not about data.
bool is_control_plane(const RequestContext& context) {
  if (context.operation == nullptr) return false;
  return context.operation->access == Access::kManage || context.operation->access == Access::kDescribe;
}

// Who they are may always be asked, and a session for oneself be made, whatever policies say. Source: STS API
// Reference, "GetCallerIdentity", "GetSessionToken".
bool is_always_allowed(std::string_view action) {
  return action == "sts:GetCallerIdentity" || action == "sts:GetSessionToken";
}

bool is_about_role(const AccessRequest& access) { return access.trust_policy != nullptr || access.is_role; }

// The policies decide, but for what needs none: then nullopt.
std::optional<Answer> decide(const RequestContext& context, const AccessRequest& access,
                             const RequestConditions& conditions) {
  if (is_always_allowed(access.action)) return std::nullopt;
  const auth::Identity& caller = *context.identity;
  const bool root = caller.kind == auth::PrincipalKind::kRoot && !caller.expires_at_s && !is_about_role(access);
  const auth::iam::Policy* policy = access.trust_policy;
  if (policy == nullptr && !(root && root_may_always(access.action))) policy = conditions.resource_policy();
  if (root && policy == nullptr && !is_change(context)) return std::nullopt;
  const Decision decision = auth::iam::evaluate({.caller = caller,
                                                 .action = auth::iam::find_action(access.action),
                                                 .resource = access.resource_arn,
                                                 .conditions = conditions,
                                                 .resource_policy = policy,
                                                 .resource_account = conditions.resource_account()});
  return Answer{decision, policy};
}

}  // namespace

IamAuthorizer::IamAuthorizer(const Catalog& catalog, const Clock& clock, IamAuthorizerOptions options)
    : catalog_(catalog), clock_(clock), options_(options) {}

Result<void> IamAuthorizer::authorize(const RequestContext& context, const AccessRequest& access) const {
  const RequestConditions conditions(context, access, catalog_, clock_, options_.scans_have_unknown_keys);
  const std::optional<Answer> answer = decide(context, access, conditions);
  const bool allowed = !answer || answer->decision.allowed();
  const bool noted = !access.only_asked;
  const bool logged = noted && answer && (!allowed || is_change(context));
  const bool audited = noted && options_.audit_log != nullptr && (!allowed || is_control_plane(context));
  if (allowed && !logged && !audited) return {};
  const Why reasons = answer ? why(access, *answer) : Why();
  if (logged) tell_log(context, access, allowed, reasons);
  if (audited) tell_audit_log(context, access, allowed, reasons, clock_, options_.audit_log);
  if (allowed) return {};
  // A role that does not trust the caller reads as one that does not exist.
  const std::string_view told = is_about_role(access) ? std::string_view() : reasons.reason;
  return Unexpected(access_denied(context, access.action, access.resource_arn, told));
}

bool IamAuthorizer::would_allow(const RequestContext& context, const AccessRequest& access) const {
  const RequestConditions conditions(context, access, catalog_, clock_, options_.scans_have_unknown_keys);
  const std::optional<Answer> answer = decide(context, access, conditions);
  return !answer || answer->decision.allowed();
}

}  // namespace armature::api
