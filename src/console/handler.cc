#include "console/handler.h"

#include <algorithm>

#include "api/arena_lease.h"
#include "auth/sigv4/digest.h"
#include "base/log.h"
#include "console/assets.h"
#include "console/roles.h"
#include "console/sign_in.h"

namespace armature::console {
namespace {

constexpr std::string_view kRoot = "/console";
constexpr std::string_view kApi = "/console/api/";

http::IpAllowList loopback() {
  static const std::string kNetworks[] = {"127.0.0.0/8", "::1"};
  return *http::IpAllowList::parse(kNetworks);
}

http::Response json_response(int status, Bytes body) {
  http::Response response{.status = status, .content_type = "application/json", .body = std::move(body)};
  response.extra_headers = security_headers();
  response.extra_headers += "Cache-Control: no-store\r\n";
  return response;
}

http::Response error_response(const ApiError& error) {
  Bytes body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.key("error");
  writer.begin_object();
  writer.member("code", error.code);
  writer.member("message", error.message);
  if (!error.remedy.empty()) writer.member("remedy", error.remedy);
  if (!error.fields.empty()) {
    writer.key("fields");
    writer.begin_array();
    for (const ApiError::Field& field : error.fields) {
      writer.begin_object();
      writer.member("field", field.field);
      writer.member("message", field.message);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  writer.end_object();
  return json_response(error.status, std::move(body));
}

http::Response redirect_to_root() {
  http::Response response{.status = 308};
  response.extra_headers = security_headers();
  response.extra_headers += "Location: /console/\r\n";
  return response;
}

// Another site's page must not reach the API even where a browser would let it send something. Browsers say where a
// request comes from in Sec-Fetch-Site, or at least in Origin. Source: W3C, "Fetch Metadata Request Headers".
bool comes_from_another_site(const http::Request& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  std::string_view origin = request.header("Origin");
  if (origin.empty()) return false;
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return true;  // "null", of sandboxed pages.
  return !equals_ignoring_case(origin.substr(scheme + 3), request.header("Host"));
}

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

ApiResult<const wire::Json*> parse_body(const http::Request& request, Arena* arena) {
  if (request.body.empty()) {
    wire::Json* const empty = arena->create<wire::Json>();
    empty->kind = wire::Json::Kind::kObject;
    return static_cast<const wire::Json*>(empty);
  }
  // A form of another site could send text that reads as JSON, but not with this content type.
  if (!request.header("Content-Type").starts_with("application/json")) {
    return refuse(415, "BadRequest", "The content type must be application/json.");
  }
  const auto parsed = wire::parse_json(request.body, arena);
  if (!parsed) return bad_request("The request is not JSON.");
  if (!(*parsed)->is(wire::Json::Kind::kObject)) return bad_request("The request must be a JSON object.");
  return *parsed;
}

}  // namespace

Handler::Handler(http::Handler* operations, Services* services, std::optional<http::IpAllowList> allowed)
    : operations_(operations), services_(*services), allowed_(std::move(allowed)), loopback_(loopback()) {}

bool Handler::is_allowed(std::string_view peer_address) const {
  if (!allowed_) return true;
  const auto peer = http::IpAddress::parse(peer_address);
  return peer && (allowed_->allows(*peer) || loopback_.allows(*peer));
}

Task<http::Response> Handler::handle_console(const http::Request& request) {
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  const std::string_view path = request.target.substr(0, question);
  const std::string_view query = request.target.substr(std::min(question + 1, request.target.size()));
  http::Response response;
  if (path != kRoot && !path.starts_with("/console/")) {
    response = co_await operations_->handle(request);
    co_return response;
  }
  if (!is_allowed(request.peer_address)) {
    log(LogLevel::kWarning, "console: address not allowed", {{"peer", request.peer_address}});
    const ApiError error{403, "NotAllowed",
                         "The console does not answer the address " + std::string(request.peer_address) + ".",
                         "Ask for the address to be added to --console-allow-ip."};
    response = error_response(error);
  } else if (path == kRoot) {
    response = redirect_to_root();
  } else if (path.starts_with(kApi)) {
    response = co_await answer_api(request, path.substr(kApi.size()), query);
  } else {
    response = serve_asset(request, path.substr(kRoot.size() + 1), embedded_assets());
  }
  response.same_origin = true;
  co_return response;
}

Task<http::Response> Handler::answer_api(const http::Request& request, std::string_view path, std::string_view query) {
  RouteMatch match = find_route(request.method == "HEAD" ? "GET" : request.method, path);
  if (match.route == nullptr) {
    const ApiError unknown{match.path_known ? 405 : 404, "NotFound",
                           std::string(request.method) + " /console/api/" + std::string(path) + " is not known."};
    co_return error_response(unknown);
  }
  if (comes_from_another_site(request)) {
    const ApiError foreign{403, "NotAllowed", "The console's API answers its own pages only."};
    co_return error_response(foreign);
  }
  const api::ArenaLease arena;
  ApiCall call{.request = request, .arena = arena.get(), .path_values = std::move(match.path_values), .query = query};
  ApiResult<void> result;
  try {
    result = co_await run(*match.route, &call);
  } catch (const std::exception& exception) {
    log(LogLevel::kError, "console: request failed", {{"request_id", request.request_id}, {"error", exception.what()}});
    result = refuse(500, "InternalError", "The server failed to answer; its log says why.");
  }
  http::Response response;
  if (result) {
    response = json_response(call.status, std::move(call.reply));
  } else {
    response = error_response(result.error());
  }
  response.extra_headers += call.set_cookie;
  co_return response;
}

Task<ApiResult<void>> Handler::run(const Route& route, ApiCall* call) {
  CO_TRY(co_await admit(route, call));
  CO_TRY_ASSIGN(call->body, parse_body(call->request, call->arena));
  ApiResult<void> result = co_await route.endpoint(services_, *call);
  co_return result;
}

// Everything that must hold before an endpoint sees the request.
Task<ApiResult<void>> Handler::admit(const Route& route, ApiCall* call) {
  if (route.access == RouteAccess::kOpen) co_return ApiResult<void>();
  call->who = co_await find_session(services_, *call);
  if (!call->who) co_return refuse(401, "NotSignedIn", "Sign in first.");
  if (changes_something(call->request.method) &&
      !auth::sigv4::equal_in_constant_time(call->request.header("X-CSRF-Token"), call->who->session.csrf_token)) {
    co_return refuse(403, "CsrfMismatch", "The request lacks the token of this session.", "Load the page again.");
  }
  if (route.access == RouteAccess::kAdmin && call->who->role != ConsoleRole::kAdmin) {
    co_return refuse(403, "NotAllowed", "Only administrators may do this.");
  }
  if (route.use == RouteUse::kActive) keep_session(services_, call);
  co_return ApiResult<void>();
}

}  // namespace armature::console
