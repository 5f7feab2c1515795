#include "console/routes.h"

#include <algorithm>
#include <optional>

#include "console/api/allow_list.h"
#include "console/api/call.h"
#include "console/api/connections.h"
#include "console/api/info.h"
#include "console/api/metrics.h"
#include "console/api/queries.h"
#include "console/api/run_query.h"
#include "console/api/session.h"
#include "console/api/test_connection.h"

namespace armature::console {
namespace {

using enum RouteAccess;
using enum RouteUse;

constexpr Route kRoutes[] = {
    {"GET", "info", kOpen, kPolling, get_info},
    {"POST", "session", kOpen, kActive, sign_in},
    {"GET", "session", kSignedIn, kPolling, get_session},
    {"DELETE", "session", kSignedIn, kActive, sign_out},
    {"POST", "call", kSignedIn, kActive, call_operation},
    {"POST", "query-protocol", kSignedIn, kActive, call_query_protocol},
    {"POST", "permissions", kSignedIn, kPolling, check_permissions},
    {"GET", "metrics", kSignedIn, kPolling, get_metrics},
    {"GET", "metrics/{table}", kSignedIn, kPolling, get_table_metrics},
    {"GET", "health", kSignedIn, kPolling, get_health},
    {"GET", "regions", kSignedIn, kPolling, list_regions},
    {"GET", "connections", kSignedIn, kActive, list_connections},
    {"POST", "connections", kSignedIn, kActive, add_connection},
    {"GET", "connections/{name}", kSignedIn, kActive, get_connection},
    {"PUT", "connections/{name}", kSignedIn, kActive, replace_connection},
    {"DELETE", "connections/{name}", kSignedIn, kActive, remove_connection},
    {"POST", "connections/test", kSignedIn, kActive, test_unsaved_connection},
    {"POST", "connections/{name}/test", kSignedIn, kActive, test_saved_connection},
    {"GET", "connection-options", kSignedIn, kPolling, list_connection_options},
    {"GET", "queries", kSignedIn, kActive, list_queries},
    {"POST", "queries", kSignedIn, kActive, add_query},
    {"GET", "queries/{id}", kSignedIn, kActive, get_query},
    {"PUT", "queries/{id}", kSignedIn, kActive, replace_query},
    {"DELETE", "queries/{id}", kSignedIn, kActive, remove_query},
    {"GET", "queries/{id}/versions", kSignedIn, kActive, list_query_versions},
    {"POST", "queries/run", kSignedIn, kActive, run_query},
    {"POST", "queries/code", kSignedIn, kPolling, show_query_code},
    {"GET", "allow-list", kSignedIn, kActive, get_allow_list},
    {"PUT", "allow-list", kSignedIn, kActive, put_allow_list},
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// nullopt on a broken escape.
std::optional<std::string> decode_segment(std::string_view segment) {
  std::string decoded;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      decoded.push_back(segment[i]);
      continue;
    }
    if (i + 2 >= segment.size()) return std::nullopt;
    const int high = hex_digit(segment[i + 1]);
    const int low = hex_digit(segment[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

std::string_view take_segment(std::string_view* path) {
  const std::size_t slash = std::min(path->find('/'), path->size());
  const std::string_view segment = path->substr(0, slash);
  path->remove_prefix(std::min(slash + 1, path->size()));
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>* values) {
  if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) return false;
  values->clear();
  while (!pattern.empty()) {
    const std::string_view wanted = take_segment(&pattern);
    const std::string_view got = take_segment(&path);
    if (!wanted.starts_with('{')) {
      if (wanted != got) return false;
      continue;
    }
    auto value = decode_segment(got);
    if (!value || value->empty()) return false;
    values->push_back(std::move(*value));
  }
  return path.empty();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

RouteMatch find_route(std::string_view method, std::string_view path) {
  RouteMatch match;
  // Rows without a placeholder stand before those whose placeholder would take their place.
  for (const Route& route : kRoutes) {
    if (!matches(route.path, path, &match.path_values)) continue;
    match.path_known = true;
    if (route.method != method) continue;
    match.route = &route;
    return match;
  }
  match.path_values.clear();
  return match;
}

}  // namespace armature::console
