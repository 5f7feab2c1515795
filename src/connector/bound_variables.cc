#include "connector/bound_variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "connector/json_text.h"
#include "connector/near_names.h"
#include "connector/plain_json.h"
#include "wire/json.h"

namespace armature::connector {
namespace {

constexpr std::size_t kMostListValues = 100;

const QueryVariable* declaration(const SavedQuery& query, const std::string& name) {
  const auto found = std::find_if(query.variables.begin(), query.variables.end(),
                                  [&](const QueryVariable& variable) { return variable.name == name; });
  return found == query.variables.end() ? nullptr : &*found;
}

Expected<void, BindError> check_names(const SavedQuery& query, const std::vector<std::string>& used,
                                      const std::map<std::string, std::string>& values) {
  std::vector<std::string_view> known(used.begin(), used.end());
  for (const QueryVariable& variable : query.variables) known.push_back(variable.name);
  for (const auto& [name, value] : values) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return bind_failure(fmt::format("the query has no variable '{}'; {}", name, did_you_mean(name, known)));
    }
  }
  return {};
}

Expected<void, BindError> check_allowed(const QueryVariable& declared, const BoundVariable& value) {
  if (declared.allowed_json.empty()) return {};
  for (const std::string& allowed : declared.allowed_json) {
    const auto bound = bind_variable(declared.name, declared.type, allowed);
    if (bound && bound->value == value.value) return {};
  }
  return bind_failure(
      fmt::format("variable '{}' must be one of {}", declared.name, fmt::join(declared.allowed_json, ", ")));
}

}  // namespace

Expected<BoundVariables, BindError> BoundVariables::bind(const SavedQuery& query,
                                                         const std::map<std::string, std::string>& values,
                                                         const BindContext& context) {
  BoundVariables bound;
  const std::vector<std::string> used = used_variables(query.body);
  TRY(check_names(query, used, values));
  std::vector<std::string> missing;
  for (const std::string& name : used) {
    const QueryVariable* const declared = declaration(query, name);
    const VariableType type = declared != nullptr ? declared->type : VariableType::kString;
    const auto given = values.find(name);
    std::optional<std::string> text;
    if (given != values.end()) text = given->second;
    if (!text && declared != nullptr) text = declared->default_json;
    if (!text && type == VariableType::kNull) text = "null";
    if (!text && (declared == nullptr || declared->required)) {
      missing.push_back(name);
      continue;
    }
    // What is not required and not given is NULL; a name cannot be.
    if (!text && type == VariableType::kName)
      return bind_failure(fmt::format("variable '{}' is a name and has no value", name));
    if (!text) {
      bound.bound_[name] = BoundVariable{VariableType::kNull, R"({"NULL":true})"};
      continue;
    }
    TRY_ASSIGN(BoundVariable value, bind_variable(name, type, *text));
    if (declared != nullptr) TRY(check_allowed(*declared, value));
    bound.bound_[name] = std::move(value);
  }
  if (!missing.empty())
    return Unexpected(BindError{fmt::format("variables without a value: {}", fmt::join(missing, ", ")), missing});
  bound.bound_["$now"] = {VariableType::kNumber, attribute_value_json("N", std::to_string(context.now_ms / 1000))};
  bound.bound_["$nowMs"] = {VariableType::kNumber, attribute_value_json("N", std::to_string(context.now_ms))};
  bound.bound_["$uuid"] = {VariableType::kString, attribute_value_json("S", context.uuid)};
  bound.bound_["$user"] = {VariableType::kString, attribute_value_json("S", context.user)};
  return bound;
}

// The text of a variable in the middle of others: of S, N and names.
Expected<std::string, BindError> BoundVariables::inner_text(std::string_view name) const {
  if (name == kLastKey) return bind_failure("{{$page.lastKey}} stands alone, as the value of ExclusiveStartKey");
  const BoundVariable& variable = at(name);
  if (variable.type == VariableType::kName) return variable.value;
  if (variable.type != VariableType::kString && variable.type != VariableType::kNumber) {
    return bind_failure(fmt::format("variable '{}' is of type {}; only S, N and name can be part of a text", name,
                                    variable_type_name(variable.type)));
  }
  Arena arena;
  const auto json = wire::parse_json(variable.value, &arena);
  return std::string((*json)->members[0].value.text);
}

Expected<std::string, BindError> BoundVariables::joined(const std::vector<TemplatePart>& parts) const {
  std::string text;
  for (const TemplatePart& part : parts) {
    if (!part.variable) {
      text += part.text;
      continue;
    }
    TRY_ASSIGN(const std::string inner, inner_text(part.text));
    text += inner;
  }
  return text;
}

Expected<std::string, BindError> BoundVariables::value_of_text(std::string_view text) const {
  const auto parts = split_template(text);
  if (parts.size() == 1 && parts[0].variable && parts[0].text != kLastKey) {
    const BoundVariable& variable = at(parts[0].text);
    return variable.type == VariableType::kName ? attribute_value_json("S", variable.value) : variable.value;
  }
  TRY_ASSIGN(const std::string pieces, joined(parts));
  return attribute_value_json("S", pieces);
}

Expected<std::vector<std::string>, BindError> BoundVariables::members_of(std::string_view name) const {
  const BoundVariable& variable = at(name);
  Arena arena;
  const wire::Json& list = (*wire::parse_json(variable.value, &arena))->members[0].value;
  if (list.elements.empty() || list.elements.size() > kMostListValues) {
    return bind_failure(
        fmt::format("variable '{}' must have 1 to {} values to stand in IN (…)", name, kMostListValues));
  }
  std::vector<std::string> values;
  const std::string_view set_type = variable.type == VariableType::kStringSet   ? "S"
                                    : variable.type == VariableType::kNumberSet ? "N"
                                    : variable.type == VariableType::kBinarySet ? "B"
                                                                                : "";
  for (const wire::Json& element : list.elements)
    values.push_back(set_type.empty() ? json_text(element) : attribute_value_json(set_type, element.text));
  return values;
}

bool BoundVariables::is_list(std::string_view name) const {
  if (name == kLastKey) return false;
  const VariableType type = at(name).type;
  return type == VariableType::kList || type == VariableType::kStringSet || type == VariableType::kNumberSet ||
         type == VariableType::kBinarySet;
}

bool is_inside_in(std::string_view before) {
  const std::size_t open = before.find_last_of("()");
  if (open == std::string_view::npos || before[open] != '(') return false;
  const std::string_view word = trimmed(before.substr(0, open));
  if (word.size() < 2) return false;
  const bool in = (word[word.size() - 2] | 32) == 'i' && (word[word.size() - 1] | 32) == 'n';
  const bool alone =
      word.size() == 2 || word[word.size() - 3] == ' ' || word[word.size() - 3] == '}' || word[word.size() - 3] == ')';
  return in && alone;
}

std::vector<std::string> used_variables(std::string_view body) {
  std::vector<std::string> names;
  for (const TemplatePart& part : split_template(body)) {
    if (!part.variable || part.text.starts_with('$')) continue;
    if (std::find(names.begin(), names.end(), part.text) == names.end()) names.emplace_back(part.text);
  }
  return names;
}

}  // namespace armature::connector
