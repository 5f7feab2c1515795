#include "wire/json_reader.h"

#include <charconv>
#include <limits>
#include <string>

#include "base/header.h"
#include "wire/base64.h"

namespace armature::wire {
namespace {

// The class names are those of DynamoDB's own service, which its texts reveal.
constexpr std::string_view kShapePackage = "com.amazonaws.dynamodb.v20120810.";

Unexpected<Error> wrong_type(std::string message) { return fail(ErrorCode::kSerialization, std::move(message)); }

bool is_whole(std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; }

std::string_view token_name(const Json& json) {
  switch (json.kind) {
    case Json::Kind::kNull: return "NULL_VALUE";
    case Json::Kind::kBool: return json.boolean ? "TRUE_VALUE" : "FALSE_VALUE";
    case Json::Kind::kNumber: return is_whole(json.text) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
    case Json::Kind::kString: return "STRING_VALUE";
    case Json::Kind::kArray: return "START_ARRAY";
    case Json::Kind::kObject: return "START_OBJECT";
  }
  return {};
}

// What is said when `json` stands where a scalar is expected. `java_class` is where that class lives.
Unexpected<Error> not_a(std::string_view type, std::string_view java_class, const Json& json) {
  if (json.is(Json::Kind::kObject)) return wrong_type("Start of structure or map found where not expected");
  if (json.is(Json::Kind::kArray)) return wrong_type("Unrecognized collection type class " + std::string(java_class));
  return wrong_type(std::string(token_name(json)) + " cannot be converted to " + std::string(type));
}

double to_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // Too large or too small for a double: from_chars leaves the value alone and does not say which.
  const bool tiny = number.find("e-") != std::string_view::npos || number.find("E-") != std::string_view::npos;
  if (tiny) return 0;
  return number.starts_with('-') ? std::numeric_limits<double>::lowest() : std::numeric_limits<double>::max();
}

// The nearest integer between the bounds, towards zero.
std::int64_t to_integer(std::string_view number, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const char* const end = number.data() + number.size();
  const auto result = std::from_chars(number.data(), end, value);
  if (result.ec == std::errc() && result.ptr == end) return value < least ? least : value > most ? most : value;
  const double real = to_double(number);
  if (real <= static_cast<double>(least)) return least;
  if (real >= static_cast<double>(most)) return most;
  return static_cast<std::int64_t>(real);
}

}  // namespace

Result<std::string_view> as_string(const Json& json) {
  if (!json.is(Json::Kind::kString)) return not_a("String", "java.lang.String", json);
  return json.text;
}

Result<std::int64_t> as_integer(const Json& json) {
  if (!json.is(Json::Kind::kNumber)) return not_a("Integer", "java.lang.Integer", json);
  return to_integer(json.text, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
}

Result<std::int64_t> as_long(const Json& json) {
  if (!json.is(Json::Kind::kNumber)) return not_a("Long", "java.lang.Long", json);
  return to_integer(json.text, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

Result<double> as_double(const Json& json) {
  if (!json.is(Json::Kind::kNumber)) return not_a("Double", "java.lang.Double", json);
  return to_double(json.text);
}

Result<bool> as_boolean(const Json& json) {
  if (json.is(Json::Kind::kBool)) return json.boolean;
  if (!json.is(Json::Kind::kString)) return not_a("Boolean", "java.lang.Boolean", json);
  for (const std::string_view word : {"true", "1", "yes"}) {
    if (equals_ignoring_case(json.text, word)) return true;
  }
  for (const std::string_view word : {"false", "0", "no"}) {
    if (equals_ignoring_case(json.text, word)) return false;
  }
  return wrong_type("Unexpected token received from parser");
}

Result<BytesView> as_blob(const Json& json, Arena* arena) {
  if (json.is(Json::Kind::kString)) return decode_base64(json.text, arena);
  if (json.is(Json::Kind::kObject) || json.is(Json::Kind::kArray)) return not_a("Blob", "java.nio.ByteBuffer", json);
  return wrong_type("only base-64-encoded strings are convertible to bytes");
}

Result<std::span<const Json>> as_list(const Json& json) {
  if (json.is(Json::Kind::kArray)) return json.elements;
  if (json.is(Json::Kind::kObject)) return wrong_type("Start of structure or map found where not expected");
  return wrong_type("Unexpected field type");
}

Result<std::span<const JsonMember>> as_structure(const Json& json, std::string_view shape) {
  if (json.is(Json::Kind::kObject)) return json.members;
  if (!json.is(Json::Kind::kArray)) return wrong_type("Unexpected value type in payload");
  return wrong_type("Unrecognized collection type class " + std::string(kShapePackage) + std::string(shape));
}

Result<std::span<const JsonMember>> as_map(const Json& json, std::string_view shape) {
  if (json.is(Json::Kind::kObject)) return json.members;
  if (!json.is(Json::Kind::kArray)) return wrong_type("Unexpected field type");
  const std::string value_class =
      shape == "String" ? "java.lang.String" : std::string(kShapePackage) + std::string(shape);
  return wrong_type("Unrecognized collection type java.util.Map<java.lang.String, " + value_class + ">");
}

}  // namespace armature::wire
