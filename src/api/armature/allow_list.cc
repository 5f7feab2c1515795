#include "api/armature/allow_list.h"

#include "auth/identity/identity_store.h"
#include "base/ip_address.h"

namespace armature::api {
namespace {

std::string allow_list_arn(const RequestContext& context) {
  return "arn:aws:armature::" + std::string(context.account_id) + ":allow-list";
}

AllowListResponse describe(const Services& services, const RequestContext& context) {
  const auth::IdentitiesRef identities = services.identities->identities();
  const auto& stored = identities->account().allowed_ips;
  return {.allowed_ips = stored ? *stored : services.options.command_line_allowed_ips,
          .stored = stored.has_value(),
          .peer_address = std::string(context.peer_address)};
}

}  // namespace

bool shuts_out(std::span<const std::string> entries, std::string_view peer_address) {
  const auto list = IpAllowList::parse(entries);
  const auto peer = IpAddress::parse(peer_address);
  if (!list || !peer) return false;
  const std::vector<std::string> loopback = {"127.0.0.0/8", "::1"};
  return !list->empty() && !list->allows(*peer) && !IpAllowList::parse(loopback)->allows(*peer);
}

Task<Result<AllowListResponse>> get_allow_list(Services& services, RequestContext& context,
                                               const GetAllowListRequest&) {
  CO_TRY(authorize(context, allow_list_arn(context)));
  co_return describe(services, context);
}

Task<Result<AllowListResponse>> put_allow_list(Services& services, RequestContext& context,
                                               const PutAllowListRequest& request) {
  std::optional<std::vector<std::string>> entries;
  if (request.allowed_ips) entries.emplace(request.allowed_ips->begin(), request.allowed_ips->end());
  CO_TRY(authorize(context, allow_list_arn(context)));
  const std::vector<std::string>& effective = entries ? *entries : services.options.command_line_allowed_ips;
  if (const auto list = IpAllowList::parse(effective); !list) co_return invalid(list.error());
  // Whoever is shut out by the list could not take it back; from loopback anybody can.
  if (!request.allow_lockout && shuts_out(effective, context.peer_address)) {
    co_return invalid("Your own address " + std::string(context.peer_address) +
                      " is not among AllowedIps, so you could not connect any more; add it, or set AllowLockout");
  }
  const auto put = [&](auth::IdentityChange& change) -> Result<void> {
    auth::AccountSettings settings = change.now().account();
    settings.allowed_ips = entries;
    change.put(std::move(settings));
    return {};
  };
  CO_TRY(co_await services.identities->change(put));
  co_return describe(services, context);
}

void encode(const AllowListResponse& response, wire::JsonWriter* writer) {
  writer->begin_object();
  writer->key("AllowedIps");
  writer->begin_array();
  for (const std::string& entry : response.allowed_ips) writer->string(entry);
  writer->end_array();
  writer->member("Source", response.stored ? "stored" : "command-line");
  writer->member("PeerAddress", response.peer_address);
  writer->member_bool("LoopbackAlways", true);
  writer->end_object();
}

}  // namespace armature::api
