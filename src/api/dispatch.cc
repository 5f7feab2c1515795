#include "api/dispatch.h"

#include <exception>

#include "api/arena_lease.h"
#include "api/dynamodb/envelope.h"
#include "api/operations.h"
#include "api/wire_error.h"
#include "base/log.h"
#include "wire/json.h"

namespace armature::api {
namespace {

constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// Empty: not one an operation is sent with. Parameters behind ';' do not matter.
std::string_view json_content_type(std::string_view header) {
  std::string_view type = header.substr(0, header.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  for (const std::string_view known : {kJson10, kJson}) {
    if (http::equals_ignoring_case(type, known)) return known;
  }
  return {};
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

http::Response plain_text(int status, std::string_view text) {
  return {.status = status, .content_type = kPlainText, .extra_headers = {}, .body = Bytes(text)};
}

// What is no request of ours at all.
http::Response not_found() {
  return {.status = 404, .content_type = {}, .extra_headers = {}, .body = "<UnknownOperationException/>\n"};
}

}  // namespace

Dispatcher::Dispatcher(Services& services, const auth::Authenticator& authenticator, const Authorizer& authorizer,
                       MetricsRegistry* metrics, DispatcherOptions options)
    : services_(services),
      authenticator_(authenticator),
      authorizer_(authorizer),
      metrics_registry_(metrics),
      options_(options),
      metrics_(metrics),
      table_metrics_(&services.catalog),
      query_dispatcher_(services, authenticator, authorizer, &metrics_),
      healthy_text_("healthy: dynamodb." + services.options.default_region + ".amazonaws.com ") {}

Task<http::Response> Dispatcher::handle(const http::Request& request) {
  const std::string_view path = path_of(request.target);
  http::Response response;
  if (QueryDispatcher::is_query_request(request)) {
    response = co_await query_dispatcher_.answer(request);
  } else if (request.method == "POST" && path == "/") {
    const std::string_view content_type = json_content_type(request.header("Content-Type"));
    // No conditional operator around co_await: g++ 12 destroys the operand that was not evaluated.
    if (content_type.empty()) {
      response = not_found();
    } else {
      response = co_await answer_operation(request, content_type);
    }
  } else if (request.method == "GET" || request.method == "HEAD") {
    response = answer_get(path);
  } else {
    response = not_found();
  }
  co_return response;
}

http::Response Dispatcher::answer_get(std::string_view path) {
  if (path == "/") return plain_text(200, healthy_text_);
  if (path == "/health" || path == "/health/live") return plain_text(200, "ok\n");
  if (path == "/health/ready") {
    return ready_.load(std::memory_order_relaxed) ? plain_text(200, "ok\n") : plain_text(503, "draining\n");
  }
  if (path == "/metrics") {
    http::Response response = plain_text(200, metrics_registry_->render() + table_metrics_.render());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  return not_found();
}

Task<http::Response> Dispatcher::answer_operation(const http::Request& request, std::string_view content_type) {
  const auto start = std::chrono::steady_clock::now();
  const ArenaLease arena;
  RequestContext context{.arena = arena.get(),
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
                         .consumed = {}};
  http::Response response{.status = 200, .content_type = content_type, .extra_headers = {}, .body = {}};
  Result<void> result;
  try {
    result = co_await perform(request, &context, &response.body);
  } catch (const std::exception& exception) {
    result = fail(ErrorCode::kInternal, exception.what());
  } catch (...) {
    result = fail(ErrorCode::kInternal, "an exception of an unknown type");
  }
  std::optional<ErrorCode> error;
  if (!result) {
    error = result.error().code;
    response = answer_error(request, context, std::move(result).error());
    response.content_type = content_type;
  }
  const std::chrono::nanoseconds latency = std::chrono::steady_clock::now() - start;
  metrics_.record(context.operation, error ? &*error : nullptr, latency, context.consumed);
  context.tables_reached.count_request(error.has_value());
  if (options_.slow_request.count() > 0 && latency > options_.slow_request) log_slow(context, latency);
  co_return response;
}

Task<Result<void>> Dispatcher::perform(const http::Request& request, RequestContext* context, Bytes* reply) {
  CO_TRY_ASSIGN(const wire::Json* body, wire::parse_json(request.body, context->arena));
  context->operation = find_operation(request.header("X-Amz-Target"));
  if (context->operation == nullptr) co_return fail(ErrorCode::kUnknownOperation, {});

  const auth::SignedRequest sent{.method = request.method,
                                 .target = request.target,
                                 .headers = request.headers,
                                 .body = request.raw_body,
                                 .peer_address = request.peer_address};
  CO_TRY_ASSIGN(auth::Authenticated caller, authenticator_.authenticate(sent, "dynamodb", context->arena));
  context->identity = std::move(caller.identity);
  context->region = caller.region;
  note_use(services_, caller, *context->identity);

  CO_TRY(co_await context->operation->handler(services_, *context, *body, reply));
  if (!context->authorization_asked) co_return fail(ErrorCode::kInternal, "the handler asked for no permission");
  co_return Result<void>();
}

http::Response Dispatcher::answer_error(const http::Request& request, const RequestContext& context,
                                        Error error) const {
  const std::string_view operation = context.operation != nullptr ? context.operation->name() : "unknown";
  if (error.code == ErrorCode::kInternal) {
    // What went wrong is for the log; the client gets an id to ask with.
    log(LogLevel::kError, "request failed",
        {{"request_id", request.request_id}, {"operation", operation}, {"error", error.message}});
    error.message = "Internal server error";
  }
  if (error.code == ErrorCode::kValidation && services_.options.validation_envelope && context.operation != nullptr &&
      context.operation->wording == Wording::kEnveloped && is_enveloped(error.message)) {
    error.message.insert(0, kEnvelope);
  }
  http::Response response;
  response.status = wire_error(error.code).status;
  encode_error(error, &response.body);
  return response;
}

void Dispatcher::log_slow(const RequestContext& context, std::chrono::nanoseconds latency) const {
  const std::string_view operation = context.operation != nullptr ? context.operation->name() : "unknown";
  log(LogLevel::kWarning, "slow request",
      {{"request_id", context.request_id},
       {"operation", operation},
       {"peer", context.peer_address},
       {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(latency).count()}});
}

}  // namespace armature::api
