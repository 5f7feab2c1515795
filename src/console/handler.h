// The console in front of the operations: takes the paths under /console and passes everything else on unchanged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "console/routes.h"
#include "console/services.h"
#include "http/handler.h"
#include "http/ip_address.h"

namespace armature::console {

// Thread-safe.
class Handler final : public http::Handler {
 public:
  // Both must outlive the handler. `allowed`: the only addresses, beside loopback, the console answers; nullopt: all.
  Handler(http::Handler* operations, Services* services, std::optional<http::IpAllowList> allowed);

  Task<http::Response> handle(const http::Request& request) override {
    if (!request.target.starts_with("/console")) [[likely]]
      return operations_->handle(request);
    return handle_console(request);
  }

 private:
  Task<http::Response> handle_console(const http::Request& request);
  Task<http::Response> answer_api(const http::Request& request, std::string_view path, std::string_view query);
  Task<ApiResult<void>> run(const Route& route, ApiCall* call);
  Task<ApiResult<void>> admit(const Route& route, ApiCall* call);
  bool is_allowed(std::string_view peer_address) const;

  http::Handler* const operations_;
  Services& services_;
  const std::optional<http::IpAllowList> allowed_;
  const http::IpAllowList loopback_;
};

}  // namespace armature::console
