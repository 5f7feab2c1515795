#include "connector/client.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <charconv>

#include "auth/sigv4/signer.h"
#include "auth/sigv4/timestamp.h"
#include "connector/xml_text.h"
#include "wire/json.h"
#include "wire/query_protocol.h"

namespace armature::connector {
namespace {

constexpr std::string_view kJsonType = "application/x-amz-json-1.0";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded; charset=utf-8";
constexpr std::size_t kShownBodyBytes = 200;

std::string_view transport_error_name(TransportErrorCode code) {
  switch (code) {
    case TransportErrorCode::kNameNotFound: return "NameNotFound";
    case TransportErrorCode::kForbiddenAddress: return "ForbiddenAddress";
    case TransportErrorCode::kRefused: return "ConnectionRefused";
    case TransportErrorCode::kTimedOut: return "TimedOut";
    case TransportErrorCode::kTls: return "TlsFailed";
    case TransportErrorCode::kClosed: return "ConnectionClosed";
    case TransportErrorCode::kNotHttp: return "NotHttp";
    case TransportErrorCode::kProxy: return "ProxyRefused";
    case TransportErrorCode::kIo: return "InputOutput";
  }
  return "";
}

CallError transport_error(TransportError&& error) {
  CallError result;
  result.kind = CallError::Kind::kTransport;
  result.type = transport_error_name(error.code);
  result.message = std::move(error.message);
  result.transport = error.code;
  result.may_have_run = error.request_may_have_run;
  return result;
}

// What `x-amz-crc32` says the body must be; SDKs check it too.
bool body_is_whole(const HttpReply& reply) {
  const std::string_view header = reply.header("x-amz-crc32");
  if (header.empty()) return true;
  std::uint32_t expected = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), expected);
  if (error != std::errc() || end != header.data() + header.size()) return true;
  return libdeflate_crc32(0, reply.body.data(), reply.body.size()) == expected;
}

