// The JSON form of a saved connection: saved_connection.h declares it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "connector/near_names.h"
#include "connector/saved_connection.h"
#include "wire/json_reader.h"

namespace armature::connector {
namespace {

struct TextField {
  std::string_view name;
  std::string SavedConnection::*member;
};
constexpr TextField kTextFields[] = {
    {"name", &SavedConnection::name},
    {"endpoint", &SavedConnection::endpoint},
    {"region", &SavedConnection::region},
    {"accessKeyId", &SavedConnection::access_key_id},
    {"roleArn", &SavedConnection::role_arn},
    {"externalId", &SavedConnection::external_id},
    {"roleSessionName", &SavedConnection::role_session_name},
    {"stsEndpoint", &SavedConnection::sts_endpoint},
    {"environment", &SavedConnection::environment},
    {"color", &SavedConnection::color},
};
constexpr std::string_view kOtherFields[] = {"secretAccessKey", "sessionToken", "durationSeconds", "userRole",
                                             "options",         "allowedIps",   "tableFilter",     "readOnly"};

Unexpected<Error> wrong_type(std::string_view field, std::string_view expected) {
  return invalid(fmt::format("{} must be {}", field, expected));
}

Result<std::string> text_of(std::string_view field, const wire::Json& json) {
  if (!json.is(wire::Json::Kind::kString)) return wrong_type(field, "a text");
  return std::string(json.text);
}

Result<std::vector<std::string>> texts_of(std::string_view field, const wire::Json& json) {
  if (!json.is(wire::Json::Kind::kArray)) return wrong_type(field, "a list of texts");
  std::vector<std::string> texts;
  for (const wire::Json& element : json.elements) {
    TRY_ASSIGN(std::string text, text_of(field, element));
    texts.push_back(std::move(text));
  }
  return texts;
}

void write_texts(std::string_view name, const std::vector<std::string>& texts, wire::JsonWriter* writer) {
  writer->key(name);
  writer->begin_array();
  for (const std::string& text : texts) writer->string(text);
  writer->end_array();
}

Result<void> read_options(const wire::Json& json, SavedConnection* connection) {
  if (!json.is(wire::Json::Kind::kObject)) return wrong_type("options", "an object of texts");
  for (const wire::JsonMember& member : json.members) {
    const wire::Json& value = member.value;
    const bool scalar = value.is(wire::Json::Kind::kString) || value.is(wire::Json::Kind::kNumber);
    if (!scalar && !value.is(wire::Json::Kind::kBool)) {
      return wrong_type(fmt::format("options.{}", member.name), "a text, a number or a boolean");
    }
    connection->options[std::string(member.name)] =
        scalar ? std::string(value.text) : std::string(value.boolean ? "true" : "false");
  }
  return {};
}

Result<void> read_field(std::string_view name, const wire::Json& json, SavedConnection* connection) {
  for (const TextField& field : kTextFields) {
    if (field.name != name) continue;
    TRY_ASSIGN(connection->*field.member, text_of(name, json));
    return {};
  }
  if (name == "secretAccessKey" || name == "sessionToken") {
    TRY_ASSIGN(std::string text, text_of(name, json));
    (name == "sessionToken" ? connection->session_token : connection->secret_access_key) = Secret(std::move(text));
    return {};
  }
  if (name == "durationSeconds") {
    if (!json.is(wire::Json::Kind::kNumber)) return wrong_type(name, "a number");
    TRY_ASSIGN(const std::int64_t seconds, wire::as_integer(json));
    // What an int cannot hold is out of bounds at either end of it, and validate() says so.
    constexpr std::int64_t kLargest = std::numeric_limits<int>::max();
    connection->duration_s = static_cast<int>(std::clamp(seconds, -kLargest, kLargest));
    return {};
  }
  if (name == "userRole") {
    TRY_ASSIGN(const std::string text, text_of(name, json));
    const auto role = find_user_role(text);
    if (!role) return wrong_type(name, "viewer, editor or admin");
    connection->user_role = *role;
    return {};
  }
  if (name == "options") return read_options(json, connection);
  if (name == "allowedIps") {
    TRY_ASSIGN(connection->allowed_ips, texts_of(name, json));
    return {};
  }
  if (name == "tableFilter") {
    TRY_ASSIGN(connection->table_filter, texts_of(name, json));
    return {};
  }
  if (name == "readOnly") {
    if (!json.is(wire::Json::Kind::kBool)) return wrong_type(name, "true or false");
    connection->read_only = json.boolean;
    return {};
  }
  if (name == "secretSet" || name == "sessionTokenSet") return {};
  std::vector<std::string_view> names;
  for (const TextField& field : kTextFields) names.push_back(field.name);
  names.insert(names.end(), std::begin(kOtherFields), std::end(kOtherFields));
  return invalid(fmt::format("a connection has no field '{}'; {}", name, did_you_mean(name, names)));
}

}  // namespace

void write_connection(const SavedConnection& connection, Secrets secrets, wire::JsonWriter* writer) {
  writer->begin_object();
  for (const TextField& field : kTextFields) {
    if (const std::string& text = connection.*field.member; !text.empty()) writer->member(field.name, text);
  }
  if (secrets == Secrets::kWith) {
    writer->member("secretAccessKey", connection.secret_access_key.reveal());
    if (!connection.session_token.empty()) writer->member("sessionToken", connection.session_token.reveal());
  } else {
    writer->member_bool("secretSet", !connection.secret_access_key.empty());
    writer->member_bool("sessionTokenSet", !connection.session_token.empty());
  }
  if (!connection.role_arn.empty()) writer->member("durationSeconds", std::int64_t{connection.duration_s});
  writer->member("userRole", user_role_name(connection.user_role));
  writer->key("options");
  writer->begin_object();
  for (const auto& [key, value] : connection.options) writer->member(key, value);
  writer->end_object();
  write_texts("allowedIps", connection.allowed_ips, writer);
  if (!connection.table_filter.empty()) write_texts("tableFilter", connection.table_filter, writer);
  writer->member_bool("readOnly", connection.read_only);
  writer->end_object();
}

std::string connection_json(const SavedConnection& connection, Secrets secrets) {
  std::string text;
  wire::JsonWriter writer(&text);
  write_connection(connection, secrets, &writer);
  return text;
}

Result<SavedConnection> read_connection(const wire::Json& json) {
  if (!json.is(wire::Json::Kind::kObject)) return wrong_type("a connection", "a JSON object");
  SavedConnection connection;
  for (const wire::JsonMember& member : json.members) {
    if (member.value.is(wire::Json::Kind::kNull)) continue;
    TRY(read_field(member.name, member.value, &connection));
  }
  return connection;
}

}  // namespace armature::connector
