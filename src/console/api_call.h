// One request to the console's API: what an endpoint gets, and what it gives back.
// Source: docs/console-api.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credentials.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/expected.h"
#include "console/session.h"
#include "http/handler.h"
#include "wire/json.h"

namespace armature::console {

// Answered as {"error":{code, message, remedy}}. The texts are for people.
struct ApiError {
  int status = 400;
  std::string_view code;  // A literal.
  std::string message;
  std::string remedy = {};  // What to do about it; empty: left out.
  struct Field {
    std::string field;  // As the request names it: "roleArn", "options.maxAttempts".
    std::string message;
  };
  std::vector<Field> fields = {};  // Of a form: each thing that is wrong in it.
};

template <class T>
using ApiResult = Expected<T, ApiError>;

inline Unexpected<ApiError> refuse(int status, std::string_view code, std::string message, std::string remedy = {}) {
  return Unexpected(ApiError{status, code, std::move(message), std::move(remedy)});
}
inline Unexpected<ApiError> bad_request(std::string message) { return refuse(400, "BadRequest", std::move(message)); }

// What a principal may do in the console itself, beside what its policies let it do to tables.
enum class ConsoleRole : std::uint8_t { kViewer, kEditor, kAdmin };
std::string_view to_string(ConsoleRole role);
std::optional<ConsoleRole> parse_console_role(std::string_view text);

// Who sent the request.
struct SignedIn {
  Session session;
  std::shared_ptr<const auth::Identity> identity;
  ConsoleRole role = ConsoleRole::kViewer;
  // The role was given by a tag rather than derived: then it binds calls to this server too.
  bool role_given = false;
};

// Belongs to one request on one event loop.
struct ApiCall {
  const http::Request& request;
  Arena* arena = nullptr;
  const wire::Json* body = nullptr;      // Of POST and PUT: an object; an empty one where none was sent.
  std::vector<std::string> path_values;  // What the {names} of the route stand for, decoded.
  std::string_view query;                // Behind the '?', as sent.
  std::optional<SignedIn> who;           // Set unless the route is open to all.

  // The answer.
  int status = 200;
  std::string set_cookie;  // A whole header line, or empty.
  Bytes reply;             // JSON.
};

// Members of call.body. Absent and null are the same; another JSON type is a kBadRequest that names the member.
ApiResult<std::optional<std::string_view>> optional_text(const wire::Json& object, std::string_view name);
ApiResult<std::string_view> required_text(const wire::Json& object, std::string_view name);
ApiResult<const wire::Json*> required_object(const wire::Json& object, std::string_view name);
ApiResult<bool> flag(const wire::Json& object, std::string_view name, bool absent);
// A parameter of the query string, decoded.
std::optional<std::string> query_value(const ApiCall& call, std::string_view name);

}  // namespace armature::console