std::string shown_body(const HttpReply& reply) {
  std::string shown;
  for (const char c : std::string_view(reply.body).substr(0, kShownBodyBytes)) {
    shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return shown;
}

void read_json_error(const wire::Json& body, CallError* error) {
  if (const wire::Json* type = body.find("__type"); type != nullptr && type->is(wire::Json::Kind::kString))
    error->type = type->text;
  for (const std::string_view name : {"message", "Message"}) {
    const wire::Json* const message = body.find(name);
    if (message != nullptr && message->is(wire::Json::Kind::kString)) error->message = message->text;
  }
}

// The milliseconds of "total;dur=1.25" in a Server-Timing header. Source: W3C, "Server Timing".
std::optional<double> server_timing(std::string_view header) {
  const std::size_t at = header.find("total;dur=");
  if (at == std::string_view::npos) return std::nullopt;
  double value = 0;
  const std::string_view text = header.substr(at + 10);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

bool refuses_credentials(const CallError& error) {
  return error.is("ExpiredTokenException") || error.is("ExpiredToken") || error.is("UnrecognizedClientException") ||
         error.is("InvalidClientTokenId");
}

bool speaks_of_time(const CallError& error) {
  return error.is("RequestTimeTooSkewed") || error.is("RequestExpired") ||
         error.message.find("Signature expired") != std::string::npos ||
         error.message.find("Signature not yet current") != std::string::npos;
}

}  // namespace

std::string CallError::text() const {
  const std::string first = message.substr(0, message.find("\n\n"));
  return first.empty() ? type : fmt::format("{}: {}", type, first);
}

CallError read_service_error(const HttpReply& reply) {
  CallError error;
  error.status = reply.status;
  error.body = reply.body;
  error.request_id = reply.header("x-amzn-requestid");
  Arena arena;
  if (const auto json = wire::parse_json(reply.body, &arena); json && (*json)->is(wire::Json::Kind::kObject)) {
    read_json_error(**json, &error);
  } else if (const auto code = xml_text(reply.body, "Code")) {
    error.type = *code;
    error.message = xml_text(reply.body, "Message").value_or("");
    if (error.request_id.empty()) error.request_id = xml_text(reply.body, "RequestId").value_or("");
  }
  if (error.type.empty()) error.type = reply.header("x-amzn-errortype");
  error.type = error.type.substr(0, error.type.find(':'));  // "Name:http://…" in that header.
  error.type = error.type.substr(error.type.find('#') + 1);
  if (error.type.empty()) {
    error.type = "UnexpectedAnswer";
    error.message = fmt::format("HTTP {} with {}: {}", reply.status, reply.header("content-type"), shown_body(reply));
  }
  return error;
}

Client::Client(Transport* transport, CredentialsProvider* credentials, const Clock* clock, ClientOptions options)
    : transport_(transport),
      credentials_(credentials),
      clock_(clock),
      options_(std::move(options)),
      budget_(options_.retry_mode == RetryMode::kAdaptive) {}

Client::~Client() = default;

Endpoint Client::endpoint_of(Service service) const {
  if (service == Service::kSts && options_.sts_endpoint) return *options_.sts_endpoint;
  if (!options_.endpoint) return regional_endpoint(service, options_.region);
  // Amazon's endpoint of DynamoDB, written out, is still Amazon's: its other services have endpoints of their own.
  const auto region = amazon_region(*options_.endpoint);
  return region && service != Service::kDynamoDb ? regional_endpoint(service, *region) : *options_.endpoint;
}

HttpRequest Client::new_request(Service service) const {
  HttpRequest request;
  request.endpoint = endpoint_of(service);
  request.target = request.endpoint.path;
  request.headers.emplace_back("Host", request.endpoint.host_header());
  return request;
}

Task<CallResult<CallReply>> Client::call(Service service, std::string operation, std::string body) {
  HttpRequest request = new_request(service);
  request.headers.emplace_back("Content-Type", kJsonType);
  request.headers.emplace_back("X-Amz-Target", std::string(target_prefix(service)) + operation);
  request.body = std::move(body);
  return call_with_retries(service, std::move(request));
}

Task<CallResult<CallReply>> Client::query_call(Service service, std::string action,
                                               std::vector<std::pair<std::string, std::string>> parameters) {
  HttpRequest request = new_request(service);
  request.headers.emplace_back("Content-Type", kFormType);
  request.body = fmt::format("Action={}&Version={}", wire::percent_encode(action), query_version(service));
  for (const auto& [name, value] : parameters) {
    request.body += '&' + wire::percent_encode(name) + '=' + wire::percent_encode(value);
  }
  return call_with_retries(service, std::move(request));
}

Task<CallResult<CallReply>> Client::call_with_retries(Service service, HttpRequest request) {
  const auto began = std::chrono::steady_clock::now();
  SeededRandom random(static_cast<std::uint64_t>(began.time_since_epoch().count()) ^
                      reinterpret_cast<std::uintptr_t>(&request));
  bool renewed = false;
  for (int attempt = 1;; ++attempt) {
    if (const auto wait = budget_.delay_before_send(std::chrono::steady_clock::now()); wait.count() > 0)
      co_await SleepFor(wait);
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (options_.call_deadline.count() > 0) {
      request.timeout = std::max(std::chrono::milliseconds(1), options_.call_deadline - elapsed);
    }
    auth::AccessKey key;
    CallResult<CallReply> result = co_await attempt_once(service, request, &key);
    if (result) {
      result->attempts = attempt;
      budget_.succeeded(attempt > 1);
      budget_.not_throttled(std::chrono::steady_clock::now());
      co_return result;
    }
    result.error().attempts = attempt;
    // New credentials, or a corrected clock, get one attempt beside those that are counted.
    if (!renewed && (learned_clock_offset(result.error()) ||
                     (refuses_credentials(result.error()) && credentials_->invalidate(key)))) {
      renewed = true;
      --attempt;
      continue;
    }
    const RetryReason reason = retry_reason(result.error());
    if (reason == RetryReason::kThrottled) budget_.throttled(std::chrono::steady_clock::now());
    const bool last = attempt >= options_.max_attempts || options_.retry_mode == RetryMode::kOff;
    if (reason == RetryReason::kNone || last || !budget_.spend(result.error())) co_return result;
    const auto wait = backoff(attempt, &random);
    if (options_.call_deadline.count() > 0 && elapsed + wait >= options_.call_deadline) co_return result;
    co_await SleepFor(wait);
  }
}

// Signs with what the credentials are now and sends once.
Task<CallResult<CallReply>> Client::attempt_once(Service service, const HttpRequest& unsigned_request,
                                                 auth::AccessKey* key) {
  auto credentials = co_await credentials_->credentials();
  if (!credentials) co_return Unexpected(std::move(credentials.error()));
  *key = std::move(*credentials);

  HttpRequest request = unsigned_request;
  std::vector<Header> headers;
  for (const auto& [name, value] : request.headers) headers.push_back({name, value});
  const auth::SignedRequest to_sign{request.method, request.target, headers, request.body};
  const bool amazons = !options_.endpoint || amazon_region(*options_.endpoint);
  const std::string region(amazons ? regional_signing_region(service, options_.region)
                                   : std::string_view(options_.region));
  const auth::sigv4::SignatureHeaders signature =
      auth::sigv4::sign(to_sign, *key, {region, signing_name(service)}, clock_->now_s() + clock_offset_s_);
  request.headers.emplace_back("X-Amz-Date", signature.amz_date);
  if (!signature.security_token.empty()) request.headers.emplace_back("X-Amz-Security-Token", signature.security_token);
  request.headers.emplace_back("Authorization", signature.authorization);
  request.headers.emplace_back("User-Agent", options_.user_agent);
  request.headers.insert(request.headers.end(), options_.headers.begin(), options_.headers.end());

  const auto sent = std::chrono::steady_clock::now();
  auto reply = co_await transport_->exchange(request);
  if (!reply) co_return Unexpected(transport_error(std::move(reply.error())));
  auto judged = judge(std::move(*reply));
  if (judged) judged->round_trip = std::chrono::steady_clock::now() - sent;
  co_return judged;
}

Expected<CallReply, CallError> Client::judge(HttpReply reply) const {
  if (reply.status / 100 != 2) {
    CallError error = read_service_error(reply);
    if (const auto date = auth::sigv4::parse_http_date(reply.header("date"))) error.server_time_s = *date;
    return Unexpected(std::move(error));
  }
  if (!body_is_whole(reply)) {
    CallError error;
    error.status = reply.status;
    error.type = "CorruptReply";
    error.message = "the answer's checksum (x-amz-crc32) does not match its body";
    error.may_have_run = true;
    return Unexpected(std::move(error));
  }
  CallReply result;
  result.request_id = reply.header("x-amzn-requestid");
  result.server_ms = server_timing(reply.header("server-timing"));
  result.body = std::move(reply.body);
  return result;
}

// The server refused for the time: from now on sign with its clock.
bool Client::learned_clock_offset(const CallError& error) {
  if (!speaks_of_time(error) || !error.server_time_s) return false;
  clock_offset_s_ = *error.server_time_s - clock_->now_s();
  return true;
}

}  // namespace armature::connector
