// Who may do what: asked for every resource an operation touches, before its data is.
#pragma once

#include <optional>
#include <string_view>

#include "api/access_facts.h"
#include "auth/iam/policy.h"
#include "model/error.h"

namespace armature::api {

struct RequestContext;

// One question. Views live as long as the call.
struct AccessRequest {
  std::string_view action;        // "dynamodb:PutItem".
  std::string_view resource_arn;  // "*" where an action has none.
  // The table the resource is, or is part of, where the handler has looked it up: nullptr in it: there is none.
  // nullopt: not looked up; a DynamoDB ARN is then looked up when something depends on the table.
  std::optional<const TableDefinition*> table = std::nullopt;
  // In place of the resource policy that holds: one that may come to. nullopt: the one that holds.
  std::optional<const auth::iam::Policy*> resource_policy = std::nullopt;
  // With sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity: the trust policy of the role. A denial then gives no
  // reason, so that roles that exist look like roles that do not (pass no policy for those, and set `is_role`).
  const auth::iam::Policy* trust_policy = nullptr;
  bool is_role = false;
  FactSource facts = {};
  // Somebody wants to know what would be answered, and attempts nothing: no line of the log.
  bool only_asked = false;
};

// Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  // kAccessDenied, with the service's sentence, when the principal of `context` may not.
  virtual Result<void> authorize(const RequestContext& context, const AccessRequest& access) const = 0;
  // The same question without consequences: nothing is written down. For what a change would come to.
  virtual bool would_allow(const RequestContext& context, const AccessRequest& access) const {
    return authorize(context, access).has_value();
  }
  // Without facts about the request: only whoever the caller is decides.
  Result<void> authorize(const RequestContext& context, std::string_view action, std::string_view resource_arn) const {
    return authorize(context, AccessRequest{.action = action, .resource_arn = resource_arn});
  }
};

// The root user of an account may do everything in it; nobody else may do anything.
class RootAuthorizer final : public Authorizer {
 public:
  Result<void> authorize(const RequestContext& context, const AccessRequest& access) const override;
};

// "User: … is not authorized to perform: … on resource: … because …"; an empty reason is left out.
Error access_denied(const RequestContext& context, std::string_view action, std::string_view resource_arn,
                    std::string_view reason);

}  // namespace armature::api
