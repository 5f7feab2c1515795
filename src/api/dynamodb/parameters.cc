#include "api/dynamodb/parameters.h"

#include <algorithm>

#include "wire/attribute_json.h"

namespace armature::api {

using wire::Json;
using wire::JsonMember;

bool Codec<ExpressionNames>::decode(const Json& json, const Constraint&, ExpressionNames* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kObject)) {
    return shape_detail::fail_collection(json, kMemberType<ExpressionNames>, decoder);
  }
  const std::span<const JsonMember> entries = shape_detail::map_entries(json, decoder->arena());
  auto* names = decoder->arena()->allocate_array<expression::NamePlaceholder>(entries.size());
  *out = {names, entries.size()};
  for (const JsonMember& entry : entries) {
    names->placeholder = entry.name;
    if (!shape_detail::decode_string(entry.value, {}, &(names++)->name, decoder)) return false;
  }
  return true;
}

void Codec<ExpressionNames>::echo(const Json& json, std::string* out) {
  shape_detail::echo_elements(json, kMemberType<std::string_view>, out);
}

namespace {

// What is wrong with the value of one placeholder. Two kinds come without the wrapping words.
Error name_value(Error error, std::string_view placeholder) {
  if (error.message.find("Null attribute value types") != std::string::npos) return error;
  error.message =
      "ExpressionAttributeValues contains invalid value: " + error.message + " for key " + std::string(placeholder);
  return error;
}

}  // namespace

bool Codec<ExpressionValues>::decode(const Json& json, const Constraint&, ExpressionValues* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kObject)) {
    return shape_detail::fail_collection(json, kMemberType<ExpressionValues>, decoder);
  }
  const std::span<const JsonMember> entries = shape_detail::map_entries(json, decoder->arena());
  Attribute* attributes = decoder->arena()->allocate_array<Attribute>(entries.size());
  out->attributes = {attributes, entries.size()};
  for (const JsonMember& entry : entries) {
    attributes->name = entry.name;
    Decoder one(decoder->arena());
    if (!shape_detail::decode_value(entry.value, &(attributes++)->value, &one))
      return decoder->fail(std::move(one.error()));
    if (one.value_error()) decoder->defer(name_value(std::move(*one.value_error()), entry.name));
  }
  return true;
}

expression::Placeholders placeholders_of(const PlaceholderParameters& request) {
  return {request.expression_names.value_or(ExpressionNames{}),
          request.expression_values.value_or(ExpressionValues{}).attributes};
}

namespace {

std::string names_of_given(std::initializer_list<GivenParameter> parameters) {
  std::string names;
  for (const GivenParameter& parameter : parameters) {
    if (parameter.given) names.append(names.empty() ? "" : ", ").append(parameter.name);
  }
  return names;
}

// "FilterExpression and KeyConditionExpression are null": of the expressions that could use values.
std::string missing_expressions(std::initializer_list<GivenParameter> expressions) {
  std::string names;
  int count = 0;
  for (const GivenParameter& expression : expressions) {
    if (expression.name == "ProjectionExpression") continue;
    names.append(count++ > 0 ? " and " : "").append(expression.name);
  }
  return names + (count > 1 ? " are null" : " is null");
}

}  // namespace

Result<void> check_expression_parameters(std::initializer_list<GivenParameter> expressions,
                                         std::initializer_list<GivenParameter> legacy,
                                         const PlaceholderParameters& placeholders) {
  const auto is_given = [](const GivenParameter& parameter) { return parameter.given; };
  const bool any_expression = std::any_of(expressions.begin(), expressions.end(), is_given);
  if (any_expression && std::any_of(legacy.begin(), legacy.end(), is_given)) {
    return invalid(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {" +
        names_of_given(legacy) + "} Expression parameters: {" + names_of_given(expressions) + "}");
  }
  if (placeholders.expression_names) {
    if (!any_expression) return invalid("ExpressionAttributeNames can only be specified when using expressions");
    if (placeholders.expression_names->empty()) return invalid("ExpressionAttributeNames must not be empty");
  }
  if (placeholders.expression_values) {
    const bool any_use = std::any_of(expressions.begin(), expressions.end(), [](const GivenParameter& expression) {
      return expression.given && expression.name != "ProjectionExpression";
    });
    if (!any_use) {
      return invalid("ExpressionAttributeValues can only be specified when using expressions: " +
                     missing_expressions(expressions));
    }
    if (placeholders.expression_values->attributes.empty()) {
      return invalid("ExpressionAttributeValues must not be empty");
    }
  }
  if (placeholders.expression_names || placeholders.expression_values) {
    TRY(placeholders_of(placeholders).check_keys());
  }
  return {};
}

namespace {

template <class Parameter>
std::span<const expression::LegacyCondition> lower_map(const Map<Parameter>& conditions, Arena* arena) {
  auto* lowered = arena->allocate_array<expression::LegacyCondition>(conditions.size());
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const auto& [attribute, condition] = conditions[i];
    lowered[i] = {.attribute = attribute,
                  .value = condition.value,
                  .exists = condition.exists,
                  .comparison_operator = {},
                  .value_list = condition.value_list};
    if (condition.comparison_operator) lowered[i].comparison_operator = enum_name(*condition.comparison_operator);
  }
  return {lowered, conditions.size()};
}

}  // namespace

std::span<const expression::LegacyCondition> lower(const LegacyConditions& conditions, Arena* arena) {
  return lower_map(conditions, arena);
}
std::span<const expression::LegacyCondition> lower(const LegacyFilters& conditions, Arena* arena) {
  return lower_map(conditions, arena);
}

Result<void> check_conditional_operator(const std::optional<ConditionalOperator>& conditional_operator,
                                        bool conditions) {
  if (!conditional_operator || conditions) return {};
  return invalid(
      "One or more parameter values were invalid: ConditionalOperator cannot be used without Filter or Expected");
}

}  // namespace armature::api
