#include "console/api_call.h"

#include "wire/query_protocol.h"

namespace armature::console {
namespace {

Unexpected<ApiError> wrong_type(std::string_view name, std::string_view wanted) {
  return bad_request("The member '" + std::string(name) + "' must be " + std::string(wanted) + ".");
}

Unexpected<ApiError> missing(std::string_view name) {
  return bad_request("The member '" + std::string(name) + "' is missing.");
}

}  // namespace

ApiResult<std::optional<std::string_view>> optional_text(const wire::Json& object, std::string_view name) {
  const wire::Json* const member = object.find(name);
  if (member == nullptr) return std::optional<std::string_view>();
  if (!member->is(wire::Json::Kind::kString)) return wrong_type(name, "a string");
  return std::optional<std::string_view>(member->text);
}

ApiResult<std::string_view> required_text(const wire::Json& object, std::string_view name) {
  TRY_ASSIGN(const auto text, optional_text(object, name));
  if (!text) return missing(name);
  return *text;
}

ApiResult<const wire::Json*> required_object(const wire::Json& object, std::string_view name) {
  const wire::Json* const member = object.find(name);
  if (member == nullptr) return missing(name);
  if (!member->is(wire::Json::Kind::kObject)) return wrong_type(name, "an object");
  return member;
}

ApiResult<bool> flag(const wire::Json& object, std::string_view name, bool absent) {
  const wire::Json* const member = object.find(name);
  if (member == nullptr) return absent;
  if (!member->is(wire::Json::Kind::kBool)) return wrong_type(name, "true or false");
  return member->boolean;
}

std::optional<std::string> query_value(const ApiCall& call, std::string_view name) {
  const auto parameters = wire::parse_query(call.query, call.arena);
  if (!parameters) return std::nullopt;
  const auto value = parameters->find(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

}  // namespace armature::console
