#include "console/api/allow_list.h"

#include <span>
#include <string>
#include <vector>

#include "api/armature/allow_list.h"
#include "console/audit.h"
#include "console/targets.h"

namespace armature::console {
namespace {

ApiResult<std::vector<std::string>> requested_entries(const wire::Json& body) {
  const wire::Json* const cidrs = body.find("cidrs");
  if (cidrs == nullptr || !cidrs->is(wire::Json::Kind::kArray)) {
    return bad_request("The member 'cidrs' must be a list of addresses and networks.");
  }
  std::vector<std::string> entries;
  for (const wire::Json& entry : cidrs->elements) {
    if (!entry.is(wire::Json::Kind::kString)) return bad_request("Each of 'cidrs' must be a string.");
    entries.emplace_back(entry.text);
  }
  return entries;
}

Bytes put_request(const std::vector<std::string>& entries, bool force) {
  Bytes body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.key("AllowedIps");
  writer.begin_array();
  for (const std::string& entry : entries) writer.string(entry);
  writer.end_array();
  writer.member_bool("AllowLockout", force);
  writer.end_object();
  return body;
}

ApiError refusal(const connector::CallError& error) {
  if (error.is("AccessDeniedException")) return {403, "NotAllowed", error.message};
  if (error.is("ValidationException")) return {400, "BadRequest", error.message};
  return {error.status >= 500 ? 500 : 400, "InternalError", error.text()};
}

// What the operation answers, in the console's words.
ApiResult<void> write_list(const connector::CallReply& reply, ApiCall* call) {
  const auto json = wire::parse_json(reply.body, call->arena);
  const wire::Json* const entries = json ? (*json)->find("AllowedIps") : nullptr;
  const wire::Json* const source = json ? (*json)->find("Source") : nullptr;
  if (entries == nullptr || source == nullptr) return refuse(500, "InternalError", "The list cannot be read.");
  wire::JsonWriter writer(&call->reply);
  writer.begin_object();
  writer.key("cidrs");
  writer.begin_array();
  for (const wire::Json& entry : entries->elements) writer.string(entry.text);
  writer.end_array();
  writer.member("source", source->text);
  writer.member("peerAddress", call->request.peer_address);
  writer.member_bool("loopbackAlways", true);
  writer.end_object();
  return {};
}

}  // namespace

Task<ApiResult<void>> get_allow_list(Services& services, ApiCall& call) {
  CO_TRY_ASSIGN(const Target target, local_target(services, call, ""));
  const auto reply = co_await target->client()->call(connector::Service::kArmature, "GetAllowList", "{}");
  if (!reply) co_return Unexpected(refusal(reply.error()));
  co_return write_list(*reply, &call);
}

Task<ApiResult<void>> put_allow_list(Services& services, ApiCall& call) {
  const SignedIn& who = *call.who;
  if (who.role_given && who.role != ConsoleRole::kAdmin) {
    co_return refuse(403, "NotAllowed", "Only administrators change the allow-list.",
                     "The tag ConsoleRole of the user decides; an administrator can change it.");
  }
  CO_TRY_ASSIGN(const std::vector<std::string> entries, requested_entries(*call.body));
  CO_TRY_ASSIGN(const bool force, flag(*call.body, "force", false));
  CO_TRY_ASSIGN(const Target target, local_target(services, call, ""));
  Bytes body = put_request(entries, force);
  const auto reply = co_await target->client()->call(connector::Service::kArmature, "PutAllowList", std::move(body));
  const std::string outcome = reply ? std::string("ok") : reply.error().type;
  audit(call, {kThisServer, "PutAllowList", {}, outcome});
  if (!reply) {
    const std::string peer(call.request.peer_address);
    if (reply.error().is("ValidationException") && !force && api::shuts_out(entries, peer)) {
      co_return refuse(409, "WouldLockOut",
                       "Your own address " + peer + " is not on the list, so you could not connect any more.",
                       "Add it to the list.");
    }
    co_return Unexpected(refusal(reply.error()));
  }
  co_return write_list(*reply, &call);
}

}  // namespace armature::console
