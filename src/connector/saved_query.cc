#include "connector/saved_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "connector/json_text.h"
#include "connector/near_names.h"
#include "wire/json_reader.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::size_t kMaxNameLength = 255;
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;

struct TypeName {
  VariableType type;
  std::string_view name;
};
constexpr TypeName kTypeNames[] = {
    {VariableType::kString, "S"},     {VariableType::kNumber, "N"},     {VariableType::kBinary, "B"},
    {VariableType::kBoolean, "BOOL"}, {VariableType::kNull, "NULL"},    {VariableType::kList, "L"},
    {VariableType::kMap, "M"},        {VariableType::kStringSet, "SS"}, {VariableType::kNumberSet, "NS"},
    {VariableType::kBinarySet, "BS"}, {VariableType::kName, "name"},
};

bool variable_name(std::string_view name) {
  const auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), word);
}

Unexpected<Error> wrong_type(std::string_view field, std::string_view expected) {
  return invalid(fmt::format("{} must be {}", field, expected));
}

Result<std::string> text_member(const Json& json, std::string_view name) {
  const Json* const member = json.find(name);
  if (member == nullptr) return std::string();
  if (!member->is(Json::Kind::kString)) return wrong_type(name, "a text");
  return std::string(member->text);
}

Result<bool> bool_member(const Json& json, std::string_view name, bool otherwise) {
  const Json* const member = json.find(name);
  if (member == nullptr) return otherwise;
  if (!member->is(Json::Kind::kBool)) return wrong_type(name, "true or false");
  return member->boolean;
}

Result<QueryVariable> read_variable(const Json& json) {
  if (!json.is(Json::Kind::kObject)) return wrong_type("a variable", "an object");
  QueryVariable variable;
  TRY_ASSIGN(variable.name, text_member(json, "name"));
  TRY_ASSIGN(const std::string type, text_member(json, "type"));
  if (!type.empty()) {
    const auto found = find_variable_type(type);
    if (!found)
      return invalid(
          fmt::format("'{}' is no type of a variable; there are S, N, B, BOOL, NULL, L, M, SS, NS, BS and name", type));
    variable.type = *found;
  }
  TRY_ASSIGN(variable.required, bool_member(json, "required", true));
  if (const Json* value = json.find("default"); value != nullptr) variable.default_json = json_text(*value);
  if (const Json* allowed = json.find("allowed"); allowed != nullptr) {
    if (!allowed->is(Json::Kind::kArray)) return wrong_type("allowed", "a list");
    for (const Json& value : allowed->elements) variable.allowed_json.push_back(json_text(value));
  }
  return variable;
}

}  // namespace

std::string_view variable_type_name(VariableType type) {
  for (const TypeName& entry : kTypeNames) {
    if (entry.type == type) return entry.name;
  }
  return "";
}

