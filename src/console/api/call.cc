#include "console/api/call.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "connector/call_rules.h"
#include "console/audit.h"
#include "console/json_text.h"
#include "console/operation_kind.h"
#include "console/roles.h"
#include "console/targets.h"

namespace armature::console {
namespace {

bool is_operation_name(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

ApiResult<std::string> operation_name(const wire::Json& body, std::string_view member) {
  TRY_ASSIGN(const std::string_view name, required_text(body, member));
  if (!is_operation_name(name)) return bad_request("'" + std::string(name) + "' is not an operation's name.");
  return std::string(name);
}

ApiResult<connector::Service> table_service(const wire::Json& body) {
  TRY_ASSIGN(const std::string_view name, required_text(body, "service"));
  if (name == "dynamodb") return connector::Service::kDynamoDb;
  if (name == "streams") return connector::Service::kStreams;
  return bad_request("The member 'service' must be dynamodb or streams.");
}

void write_timing(const connector::CallReply& reply, wire::JsonWriter* writer) {
  if (reply.server_ms) {
    writer->key("serverMs");
    writer->real(*reply.server_ms);
  }
  writer->key("roundTripMs");
  writer->real(std::chrono::duration<double, std::milli>(reply.round_trip).count());
}

// The output must be JSON to go into ours, whoever sent it.
ApiResult<std::string_view> checked_output(const connector::CallReply& reply, Arena* arena) {
  if (reply.body.empty()) return std::string_view("{}");
  if (!wire::parse_json(reply.body, arena)) return refuse(502, "BadReply", "The service's answer is not JSON.");
  return std::string_view(reply.body);
}

}  // namespace

void write_call_error(const connector::CallError& error, Arena* arena, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->member("type", error.type);
  writer->member("message", error.message);
  const auto body = wire::parse_json(error.body, arena);
  if (body) {
    for (const wire::JsonMember& member : (*body)->members) {
      if (member.name == "__type" || member.name == "message" || member.name == "Message" || member.name == "type") {
        continue;
      }
      writer->key(member.name);
      write_json(member.value, writer);
    }
  }
  writer->end_object();
}

Task<ApiResult<void>> call_operation(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::string operation, operation_name(*call.body, "operation"));
  CO_TRY_ASSIGN(const connector::Service service, table_service(*call.body));
  CO_TRY_ASSIGN(const auto connection, optional_text(*call.body, "connection"));
  CO_TRY_ASSIGN(const auto region, optional_text(*call.body, "region"));
  CO_TRY_ASSIGN(const wire::Json* input, required_object(*call.body, "input"));
  std::string connection_name(connection.value_or(""));
  std::string region_name(region.value_or(""));
  CO_TRY_ASSIGN(const Target target,
                co_await find_target(services, call, std::move(connection_name), std::move(region_name)));

  const Bytes body = json_text(*input);
  const auto reply = co_await target->call(service, operation, body);
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member_bool("ok", reply.has_value());
  if (reply) {
    CO_TRY_ASSIGN(const std::string_view output, checked_output(*reply, call.arena));
    writer.key("output");
    writer.raw(output);
    writer.member("requestId", reply->request_id);
    write_timing(*reply, &writer);
  } else {
    writer.member("status", reply.error().status);
    writer.key("error");
    write_call_error(reply.error(), call.arena, &writer);
    writer.member("requestId", reply.error().request_id);
  }
  writer.end_object();
  const bool reads = connector::call_effect(operation, body) == connector::Effect::kRead;
  if (!reads || connection) {
    const std::string outcome = reply ? std::string("ok") : reply.error().type;
    audit(call, {target->saved().name, operation, body, outcome});
  }
  co_return ApiResult<void>();
}

Task<ApiResult<void>> call_query_protocol(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const std::string_view service_name, required_text(*call.body, "service"));
  const bool iam = service_name == "iam";
  if (!iam && service_name != "sts") co_return bad_request("The member 'service' must be iam or sts.");
  CO_TRY_ASSIGN(const std::string action, operation_name(*call.body, "action"));
  const SignedIn& who = *call.who;
  if (who.role_given && who.role == ConsoleRole::kViewer && changes_identities(service_name, action)) {
    co_return refuse(403, "NotAllowed", "A viewer may not do " + action + ".",
                     "The tag ConsoleRole of the user decides; an administrator can change it.");
  }
  std::vector<std::pair<std::string, std::string>> parameters;
  if (const wire::Json* given = call.body->find("parameters")) {
    for (const wire::JsonMember& parameter : given->members) {
      if (!parameter.value.is(wire::Json::Kind::kString)) {
        co_return bad_request("The parameter '" + std::string(parameter.name) + "' must be a string.");
      }
      parameters.emplace_back(parameter.name, parameter.value.text);
    }
  }
  // IAM is one for all regions.
  CO_TRY_ASSIGN(const Target target, local_target(services, call, iam ? "us-east-1" : ""));
  const connector::Service service = iam ? connector::Service::kIam : connector::Service::kSts;
  const auto reply = co_await target->client()->query_call(service, action, std::move(parameters));
  wire::JsonWriter writer(&call.reply);
  writer.begin_object();
  writer.member_bool("ok", reply.has_value());
  writer.member("status", reply ? 200 : reply.error().status);
  writer.member("xml", reply ? reply->body : reply.error().body);
  writer.member("requestId", call.request.request_id);
  writer.end_object();
  if (changes_identities(service_name, action)) {
    const std::string outcome = reply ? std::string("ok") : reply.error().type;
    audit(call, {kThisServer, action, {}, outcome});
  }
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
