// Every path of the console's API, one row each: docs/console-api.md lists the same.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "console/api_call.h"
#include "console/services.h"

namespace armature::console {

enum class RouteAccess : std::uint8_t {
  kOpen,  // Needs no session.
  kSignedIn,
  kAdmin,  // The console role admin.
};

// Whether a request says that somebody is there: what pages ask again and again by themselves must not keep a session
// alive.
enum class RouteUse : std::uint8_t { kActive, kPolling };

// Does the work and writes the answer into `call`. An error discards what was written.
using Endpoint = Task<ApiResult<void>> (*)(Services& services, ApiCall& call);

struct Route {
  std::string_view method;
  std::string_view path;  // Behind "/console/api/"; "{…}" stands for one segment.
  RouteAccess access;
  RouteUse use;
  Endpoint endpoint;
};

std::span<const Route> routes();

struct RouteMatch {
  const Route* route = nullptr;  // nullptr: none.
  bool path_known = false;       // Another method would have matched.
  std::vector<std::string> path_values;
};
// `path` as sent, behind "/console/api/".
RouteMatch find_route(std::string_view method, std::string_view path);

}  // namespace armature::console
