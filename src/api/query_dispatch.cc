#include "api/query_dispatch.h"

#include <chrono>
#include <exception>

#include "api/arena_lease.h"
#include "api/query_error.h"
#include "api/query_operations.h"
#include "auth/sigv4/authorization.h"
#include "base/log.h"

namespace armature::api {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kXmlType = "text/xml";

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

bool is_form(const http::Request& request) {
  std::string_view type = request.header("Content-Type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return http::equals_ignoring_case(type, kFormType);
}

bool has_action(std::string_view query) {
  return query.starts_with("Action=") || query.find("&Action=") != std::string_view::npos;
}

const QueryService* service_of_version(std::string_view version) {
  for (const QueryService* service : {&kIamService, &kStsService}) {
    if (service->version == version) return service;
  }
  return nullptr;
}

const QueryService* service_of_action(std::string_view action) {
  for (const QueryService* service : {&kIamService, &kStsService}) {
    if (find_query_operation(*service, action) != nullptr) return service;
  }
  return nullptr;
}

}  // namespace

struct QueryDispatcher::Work {
  RequestContext context;
  wire::QueryParameters parameters;
  const QueryService* service = &kIamService;
  const QueryOperation* operation = nullptr;
  Bytes result;  // What the handler writes: the content of the result element.
};

bool QueryDispatcher::is_query_request(const http::Request& request) {
  const std::string_view path = request.target.substr(0, request.target.find('?'));
  if (path != "/" || !request.header("X-Amz-Target").empty()) return false;
  if (request.method == "POST") return is_form(request) || has_action(query_of(request.target));
  return request.method == "GET" && has_action(query_of(request.target));
}

Task<http::Response> QueryDispatcher::answer(const http::Request& request) {
  const auto start = std::chrono::steady_clock::now();
  const ArenaLease arena;
  Work work{.context = {.arena = arena.get(),
                        .request_id = request.request_id,
                        .region = services_.options.default_region,
                        .account_id = services_.catalog.account_id(),
                        .peer_address = request.peer_address,
                        .user_agent = request.header("User-Agent"),
                        .referer = request.header("Referer"),
                        .secure = request.secure,
                        .identity = nullptr,
                        .operation = nullptr,
                        .authorizer = &authorizer_,
                        .consumed = {}},
            .parameters = {},
            .result = {}};
  Result<void> result;
  try {
    result = co_await perform(request, &work);
  } catch (const std::exception& exception) {
    result = fail(ErrorCode::kInternal, exception.what());
  } catch (...) {
    result = fail(ErrorCode::kInternal, "an exception of an unknown type");
  }
  http::Response response{.status = 200, .content_type = kXmlType, .extra_headers = {}, .body = {}};
  std::optional<ErrorCode> error;
  if (result) {
    const std::string name(work.operation->name());
    const std::string response_name = name + "Response";
    wire::XmlWriter writer(&response.body);
    writer.open(response_name, work.service->xml_namespace);
    if (work.operation->result == QueryResult::kSome) {
      response.body.append("<").append(name).append("Result>").append(work.result);
      response.body.append("</").append(name).append("Result>");
    }
    writer.open("ResponseMetadata");
    writer.element("RequestId", request.request_id);
    writer.close();
    writer.close();
  } else {
    error = result.error().code;
    response = answer_error(request, work, std::move(result).error());
  }
  metrics_->record(work.operation, error ? &*error : nullptr, std::chrono::steady_clock::now() - start,
                   work.context.consumed);
  co_return response;
}

Task<Result<void>> QueryDispatcher::perform(const http::Request& request, Work* work) {
  RequestContext& context = work->context;
  const bool in_query = request.method == "GET" || !is_form(request);
  CO_TRY_ASSIGN(work->parameters, wire::parse_query(in_query ? query_of(request.target) : request.body, context.arena));
  const std::string_view action = work->parameters.find("Action").value_or("");
  const std::string_view version = work->parameters.find("Version").value_or("");

  const auth::SignedRequest sent{.method = request.method,
                                 .target = request.target,
                                 .headers = request.headers,
                                 .body = request.raw_body,
                                 .peer_address = request.peer_address};
  // Whom a request is meant for: the service it is signed for, else what it says itself.
  const QueryService* service = nullptr;
  if (const auto scope = auth::sigv4::find_credential_scope(sent, context.arena)) {
    if (scope->service == kIamService.name) service = &kIamService;
    if (scope->service == kStsService.name) service = &kStsService;
  }
  if (service == nullptr) service = service_of_version(version);
  if (service == nullptr) service = service_of_action(action);
  if (service != nullptr) work->service = service;

  if (action.empty()) co_return fail(ErrorCode::kMissingAction, "Missing Action");
  CO_TRY_ASSIGN(auth::Authenticated caller, authenticator_.authenticate(sent, work->service->name, context.arena));
  context.identity = std::move(caller.identity);
  context.region = caller.region;
  note_use(services_, caller, *context.identity);

  work->operation = find_query_operation(*work->service, action);
  if (work->operation == nullptr || (!version.empty() && version != work->service->version)) {
    work->operation = nullptr;
    co_return fail(ErrorCode::kInvalidAction, "Could not find operation " + std::string(action) + " for version " +
                                                  std::string(version.empty() ? work->service->version : version));
  }
  context.operation = work->operation;
  wire::XmlWriter writer(&work->result);
  QueryCall call{services_, context, work->parameters, writer};
  CO_TRY(co_await work->operation->query_handler(call));
  if (!context.authorization_asked) co_return fail(ErrorCode::kInternal, "the handler asked for no permission");
  co_return Result<void>();
}

http::Response QueryDispatcher::answer_error(const http::Request& request, const Work& work, Error error) const {
  if (error.code == ErrorCode::kInternal) {
    // What went wrong is for the log; the client gets an id to ask with.
    log(LogLevel::kError, "request failed",
        {{"request_id", request.request_id},
         {"operation", work.operation != nullptr ? work.operation->name() : std::string_view("unknown")},
         {"error", error.message}});
    error.message = "The request processing has failed because of an unknown error, exception or failure.";
  }
  if (error.code == ErrorCode::kSerialization && error.message.empty()) {
    error.message = "The request is not a well-formed form of name and value pairs.";
  }
  http::Response response{.status = query_error(error.code).status, .content_type = kXmlType, .body = {}};
  encode_query_error(error, work.service->xml_namespace, request.request_id, &response.body);
  return response;
}

}  // namespace armature::api
