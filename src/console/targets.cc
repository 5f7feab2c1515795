#include "console/targets.h"

#include <algorithm>

#include "base/log.h"
#include "console/local_transport.h"
#include "console/services.h"
#include "console/stored_connections.h"
#include "http/ip_address.h"

namespace armature::console {
namespace {

connector::UserRole user_role(ConsoleRole role) {
  switch (role) {
    case ConsoleRole::kViewer: return connector::UserRole::kViewer;
    case ConsoleRole::kEditor: return connector::UserRole::kEditor;
    case ConsoleRole::kAdmin: return connector::UserRole::kAdmin;
  }
  return connector::UserRole::kViewer;
}

// Where anybody is let in, a signature still needs something to sign with.
constexpr std::string_view kAnybody = "development";

}  // namespace

Expected<Target, std::string> OpenConnections::open(const connector::SavedConnection& connection) {
  const std::string form = connector::connection_json(connection, connector::Secrets::kWith);
  const Clock::Millis now_ms = clock_->now_ms();
  const std::lock_guard guard(mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return now_ms - entry.second.used_at_ms > kCloseAfterMs; });
  const auto found = entries_.find(form);
  if (found != entries_.end()) {
    found->second.used_at_ms = now_ms;
    return found->second.target;
  }
  TRY_ASSIGN(auto opened, connector::OpenConnection::open(connection, loop_, clock_));
  if (entries_.size() >= kMostOpen) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.second.used_at_ms < b.second.used_at_ms;
    }));
  }
  const Target target = std::move(opened);
  entries_[form] = {target, now_ms};
  return target;
}

bool is_region(std::string_view text) {
  return text.size() >= 2 && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

ApiResult<Target> local_target(Services& services, const ApiCall& call, std::string_view region) {
  if (!region.empty() && !is_region(region))
    return bad_request("'" + std::string(region) + "' is not a region's name.");
  const SignedIn& who = *call.who;
  connector::SavedConnection self;
  self.name = kThisServer;
  self.endpoint = "http://localhost";
  self.region = region.empty() ? services.database.options.default_region : std::string(region);
  self.access_key_id = who.identity->access_key_id.empty() ? kAnybody : std::string_view(who.identity->access_key_id);
  self.secret_access_key = who.identity->secret.empty() ? Secret(std::string(kAnybody)) : who.identity->secret;
  self.session_token = Secret(who.session.session_token);
  self.user_role = who.role_given ? user_role(who.role) : connector::UserRole::kAdmin;
  self.options = {{"retryMode", "off"}};  // Whoever looks at the console wants to see the first answer.
  auto transport = std::make_unique<LocalTransport>(&services.dispatcher, &call.request);
  auto opened = connector::OpenConnection::open(std::move(self), std::move(transport), &services.database.clock);
  if (!opened) return refuse(500, "InternalError", opened.error());
  return Target(std::move(*opened));
}

ConsoleRole required_role(const connector::SavedConnection& connection) {
  switch (connection.user_role) {
    case connector::UserRole::kViewer: return ConsoleRole::kViewer;
    case connector::UserRole::kEditor: return ConsoleRole::kEditor;
    case connector::UserRole::kAdmin: return ConsoleRole::kAdmin;
  }
  return ConsoleRole::kAdmin;
}

ApiResult<void> may_use(const connector::SavedConnection& connection, const SignedIn& who,
                        std::string_view peer_address) {
  const ConsoleRole required = required_role(connection);
  if (who.role < required) {
    return refuse(403, "NotAllowed",
                  "The connection '" + connection.name + "' is for the role " + std::string(to_string(required)) +
                      "; yours is " + std::string(to_string(who.role)) + ".");
  }
  if (connection.allowed_ips.empty()) return {};
  const auto allowed = http::IpAllowList::parse(connection.allowed_ips);
  const auto peer = http::IpAddress::parse(peer_address);
  if (allowed && peer && allowed->allows(*peer)) return {};
  log(LogLevel::kWarning, "console: connection not allowed from this address",
      {{"connection", connection.name}, {"peer", peer_address}, {"principal", who.identity->principal_arn}});
  return refuse(
      403, "NotAllowed",
      "The connection '" + connection.name + "' may not be used from the address " + std::string(peer_address) + ".",
      "Ask an administrator to add it to the connection's allowed addresses.");
}

Task<ApiResult<connector::SavedConnection>> usable_connection(Services& services, const ApiCall& call,
                                                              std::string name) {
  auto found = co_await services.connections.find(name);
  if (!found) co_return refuse(500, "StorageFailed", found.error().message);
  if (!*found) co_return refuse(404, "NotFound", "There is no connection '" + name + "'.");
  CO_TRY(may_use(**found, *call.who, call.request.peer_address));
  co_return std::move(**found);
}

Task<ApiResult<Target>> find_target(Services& services, const ApiCall& call, std::string connection,
                                    std::string region) {
  if (connection.empty()) co_return local_target(services, call, region);
  CO_TRY_ASSIGN(connector::SavedConnection saved, co_await usable_connection(services, call, connection));
  if (!region.empty() && region != saved.region) {
    if (!is_region(region)) co_return bad_request("'" + region + "' is not a region's name.");
    saved.region = region;
  }
  auto target = services.open_connections.open(saved);
  if (!target) co_return refuse(400, "InvalidConnection", target.error());
  co_return std::move(*target);
}

}  // namespace armature::console
