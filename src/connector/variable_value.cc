#include "connector/variable_value.h"

#include <fmt/format.h>

#include "connector/json_text.h"
#include "connector/plain_json.h"
#include "wire/attribute_json.h"

namespace armature::connector {
namespace {

using wire::Json;

Unexpected<BindError> wrong_value(const std::string& name, VariableType type, std::string_view expected) {
  return bind_failure(
      fmt::format("variable '{}' is of type {}, so its value must be {}", name, variable_type_name(type), expected));
}

bool takes_text(VariableType type) {
  switch (type) {
    case VariableType::kString:
    case VariableType::kNumber:
    case VariableType::kBinary:
    case VariableType::kName: return true;
    case VariableType::kBoolean:
    case VariableType::kNull:
    case VariableType::kList:
    case VariableType::kMap:
    case VariableType::kStringSet:
    case VariableType::kNumberSet:
    case VariableType::kBinarySet: return false;
  }
  return false;
}

// The value of a variable of type `type` from JSON: of L, M and sets, plain JSON (plain_json.h), of the others a
// scalar. A value already in DynamoDB JSON of the type is taken as well.
Expected<BoundVariable, BindError> bind_value(const std::string& name, VariableType type, const Json& json) {
  const std::string_view type_text = variable_type_name(type);
  BoundVariable bound{type, {}};
  const bool dynamodb = json.is(Json::Kind::kObject) && json.members.size() == 1 && json.members[0].name == type_text;
  if (dynamodb && type != VariableType::kName) {
    Arena arena;
    const auto value = wire::decode_value(json, &arena);
    if (!value) return bind_failure(fmt::format("variable '{}': {}", name, value.error().message));
    bound.value = json_text(json);
    return bound;
  }
  const bool text = json.is(Json::Kind::kString);
  const bool number = json.is(Json::Kind::kNumber);
  switch (type) {
    case VariableType::kName:
      if (!text || json.text.empty()) return wrong_value(name, type, "a text that is not empty");
      bound.value = json.text;
      return bound;
    case VariableType::kString:
      if (!text) return wrong_value(name, type, "a text");
      bound.value = attribute_value_json("S", json.text);
      return bound;
    case VariableType::kNumber: {
      if ((!number && !text) || !Number::parse(json.text))
        return wrong_value(name, type, "a number of at most 38 digits");
      bound.value = attribute_value_json("N", json.text);
      return bound;
    }
    case VariableType::kBinary: {
      Arena arena;
      if (!text || !wire::decode_base64(json.text, &arena)) return wrong_value(name, type, "a text in base64");
      bound.value = attribute_value_json("B", json.text);
      return bound;
    }
    case VariableType::kBoolean:
      if (!json.is(Json::Kind::kBool)) return wrong_value(name, type, "true or false");
      bound.value = json.boolean ? R"({"BOOL":true})" : R"({"BOOL":false})";
      return bound;
    case VariableType::kNull: bound.value = R"({"NULL":true})"; return bound;
    case VariableType::kList:
      if (!json.is(Json::Kind::kArray)) return wrong_value(name, type, "a list");
      break;
    case VariableType::kMap:
      if (!json.is(Json::Kind::kObject)) return wrong_value(name, type, "an object");
      break;
    case VariableType::kStringSet:
    case VariableType::kNumberSet:
    case VariableType::kBinarySet:
      if (!json.is(Json::Kind::kArray) || json.elements.empty())
        return wrong_value(name, type, "a list that is not empty");
      break;
  }
  wire::JsonWriter writer(&bound.value);
  if (type == VariableType::kList || type == VariableType::kMap) {
    if (const auto written = write_dynamodb_value(json, &writer); !written) {
      return bind_failure(fmt::format("variable '{}': {}", name, written.error().message));
    }
    return bound;
  }
  writer.begin_object();
  writer.key(type_text);
  writer.begin_array();
  for (const Json& element : json.elements) {
    if (!element.is(Json::Kind::kString) && !(type == VariableType::kNumberSet && element.is(Json::Kind::kNumber))) {
      return wrong_value(name, type, type == VariableType::kNumberSet ? "a list of numbers" : "a list of texts");
    }
    writer.string(element.text);
  }
  writer.end_array();
  writer.end_object();
  Arena arena;
  const auto set = wire::parse_json(bound.value, &arena);
  const auto checked = wire::decode_value(**set, &arena);
  if (!checked) return bind_failure(fmt::format("variable '{}': {}", name, checked.error().message));
  return bound;
}

}  // namespace

std::string attribute_value_json(std::string_view type, std::string_view text) {
  std::string out;
  wire::JsonWriter writer(&out);
  writer.begin_object();
  writer.member(type, text);
  writer.end_object();
  return out;
}

Expected<BoundVariable, BindError> bind_variable(const std::string& name, VariableType type,
                                                 const std::string& json_text) {
  Arena arena;
  const auto json = wire::parse_json(json_text, &arena);
  if (!json) return bind_failure(fmt::format("the value of variable '{}' is not JSON", name));
  // Typed into a field, true and [1, 2] are texts; no value of these types is one.
  if ((*json)->is(Json::Kind::kString) && !takes_text(type)) {
    const auto typed = wire::parse_json((*json)->text, &arena);
    if (typed) return bind_value(name, type, **typed);
  }
  return bind_value(name, type, **json);
}

}  // namespace armature::connector
