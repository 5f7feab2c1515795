// The dispatcher of the query protocol: what api/dispatch.h is for DynamoDB's JSON, for IAM and STS, on the same port.
//
//   parameters → service and action → signature → handler (permission, request) → XML, or error
//
// Source: IAM API Reference, "Making query requests"; STS API Reference, "Common Parameters".
#pragma once

#include <string_view>

#include "api/authorizer.h"
#include "api/operation_metrics.h"
#include "api/services.h"
#include "auth/authenticator.h"
#include "http/handler.h"

namespace armature::api {

// Thread-safe.
class QueryDispatcher {
 public:
  // Everything must outlive the dispatcher.
  QueryDispatcher(Services& services, const auth::Authenticator& authenticator, const Authorizer& authorizer,
                  OperationMetrics* metrics)
      : services_(services), authenticator_(authenticator), authorizer_(authorizer), metrics_(metrics) {}

  // Whether the request is of this protocol: a form that was posted, or a query with an Action.
  static bool is_query_request(const http::Request& request);

  // As http::Handler::handle().
  Task<http::Response> answer(const http::Request& request);

 private:
  struct Work;
  Task<Result<void>> perform(const http::Request& request, Work* work);
  http::Response answer_error(const http::Request& request, const Work& work, Error error) const;

  Services& services_;
  const auth::Authenticator& authenticator_;
  const Authorizer& authorizer_;
  OperationMetrics* const metrics_;
};

}  // namespace armature::api