std::optional<VariableType> find_variable_type(std::string_view name) {
  for (const TypeName& entry : kTypeNames) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

std::vector<FieldError> validate(const SavedQuery& query) {
  std::vector<FieldError> errors;
  const auto fail = [&](std::string field, std::string message) {
    errors.push_back({std::move(field), std::move(message)});
  };
  if (query.name.empty() || query.name.size() > kMaxNameLength) fail("name", "it must have 1 to 255 characters");
  if (query.body.empty())
    fail("body", query.language == QueryLanguage::kJson ? "the request is missing" : "the statement is missing");
  if (query.body.size() > kMaxBodyBytes) fail("body", "it is longer than 1 MB");
  if (query.language == QueryLanguage::kJson) {
    const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
    if (query.operation.empty() || !std::all_of(query.operation.begin(), query.operation.end(), letter)) {
      fail("operation", "it must name an operation, such as Query");
    }
    Arena arena;
    const auto json = wire::parse_json(query.body, &arena);
    if (!query.body.empty() && (!json || !(*json)->is(Json::Kind::kObject))) fail("body", "it must be a JSON object");
  }
  std::set<std::string> names;
  for (const QueryVariable& variable : query.variables) {
    if (!variable_name(variable.name)) {
      fail("variables",
           fmt::format("'{}' is no name for a variable: letters, digits and '_', not beginning with a digit",
                       variable.name));
    } else if (!names.insert(variable.name).second) {
      fail("variables", fmt::format("'{}' is declared twice", variable.name));
    }
  }
  return errors;
}

void write_query(const SavedQuery& query, wire::JsonWriter* writer) {
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) writer->member(name, value);
  };
  writer->begin_object();
  text("id", query.id);
  writer->member("name", query.name);
  text("folder", query.folder);
  text("description", query.description);
  text("connection", query.connection);
  const bool json = query.language == QueryLanguage::kJson;
  writer->member("language", json ? "json" : "partiql");
  text("operation", query.operation);
  writer->key("body");
  Arena arena;
  const auto body = wire::parse_json(query.body, &arena);
  if (json && body) {
    write_json(**body, writer);
  } else {
    writer->string(query.body);
  }
  writer->key("variables");
  writer->begin_array();
  for (const QueryVariable& variable : query.variables) {
    writer->begin_object();
    writer->member("name", variable.name);
    writer->member("type", variable_type_name(variable.type));
    if (variable.default_json) writer->key("default"), writer->raw(*variable.default_json);
    writer->member_bool("required", variable.required);
    if (!variable.allowed_json.empty()) {
      writer->key("allowed");
      writer->begin_array();
      for (const std::string& value : variable.allowed_json) writer->raw(value);
      writer->end_array();
    }
    writer->end_object();
  }
  writer->end_array();
  writer->member("valueFormat", query.value_format == ValueFormat::kPlain ? "plain" : "dynamodb");
  text("owner", query.owner);
  writer->member_bool("shared", query.shared);
  if (query.updated_at_s != 0) writer->member("updatedAt", query.updated_at_s);
  writer->end_object();
}

std::string query_json(const SavedQuery& query) {
  std::string text;
  wire::JsonWriter writer(&text);
  write_query(query, &writer);
  return text;
}

Result<SavedQuery> read_query(const Json& json) {
  if (!json.is(Json::Kind::kObject)) return wrong_type("a query", "a JSON object");
  SavedQuery query;
  TRY_ASSIGN(query.id, text_member(json, "id"));
  TRY_ASSIGN(query.name, text_member(json, "name"));
  TRY_ASSIGN(query.folder, text_member(json, "folder"));
  TRY_ASSIGN(query.description, text_member(json, "description"));
  TRY_ASSIGN(query.connection, text_member(json, "connection"));
  TRY_ASSIGN(query.operation, text_member(json, "operation"));
  TRY_ASSIGN(query.owner, text_member(json, "owner"));
  TRY_ASSIGN(query.shared, bool_member(json, "shared", false));
  TRY_ASSIGN(const std::string language, text_member(json, "language"));
  if (!language.empty() && language != "json" && language != "partiql")
    return wrong_type("language", "json or partiql");
  query.language = language == "partiql" ? QueryLanguage::kPartiQl : QueryLanguage::kJson;
  TRY_ASSIGN(const std::string format, text_member(json, "valueFormat"));
  if (!format.empty() && format != "dynamodb" && format != "plain")
    return wrong_type("valueFormat", "dynamodb or plain");
  query.value_format = format == "plain" ? ValueFormat::kPlain : ValueFormat::kDynamoDb;
  if (const Json* body = json.find("body"); body != nullptr) {
    // JSON bodies may also come as text, as an editor holds them.
    query.body = body->is(Json::Kind::kString) ? std::string(body->text) : json_text(*body);
  }
  if (const Json* variables = json.find("variables"); variables != nullptr) {
    if (!variables->is(Json::Kind::kArray)) return wrong_type("variables", "a list");
    for (const Json& element : variables->elements) {
      TRY_ASSIGN(QueryVariable variable, read_variable(element));
      query.variables.push_back(std::move(variable));
    }
  }
  if (const Json* updated = json.find("updatedAt"); updated != nullptr) {
    TRY_ASSIGN(query.updated_at_s, wire::as_long(*updated));
  }
  return query;
}

}  // namespace armature::connector
