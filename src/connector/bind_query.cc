#include "connector/bind_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connector/bind_statement.h"
#include "connector/bound_variables.h"
#include "connector/json_text.h"
#include "connector/plain_json.h"
#include "connector/query_template.h"
#include "wire/attribute_json.h"

namespace armature::connector {
namespace {

using wire::Json;

constexpr std::string_view kExpressions[] = {"KeyConditionExpression", "FilterExpression", "ConditionExpression",
                                             "UpdateExpression", "ProjectionExpression"};
// Members that hold a map of names to attribute values, when they hold an object.
constexpr std::string_view kAttributeMaps[] = {"Key", "Item", "ExpressionAttributeValues", "ExclusiveStartKey"};
// Members that hold a list of attribute values.
constexpr std::string_view kValueLists[] = {"Parameters", "AttributeValueList"};
// Members whose own member names are attributes' or tables'.
constexpr std::string_view kNamedMaps[] = {"Expected",    "AttributeUpdates", "KeyConditions",
                                           "QueryFilter", "ScanFilter",       "RequestItems"};

template <std::size_t kCount>
bool among(const std::string_view (&names)[kCount], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Of a request in JSON.
class RequestBinder {
 public:
  RequestBinder(const SavedQuery& query, const BoundVariables& variables, const BindContext& context)
      : query_(query), variables_(variables), context_(context) {}

  Expected<std::string, BindError> bind() {
    Arena arena;
    const auto json = wire::parse_json(query_.body, &arena);
    if (!json || !(*json)->is(Json::Kind::kObject)) return bind_failure("the request is not a JSON object");
    std::string text;
    wire::JsonWriter writer(&text);
    TRY(write_request(**json, &writer));
    return text;
  }

 private:
  // `json` is a request, or an object inside one that is no user data.
  Expected<void, BindError> write_request(const Json& json, wire::JsonWriter* writer) {
    if (json.is(Json::Kind::kArray)) {
      writer->begin_array();
      for (const Json& element : json.elements) TRY(write_request(element, writer));
      writer->end_array();
      return {};
    }
    if (json.is(Json::Kind::kString)) return write_scalar(json.text, writer);
    if (!json.is(Json::Kind::kObject)) return write_json(json, writer), Expected<void, BindError>();
    // Expressions of one object share its placeholders, so their names and values come last.
    Placeholders outer = std::move(placeholders_);
    placeholders_ = Placeholders();
    placeholders_.taken = taken_placeholders(json);
    writer->begin_object();
    for (const wire::JsonMember& member : json.members) {
      if (member.name == "ExpressionAttributeNames" || member.name == "ExpressionAttributeValues") continue;
      if (is_last_key(member)) {
        if (context_.last_key_json.empty()) continue;  // The first page begins nowhere.
        writer->key(member.name);
        writer->raw(context_.last_key_json);
        continue;
      }
      writer->key(member.name);
      TRY(write_member(member, writer));
    }
    TRY(write_expression_maps(json, writer));
    writer->end_object();
    placeholders_ = std::move(outer);
    return {};
  }

  static bool is_last_key(const wire::JsonMember& member) {
    if (!member.value.is(Json::Kind::kString)) return false;
    const auto parts = split_template(member.value.text);
    return parts.size() == 1 && parts[0].variable && parts[0].text == kLastKey;
  }

  Expected<void, BindError> write_member(const wire::JsonMember& member, wire::JsonWriter* writer) {
    const Json& value = member.value;
    if (among(kExpressions, member.name) && value.is(Json::Kind::kString)) {
      TRY_ASSIGN(const std::string expression, bind_expression(value.text));
      writer->string(expression);
      return {};
    }
    if (among(kAttributeMaps, member.name) && value.is(Json::Kind::kObject)) return write_attributes(value, writer);
    if (among(kValueLists, member.name) && value.is(Json::Kind::kArray)) return write_values(value, writer);
    if (member.name == "Keys" && value.is(Json::Kind::kArray)) {
      writer->begin_array();
      for (const Json& key : value.elements) TRY(write_attributes(key, writer));
      writer->end_array();
      return {};
    }
    // {"Value": …, "Exists": …} and {"Value": …, "Action": …} of legacy parameters; tags have texts there.
    if (member.name == "Value" && in_legacy_) return write_value(value, writer);
    if (among(kNamedMaps, member.name) && value.is(Json::Kind::kObject)) {
      const bool outer = std::exchange(in_legacy_, member.name != "RequestItems");
      writer->begin_object();
      for (const wire::JsonMember& entry : value.members) {
        writer->key(entry.name);
        TRY(write_request(entry.value, writer));
      }
      writer->end_object();
      in_legacy_ = outer;
      return {};
    }
    return write_request(value, writer);
  }

  Expected<void, BindError> write_attributes(const Json& json, wire::JsonWriter* writer) {
    if (!json.is(Json::Kind::kObject)) return write_value(json, writer);
    writer->begin_object();
    for (const wire::JsonMember& member : json.members) {
      TRY_ASSIGN(const std::string name, variables_.joined(split_template(member.name)));
      writer->key(name);
      TRY(write_value(member.value, writer));
    }
    writer->end_object();
    return {};
  }

  Expected<void, BindError> write_values(const Json& json, wire::JsonWriter* writer) {
    writer->begin_array();
    for (const Json& element : json.elements) TRY(write_value(element, writer));
    writer->end_array();
    return {};
  }

  // One attribute value, in the query's format. Variables may stand in any text of it.
  Expected<void, BindError> write_value(const Json& json, wire::JsonWriter* writer) {
    if (json.is(Json::Kind::kString) && (query_.value_format == ValueFormat::kPlain || has_variables(json.text))) {
      TRY_ASSIGN(const std::string value, variables_.value_of_text(json.text));
      writer->raw(value);
      return {};
    }
    return query_.value_format == ValueFormat::kPlain ? write_plain(json, writer) : write_typed_value(json, writer);
  }

  Expected<void, BindError> write_plain(const Json& json, wire::JsonWriter* writer) {
    const bool marked = json.is(Json::Kind::kObject) && json.members.size() == 1 &&
                        json.members[0].name.starts_with('$') && json.members[0].name != "$map";
    if (marked || (!json.is(Json::Kind::kObject) && !json.is(Json::Kind::kArray))) {
      if (const auto written = write_dynamodb_value(json, writer); !written)
        return bind_failure(written.error().message);
      return {};
    }
    writer->begin_object();
    if (json.is(Json::Kind::kArray)) {
      writer->key("L");
      TRY(write_values(json, writer));
    } else {
      const bool wrapped = json.members.size() == 1 && json.members[0].name == "$map";
      writer->key("M");
      TRY(write_attributes(wrapped ? json.members[0].value : json, writer));
    }
    writer->end_object();
    return {};
  }

  // {"S": "USER#{{id}}"}, {"N": "{{n}}"}, {"L": […]}, {"M": {…}}.
  Expected<void, BindError> write_typed_value(const Json& json, wire::JsonWriter* writer) {
    if (!json.is(Json::Kind::kObject) || json.members.size() != 1)
      return write_json(json, writer), Expected<void, BindError>();
    const auto& [type, value] = json.members[0];
    writer->begin_object();
    writer->key(type);
    if (type == "L" && value.is(Json::Kind::kArray)) {
      TRY(write_values(value, writer));
    } else if (type == "M" && value.is(Json::Kind::kObject)) {
      TRY(write_attributes(value, writer));
    } else {
      TRY(write_typed_content(type, value, writer));
    }
    writer->end_object();
    return {};
  }

  Expected<void, BindError> write_typed_content(std::string_view type, const Json& value, wire::JsonWriter* writer) {
    if (value.is(Json::Kind::kArray)) {
      writer->begin_array();
      for (const Json& element : value.elements) TRY(write_typed_content(type.substr(0, 1), element, writer));
      writer->end_array();
      return {};
    }
    if (!value.is(Json::Kind::kString) || !has_variables(value.text))
      return write_json(value, writer), Expected<void, BindError>();
    const auto parts = split_template(value.text);
    if (parts.size() == 1 && parts[0].text != kLastKey) {
      const BoundVariable& variable = variables_.at(parts[0].text);
      Arena arena;
      const auto own = wire::parse_json(variable.value, &arena);
      if (own && (*own)->is(Json::Kind::kObject) && (*own)->members[0].name == type) {
        return write_json((*own)->members[0].value, writer), Expected<void, BindError>();
      }
    }
    // A text of pieces is an S; a number may be written as one variable of type S that holds digits.
    if (type != "S" && type != "N" && type != "B")
      return bind_failure(fmt::format("a variable of another type stands where {} is written", type));
    TRY_ASSIGN(const std::string text, variables_.joined(parts));
    if (type == "N" && !Number::parse(text))
      return bind_failure(fmt::format("'{}' stands where a number is written", text));
    writer->string(text);
    return {};
  }

  // A text that is no data: a table's name, a limit. Whole-value N and BOOL variables become JSON's own.
  Expected<void, BindError> write_scalar(std::string_view text, wire::JsonWriter* writer) {
    const auto parts = split_template(text);
    if (parts.size() == 1 && parts[0].variable && parts[0].text != kLastKey) {
      const BoundVariable& variable = variables_.at(parts[0].text);
      Arena arena;
      if (variable.type == VariableType::kBoolean || variable.type == VariableType::kNumber) {
        const Json& own = (*wire::parse_json(variable.value, &arena))->members[0].value;
        if (variable.type == VariableType::kBoolean) return writer->boolean(own.boolean), Expected<void, BindError>();
        Arena number_arena;
        if (wire::parse_json(own.text, &number_arena)) return writer->raw(own.text), Expected<void, BindError>();
      }
    }
    TRY_ASSIGN(const std::string joined_text, variables_.joined(parts));
    writer->string(joined_text);
    return {};
  }

  // --- Expressions.

  struct Placeholders {
    std::map<std::string, std::string, std::less<>> of_variable;  // Variable to its placeholder or list of them.
    std::vector<std::pair<std::string, std::string>> names;       // "#v1" to the name.
    std::vector<std::pair<std::string, std::string>> values;      // ":v1" to DynamoDB JSON.
    std::set<std::string, std::less<>> taken;                     // Those the request has itself.
    int next = 1;
  };

  static std::set<std::string, std::less<>> taken_placeholders(const Json& request) {
    std::set<std::string, std::less<>> taken;
    for (const std::string_view map :
         {std::string_view("ExpressionAttributeNames"), std::string_view("ExpressionAttributeValues")}) {
      const Json* const members = request.find(map);
      if (members == nullptr || !members->is(Json::Kind::kObject)) continue;
      for (const wire::JsonMember& member : members->members) taken.emplace(member.name);
    }
    return taken;
  }

  std::string new_placeholder(char sigil) {
    while (true) {
      std::string name = fmt::format("{}v{}", sigil, placeholders_.next++);
      if (!placeholders_.taken.contains(name)) return name;
    }
  }

  Expected<std::string, BindError> placeholder_of(std::string_view name) {
    if (name == kLastKey) return bind_failure("{{$page.lastKey}} stands alone, as the value of ExclusiveStartKey");
    if (const auto known = placeholders_.of_variable.find(name); known != placeholders_.of_variable.end())
      return known->second;
    const BoundVariable& variable = variables_.at(name);
    std::string text;
    if (variable.type == VariableType::kName) {
      text = new_placeholder('#');
      placeholders_.names.emplace_back(text, variable.value);
    } else {
      text = new_placeholder(':');
      placeholders_.values.emplace_back(text, variable.value);
    }
    placeholders_.of_variable.emplace(name, text);
    return text;
  }

  // IN ({{ids}}): as many placeholders as the list, or set, has members.
  Expected<std::string, BindError> expanded(std::string_view name) {
    TRY_ASSIGN(const std::vector<std::string> values, variables_.members_of(name));
    std::string text;
    for (const std::string& value : values) {
      const std::string placeholder = new_placeholder(':');
      placeholders_.values.emplace_back(placeholder, value);
      text += (text.empty() ? "" : ", ") + placeholder;
    }
    return text;
  }

  Expected<std::string, BindError> bind_expression(std::string_view text) {
    std::string expression;
    for (const TemplatePart& part : split_template(text)) {
      if (!part.variable) {
        expression += part.text;
      } else if (variables_.is_list(part.text) && is_inside_in(expression)) {
        TRY_ASSIGN(const std::string list, expanded(part.text));
        expression += list;
      } else {
        TRY_ASSIGN(const std::string placeholder, placeholder_of(part.text));
        expression += placeholder;
      }
    }
    return expression;
  }

  // ExpressionAttributeNames and …Values: the request's own, and what the expressions' variables became.
  Expected<void, BindError> write_expression_maps(const Json& request, wire::JsonWriter* writer) {
    const Json* const names = request.find("ExpressionAttributeNames");
    if (names != nullptr || !placeholders_.names.empty()) {
      writer->key("ExpressionAttributeNames");
      writer->begin_object();
      for (const wire::JsonMember& member : names != nullptr ? names->members : std::span<const wire::JsonMember>()) {
        writer->key(member.name);
        TRY(write_scalar_text(member.value, writer));
      }
      for (const auto& [placeholder, name] : placeholders_.names) writer->member(placeholder, name);
      writer->end_object();
    }
    const Json* const values = request.find("ExpressionAttributeValues");
    if (values == nullptr && placeholders_.values.empty()) return {};
    writer->key("ExpressionAttributeValues");
    writer->begin_object();
    for (const wire::JsonMember& member : values != nullptr ? values->members : std::span<const wire::JsonMember>()) {
      writer->key(member.name);
      TRY(write_value(member.value, writer));
    }
    for (const auto& [placeholder, value] : placeholders_.values) {
      writer->key(placeholder);
      writer->raw(value);
    }
    writer->end_object();
    return {};
  }

  // A name is a text whatever its variable's type.
  Expected<void, BindError> write_scalar_text(const Json& json, wire::JsonWriter* writer) {
    if (!json.is(Json::Kind::kString)) return write_json(json, writer), Expected<void, BindError>();
    TRY_ASSIGN(const std::string text, variables_.joined(split_template(json.text)));
    writer->string(text);
    return {};
  }

  const SavedQuery& query_;
  const BoundVariables& variables_;
  const BindContext& context_;
  Placeholders placeholders_;
  bool in_legacy_ = false;
};

}  // namespace

Expected<BoundQuery, BindError> bind_query(const SavedQuery& query, const std::map<std::string, std::string>& values,
                                           const BindContext& context) {
  TRY_ASSIGN(const BoundVariables variables, BoundVariables::bind(query, values, context));
  BoundQuery bound;
  if (query.language == QueryLanguage::kPartiQl) {
    bound.operation = "ExecuteStatement";
    TRY_ASSIGN(bound.body, bind_statement(query.body, variables));
  } else {
    bound.operation = query.operation;
    TRY_ASSIGN(bound.body, RequestBinder(query, variables, context).bind());
  }
  return bound;
}

}  // namespace armature::connector
