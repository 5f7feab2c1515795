// Who may do what: asked for every resource an operation touches, before its data is.
#pragma once

#include <string_view>

#include "model/error.h"

namespace armature::api {

struct RequestContext;

// Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  // kAccessDenied, with DynamoDB's sentence, when the principal of `context` may not do `action` ("dynamodb:PutItem")
  // on the resource ("*" where an action has none).
  virtual Result<void> authorize(const RequestContext& context, std::string_view action,
                                 std::string_view resource_arn) const = 0;
};

// The root user of an account may do everything in it; nobody else may do anything.
class RootAuthorizer final : public Authorizer {
 public:
  Result<void> authorize(const RequestContext& context, std::string_view action,
                         std::string_view resource_arn) const override;
};

// "User: … is not authorized to perform: … on resource: … because …"; an empty reason is left out.
Error access_denied(const RequestContext& context, std::string_view action, std::string_view resource_arn,
                    std::string_view reason);

}  // namespace armature::api
