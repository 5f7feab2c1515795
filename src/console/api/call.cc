#include "console/api/call.h"

#include <algorithm>
#include <chrono>

#include "console/json_text.h"
#include "console/operation_kind.h"
#include "console/roles.h"
#include "wire/query_protocol.h"

namespace armature::console {
namespace {

constexpr std::string_view kJsonType = "application/x-amz-json-1.0";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

bool is_region(std::string_view text) {
  return text.size() >= 2 && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_operation_name(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

ApiResult<std::string_view> region_of(const Services& services, const wire::Json& body) {
  TRY_ASSIGN(const auto region, optional_text(body, "region"));
  if (!region || region->empty()) return std::string_view(services.database.options.default_region);
  if (!is_region(*region)) return bad_request("'" + std::string(*region) + "' is not a region's name.");
  return *region;
}

ApiResult<std::string> target_of(const wire::Json& body, std::string_view operation) {
  TRY_ASSIGN(const std::string_view service, required_text(body, "service"));
  if (!is_operation_name(operation)) return bad_request("'" + std::string(operation) + "' is not an operation's name.");
  if (service == "dynamodb") return "DynamoDB_20120810." + std::string(operation);
  if (service == "streams") return "DynamoDBStreams_20120810." + std::string(operation);
  return bad_request("The member 'service' must be dynamodb or streams.");
}

ApiResult<void> check_role(const ApiCall& call, bool changes, std::string_view what) {
  if (!changes || !call.who->role_given || call.who->role != ConsoleRole::kViewer) return {};
  return refuse(403, "NotAllowed", "A viewer may not do " + std::string(what) + ".",
                "The tag ConsoleRole of the user decides; an administrator can change it.");
}

// The name behind the '#' of "__type".
std::string_view error_type(const wire::Json& body) {
  const wire::Json* const type = body.find("__type");
  if (type == nullptr || !type->is(wire::Json::Kind::kString)) return "Unknown";
  return type->text.substr(type->text.rfind('#') + 1);
}

// {type, message, …}: the error's other members as they came.
void write_error(const wire::Json& body, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("type", error_type(body));
  const wire::Json* message = body.find("message");
  if (message == nullptr) message = body.find("Message");
  writer->member("message", message != nullptr ? message->text : std::string_view());
  for (const wire::JsonMember& member : body.members) {
    if (member.name == "__type" || member.name == "message" || member.name == "Message") continue;
    writer->key(member.name);
    write_json(member.value, writer);
  }
  writer->end_object();
}

ApiResult<const wire::Json*> parse_reply(BytesView reply, Arena* arena) {
  const auto parsed = wire::parse_json(reply, arena);
  if (!parsed) return refuse(502, "BadReply", "The service's answer is not JSON.");
  return *parsed;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Task<ApiResult<void>> call_operation(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::string_view operation, required_text(*call.body, "operation"));
  CO_TRY_ASSIGN(const std::string target, target_of(*call.body, operation));
  CO_TRY_ASSIGN(const std::string_view region, region_of(services, *call.body));
  CO_TRY_ASSIGN(const wire::Json* input, required_object(*call.body, "input"));
  CO_TRY(check_role(call, changes_data(operation, *input), operation));
  if (call.body->find("connection") != nullptr) {
    co_return refuse(501, "NotImplemented", "Connections to other servers are not part of this version.");
  }

  const Bytes body = json_text(*input);
  const LocalCall local{.identity = call.who->identity.get(),
                        .session_token = call.who->session.session_token,
                        .region = region,
                        .service = "dynamodb",
                        .content_type = kJsonType,
                        .target = target,
                        .body = body};
  const auto start = std::chrono::steady_clock::now();
  const http::Response response = co_await services.local.call(call.request, local);
  const double took_ms = milliseconds_since(start);

  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member_bool("ok", response.status == 200);
  if (response.status == 200) {
    writer.key("output");
    writer.raw(response.body.empty() ? std::string_view("{}") : std::string_view(response.body));
  } else {
    CO_TRY_ASSIGN(const wire::Json* error, parse_reply(response.body, call.arena));
    writer.member("status", response.status);
    writer.key("error");
    write_error(*error, &writer);
  }
  writer.member("requestId", call.request.request_id);
  writer.key("serverMs");
  writer.real(took_ms);
  writer.key("roundTripMs");
  writer.real(took_ms);
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> call_query_protocol(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::string_view service, required_text(*call.body, "service"));
  if (service != "iam" && service != "sts") co_return bad_request("The member 'service' must be iam or sts.");
  CO_TRY_ASSIGN(const std::string_view action, required_text(*call.body, "action"));
  if (!is_operation_name(action)) co_return bad_request("'" + std::string(action) + "' is not an action's name.");
  CO_TRY(check_role(call, changes_identities(service, action), action));

  Bytes form = "Action=" + std::string(action);
  form += service == "iam" ? "&Version=2010-05-08" : "&Version=2011-06-15";
  if (const wire::Json* parameters = call.body->find("parameters")) {
    for (const wire::JsonMember& parameter : parameters->members) {
      if (!parameter.value.is(wire::Json::Kind::kString)) {
        co_return bad_request("The parameter '" + std::string(parameter.name) + "' must be a string.");
      }
      form.push_back('&');
      wire::append_percent_encoded(parameter.name, &form);
      form.push_back('=');
      wire::append_percent_encoded(parameter.value.text, &form);
    }
  }
  // IAM is one for all regions.
  const std::string_view region = service == "iam" ? "us-east-1" : services.database.options.default_region;
  const LocalCall local{.identity = call.who->identity.get(),
                        .session_token = call.who->session.session_token,
                        .region = region,
                        .service = service,
                        .content_type = kFormType,
                        .target = {},
                        .body = form};
  const http::Response response = co_await services.local.call(call.request, local);
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member_bool("ok", response.status == 200);
  writer.member("status", response.status);
  writer.member("xml", response.body);
  writer.member("requestId", call.request.request_id);
  writer.end_object();
  co_return ApiResult<void>();
}

Task<ApiResult<void>> check_permissions(Services& services, ApiCall& call) {
  constexpr std::size_t kMostChecks = 500;
  const wire::Json* const checks = call.body->find("checks");
  if (checks == nullptr || !checks->is(wire::Json::Kind::kArray) || checks->elements.size() > kMostChecks) {
    co_return bad_request("The member 'checks' must be a list of at most " + std::to_string(kMostChecks) + ".");
  }
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.key("results");
  writer.begin_array();
  for (const wire::Json& check : checks->elements) {
    CO_TRY_ASSIGN(const std::string_view action, required_text(check, "action"));
    CO_TRY_ASSIGN(const auto resource, optional_text(check, "resource"));
    const Result<void> allowed = may(services, call, *call.who->identity, action, resource.value_or("*"));
    writer.begin_object();
    writer.member_bool("allowed", allowed.has_value());
    writer.member("reason", allowed ? std::string_view() : std::string_view(allowed.error().message));
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  co_return ApiResult<void>();
}

}  // namespace armature::console
