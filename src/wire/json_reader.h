// Reads members of a request with the types its model gives them. A member of another JSON type is a kSerialization
// error with DynamoDB's sentence; a few kinds are converted, as DynamoDB converts them. Source: API Reference, "Common
// Errors" (SerializationException); Developer Guide, "DynamoDB low-level API".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "wire/json.h"

namespace armature::wire {

Result<std::string_view> as_string(const Json& json);
// A fraction is cut off; what is beyond the 32 or 64 bits of the model's Integer and Long becomes the nearest they
// hold.
Result<std::int64_t> as_integer(const Json& json);
Result<std::int64_t> as_long(const Json& json);
Result<double> as_double(const Json& json);
// Takes the strings "true", "1", "yes" and "false", "0", "no" too, in any case.
Result<bool> as_boolean(const Json& json);
Result<BytesView> as_blob(const Json& json, Arena* arena);
Result<std::span<const Json>> as_list(const Json& json);
// `shape` is the structure's name in the model, such as "KeySchemaElement"; of a map, that of its values.
Result<std::span<const JsonMember>> as_structure(const Json& json, std::string_view shape);
Result<std::span<const JsonMember>> as_map(const Json& json, std::string_view shape);

// The member `name` of an object, read with one of the above; nullopt when absent or null:
//   TRY_ASSIGN(const auto limit, optional_member(body, "Limit", as_integer));
template <class T, class... Arguments>
Result<std::optional<T>> optional_member(const Json& object, std::string_view name,
                                         Result<T> (*read)(const Json&, Arguments...),
                                         std::type_identity_t<Arguments>... arguments) {
  const Json* const member = object.find(name);
  if (member == nullptr) return std::optional<T>();
  TRY_ASSIGN(T value, read(*member, arguments...));
  return std::optional<T>(std::move(value));
}

}  // namespace armature::wire
