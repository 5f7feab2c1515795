// The dispatcher: from an HTTP request to the operation it names, and back. Knows every step between, and no operation.
//
//   method, path, content type → JSON → target → signature → request → permission → handler → reply, or error
//
// This is the order in which DynamoDB finds fault, so clients can see it.
// Source: Developer Guide, "DynamoDB low-level API"; API Reference, "Common Errors".
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "api/authorizer.h"
#include "api/operation_metrics.h"
#include "api/query_dispatch.h"
#include "api/services.h"
#include "api/table_metrics.h"
#include "auth/authenticator.h"
#include "base/metrics.h"
#include "http/handler.h"

namespace armature::api {

struct DispatcherOptions {
  // Requests that take longer are logged; 0: none.
  std::chrono::milliseconds slow_request{1000};
};

// Thread-safe. Also answers health checks (GET /, /health, /health/live, /health/ready) and GET /metrics.
class Dispatcher final : public http::Handler {
 public:
  // Everything must outlive the dispatcher.
  Dispatcher(Services& services, const auth::Authenticator& authenticator, const Authorizer& authorizer,
             MetricsRegistry* metrics, DispatcherOptions options = {});

  // Whether /health/ready says so; true from the start. Turn it off while draining.
  void set_ready(bool ready) { ready_.store(ready, std::memory_order_relaxed); }

  // The request must stay valid until the task is done, also when its connection is gone by then: what was begun is
  // finished.
  Task<http::Response> handle(const http::Request& request) override;

 private:
  Task<http::Response> answer_operation(const http::Request& request, std::string_view content_type);
  Task<Result<void>> perform(const http::Request& request, RequestContext* context, Bytes* reply);
  http::Response answer_get(std::string_view path);
  http::Response answer_error(const http::Request& request, const RequestContext& context, Error error) const;
  void log_slow(const RequestContext& context, std::chrono::nanoseconds latency) const;

  Services& services_;
  const auth::Authenticator& authenticator_;
  const Authorizer& authorizer_;
  MetricsRegistry* const metrics_registry_;
  const DispatcherOptions options_;
  OperationMetrics metrics_;
  TableMetrics table_metrics_;
  QueryDispatcher query_dispatcher_;
  const std::string healthy_text_;
  std::atomic<bool> ready_{true};
};

}  // namespace armature::api
