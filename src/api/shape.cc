#include "api/shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "wire/attribute_json.h"

namespace armature::api {

using wire::Json;
using wire::JsonMember;

namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// --- Texts ---

// The wire says "KeySchema", the texts say "keySchema".
void append_member_name(std::string_view name, bool as_on_wire, std::string* out) {
  const std::size_t start = out->size();
  out->append(name);
  if (!as_on_wire && !name.empty() && name[0] >= 'A' && name[0] <= 'Z') (*out)[start] += 'a' - 'A';
}

void append_path(const MemberPath& path, bool as_on_wire, std::string* out) {
  if (path.parent != nullptr) {
    append_path(*path.parent, as_on_wire, out);
    out->push_back('.');
  }
  if (!path.is_element) return append_member_name(path.name, as_on_wire, out);
  out->append(path.position > 0 ? std::to_string(path.position) : std::string(path.name));
  out->append(".member");
}

std::string least_length_rule(std::int64_t minimum) {
  return "Member must have length greater than or equal to " + std::to_string(minimum);
}
std::string most_length_rule(std::int64_t maximum) {
  return "Member must have length less than or equal to " + std::to_string(maximum);
}
std::string pattern_rule(const Pattern& pattern) {
  return "Member must satisfy regular expression pattern: " + std::string(pattern.text);
}

// All rules of an element at once, as they are reported on its container: "[rule, rule]".
std::string all_rules(const Constraint& constraint) {
  std::string text = "[";
  const auto append = [&](const std::string& rule) { text += (text.size() > 1 ? ", " : "") + rule; };
  if (constraint.maximum != Constraint::kNoMaximum) append(most_length_rule(constraint.maximum));
  if (constraint.minimum != Constraint::kNoMinimum) append(least_length_rule(constraint.minimum));
  if (constraint.pattern != nullptr) append(pattern_rule(*constraint.pattern));
  return text + "]";
}

std::string_view scalar_word(const Json& json) {
  switch (json.kind) {
    case Json::Kind::kBool: return json.boolean ? "TRUE_VALUE" : "FALSE_VALUE";
    case Json::Kind::kNumber:
      return json.text.find_first_of(".eE") == std::string_view::npos ? "NUMBER_VALUE" : "DECIMAL_VALUE";
    case Json::Kind::kString: return "STRING_VALUE";
    case Json::Kind::kNull: return "NULL_VALUE";
    case Json::Kind::kArray:
    case Json::Kind::kObject: break;
  }
  return "COLLECTION_VALUE";
}

Error type_error(std::string message) { return {ErrorCode::kSerialization, std::move(message), {}}; }

double to_double(std::string_view digits) {
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// A JSON number as an integer: fractions are cut off, what does not fit is clamped.
std::int64_t to_integer(std::string_view digits, std::int64_t lowest, std::int64_t highest) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc() && stop == end) return std::clamp(value, lowest, highest);
  const double approximate = std::trunc(to_double(digits));
  if (approximate <= static_cast<double>(lowest)) return lowest;
  if (approximate >= static_cast<double>(highest)) return highest;
  return static_cast<std::int64_t>(approximate);
}

// An element of a container against its own rules; structures have theirs in their Shape.
bool element_fits(const Constraint& constraint, const Json& element) {
  switch (element.kind) {
    case Json::Kind::kString: return shape_detail::string_fits(constraint, element.text);
    case Json::Kind::kArray: return shape_detail::length_fits(constraint, element.elements.size());
    case Json::Kind::kObject: return shape_detail::length_fits(constraint, element.members.size());
    case Json::Kind::kNull:
    case Json::Kind::kBool:
    case Json::Kind::kNumber: break;
  }
  return true;
}

}  // namespace

bool is_table_or_index_name(std::string_view value) { return std::all_of(value.begin(), value.end(), is_name_byte); }

bool is_table_name_or_arn(std::string_view value) { return value.starts_with("arn:") || is_table_or_index_name(value); }

void Violations::add(const MemberPath& path, const std::string* echo, const Constraint& constraint,
                     std::string_view rule) {
  if (full()) return;
  std::string text = "Value ";
  if (!constraint.terse) {
    if (echo != nullptr) {
      text += "'" + *echo + "' ";
    } else {
      text += "null ";
    }
  }
  text += "at '";
  append_path(path, constraint.terse, &text);
  text += "' failed to satisfy constraint: ";
  text += rule;
  texts_.push_back(std::move(text));
}

Error Violations::error() const {
  if (!only_.empty()) return {ErrorCode::kValidation, only_, {}};
  std::string message =
      std::to_string(texts_.size()) + (texts_.size() == 1 ? " validation error" : " validation errors") + " detected: ";
  for (std::size_t i = 0; i < texts_.size(); ++i) message += (i > 0 ? "; " : "") + texts_[i];
  return {ErrorCode::kValidation, std::move(message), {}};
}

namespace shape_detail {

// --- Pass 1: types, and whether pass 2 will find anything ---

bool fail_scalar(const Json& json, std::string_view expected, std::string_view java_name, Decoder* decoder) {
  if (json.is(Json::Kind::kObject)) {
    return decoder->fail(type_error("Start of structure or map found where not expected"));
  }
  if (json.is(Json::Kind::kArray)) {
    return decoder->fail(type_error("Unrecognized collection type class " + std::string(java_name)));
  }
  return decoder->fail(type_error(std::string(scalar_word(json)) + " cannot be converted to " + std::string(expected)));
}

bool fail_collection(const Json& json, const MemberType& type, Decoder* decoder) {
  if (json.is(Json::Kind::kObject)) {
    return decoder->fail(type_error("Start of structure or map found where not expected"));
  }
  if (!json.is(Json::Kind::kArray)) return decoder->fail(type_error("Unexpected field type"));
  std::string java_name;
  type.append_java_name(&java_name);
  return decoder->fail(type_error("Unrecognized collection type " +
                                  std::string(java_name.starts_with("java.util.") ? "" : "class ") + java_name));
}

bool length_fits(const Constraint& constraint, std::size_t length) {
  const auto signed_length = static_cast<std::int64_t>(length);
  return signed_length >= constraint.minimum && signed_length <= constraint.maximum;
}

bool string_fits(const Constraint& constraint, std::string_view text) {
  return length_fits(constraint, text.size()) && (constraint.pattern == nullptr || constraint.pattern->matches(text));
}

bool decode_string(const Json& json, const Constraint& constraint, std::string_view* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kString)) return fail_scalar(json, "String", "java.lang.String", decoder);
  *out = json.text;
  if (!string_fits(constraint, json.text)) decoder->mark_violated();
  return true;
}

bool decode_bool(const Json& json, bool* out, Decoder* decoder) {
  if (json.is(Json::Kind::kBool)) {
    *out = json.boolean;
    return true;
  }
  if (!json.is(Json::Kind::kString)) return fail_scalar(json, "Boolean", "java.lang.Boolean", decoder);
  std::string lower(json.text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "true" || lower == "1" || lower == "yes") {
    *out = true;
    return true;
  }
  if (lower == "false" || lower == "0" || lower == "no") {
    *out = false;
    return true;
  }
  return decoder->fail(type_error("Unexpected token received from parser"));
}

bool decode_integer(const Json& json, const Constraint& constraint, std::string_view expected, std::int64_t lowest,
                    std::int64_t highest, std::int64_t* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kNumber)) {
    return fail_scalar(json, expected, "java.lang." + std::string(expected), decoder);
  }
  *out = to_integer(json.text, lowest, highest);
  if (*out < constraint.minimum || *out > constraint.maximum) decoder->mark_violated();
  return true;
}

bool decode_double(const Json& json, const Constraint& constraint, double* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kNumber)) return fail_scalar(json, "Double", "java.lang.Double", decoder);
  *out = to_double(json.text);
  if (*out < static_cast<double>(constraint.minimum) || *out > static_cast<double>(constraint.maximum)) {
    decoder->mark_violated();
  }
  return true;
}

bool decode_value(const Json& json, Value* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kObject)) return fail_collection(json, kMemberType<Value>, decoder);
  Result<Value> value = wire::decode_value(json, decoder->arena());
  if (value) {
    *out = *value;
    return true;
  }
  if (value.error().code != ErrorCode::kValidation) return decoder->fail(std::move(value).error());
  decoder->defer(std::move(value).error());
  return true;
}

bool decode_attributes(const Json& json, std::span<const Attribute>* out, Decoder* decoder) {
  if (!json.is(Json::Kind::kObject)) return fail_collection(json, kMemberType<std::span<const Attribute>>, decoder);
  Result<std::span<const Attribute>> attributes = wire::decode_attributes(json, decoder->arena());
  if (attributes) {
    *out = *attributes;
    return true;
  }
  if (attributes.error().code != ErrorCode::kValidation) return decoder->fail(std::move(attributes).error());
  decoder->defer(std::move(attributes).error());
  // A wrong JSON type further on comes first all the same.
  for (const JsonMember& member : json.members) {
    Value ignored;
    if (!member.value.is(Json::Kind::kNull) && !decode_value(member.value, &ignored, decoder)) return false;
  }
  return true;
}

bool decode_members(const Json& json, std::span<const Member> members, std::uint64_t required, void* object,
                    const MemberType& type, Decoder* decoder) {
  if (!json.is(Json::Kind::kObject)) return fail_collection(json, type, decoder);
  std::uint64_t seen = 0;
  for (const JsonMember& sent : json.members) {
    if (sent.value.is(Json::Kind::kNull)) continue;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].name != sent.name) continue;
      if (!members[i].decode(sent.value, members[i].constraint, object, decoder)) return false;
      seen |= std::uint64_t{1} << i;
      break;
    }
  }
  if ((required & ~seen) != 0) decoder->mark_violated();
  return true;
}

std::span<const JsonMember> map_entries(const Json& json, Arena* arena) {
  JsonMember* entries = arena->allocate_array<JsonMember>(json.members.size());
  std::size_t count = 0;
  // Looking back is cheapest for the few entries of an honest request; a hash keeps a hostile one from costing its
  // square.
  constexpr std::size_t kFew = 32;
  std::unordered_map<std::string_view, std::size_t> positions;
  for (const JsonMember& member : json.members) {
    if (member.value.is(Json::Kind::kNull)) continue;
    std::size_t at = count;
    if (json.members.size() <= kFew) {
      for (at = 0; at < count && entries[at].name != member.name;) ++at;
    } else {
      at = positions.emplace(member.name, count).first->second;
    }
    entries[at] = member;
    count = std::max(count, at + 1);
  }
  return {entries, count};
}

// --- Pass 2: the texts ---

void gather_length(const Json& json, const Constraint& constraint, std::size_t length, const MemberType& type,
                   const MemberPath& path, Violations* violations) {
  if (length_fits(constraint, length)) return;
  std::string echo;
  type.echo(json, &echo);
  const bool too_short = static_cast<std::int64_t>(length) < constraint.minimum;
  violations->add(path, &echo, constraint,
                  too_short ? least_length_rule(constraint.minimum) : most_length_rule(constraint.maximum));
}

void gather_string(const Json& json, const Constraint& constraint, const MemberPath& path, Violations* violations) {
  gather_length(json, constraint, json.text.size(), kMemberType<std::string_view>, path, violations);
  if (constraint.pattern != nullptr && !constraint.pattern->matches(json.text)) {
    const std::string echo(json.text);
    violations->add(path, &echo, constraint, pattern_rule(*constraint.pattern));
  }
}

void gather_number(const Json& json, const Constraint& constraint, const MemberPath& path, Violations* violations) {
  const double value = to_double(json.text);
  const std::string echo(json.text);
  if (value < static_cast<double>(constraint.minimum)) {
    violations->add(path, &echo, constraint,
                    "Member must have value greater than or equal to " + std::to_string(constraint.minimum));
  } else if (value > static_cast<double>(constraint.maximum)) {
    violations->add(path, &echo, constraint,
                    "Member must have value less than or equal to " + std::to_string(constraint.maximum));
  }
}

void gather_enum(const Json& json, std::span<const std::string_view> names, const Constraint& constraint,
                 const MemberPath& path, Violations* violations) {
  if (std::find(names.begin(), names.end(), json.text) != names.end()) return;
  std::string rule = "Member must satisfy enum value set: [";
  for (std::size_t i = 0; i < names.size(); ++i) rule.append(i > 0 ? ", " : "").append(names[i]);
  const std::string echo(json.text);
  violations->add(path, &echo, constraint, rule + "]");
}

void gather_elements(const Json& json, const Constraint& constraint, const MemberType& type, const MemberType& element,
                     const MemberPath& path, Violations* violations) {
  const bool is_map = json.is(Json::Kind::kObject);
  gather_length(json, constraint, is_map ? json.members.size() : json.elements.size(), type, path, violations);

  std::string echo;
  const auto report = [&](std::string_view what, const Constraint& rules) {
    echo.clear();
    type.echo(json, &echo);
    violations->add(path, &echo, constraint, std::string(what) + all_rules(rules));
  };
  const auto gather_element = [&](const Json& value, const MemberPath& at) {
    if (violations->full()) return;
    if (!value.is(Json::Kind::kNull)) {
      element.gather(value, {}, at, violations);
    } else if (!is_map) {
      violations->add(at, nullptr, constraint, "Member must not be null");
    }
  };
  const auto breaks_rules = [&](const Json& value) {
    return constraint.element != nullptr && !element_fits(*constraint.element, value);
  };
  if (is_map) {
    const auto& members = json.members;
    if (constraint.key != nullptr && std::any_of(members.begin(), members.end(), [&](const JsonMember& member) {
          return !string_fits(*constraint.key, member.name);
        })) {
      report("Map keys must satisfy constraint: ", *constraint.key);
    }
    if (std::any_of(members.begin(), members.end(), [&](const JsonMember& m) { return breaks_rules(m.value); })) {
      report("Map value must satisfy constraint: ", *constraint.element);
    }
    for (const JsonMember& member : members) {
      gather_element(member.value, {.parent = &path, .name = member.name, .is_element = true});
    }
    return;
  }
  if (std::any_of(json.elements.begin(), json.elements.end(), breaks_rules)) {
    report("Member must satisfy constraint: ", *constraint.element);
  }
  for (std::size_t i = 0; i < json.elements.size(); ++i) {
    gather_element(json.elements[i], {.parent = &path, .position = i + 1, .is_element = true});
  }
}

void gather_members(const Json& json, std::span<const Member> members, const MemberPath* path, Violations* violations) {
  for (const Member& member : members) {
    if (violations->full()) return;
    const MemberPath here{.parent = path, .name = member.name};
    const Json* value = json.find(member.name);
    if (value != nullptr) {
      member.type->gather(*value, member.constraint, here, violations);
    } else if (member.constraint.required) {
      if (!member.constraint.missing_text.empty()) return violations->set_only(member.constraint.missing_text);
      violations->add(here, nullptr, member.constraint, "Member must not be null");
    }
  }
}

Error gather_request(const Json& json, std::span<const Member> members, bool first_violation_only) {
  const auto table_name =
      std::find_if(members.begin(), members.end(), [](const Member& m) { return m.name == "TableName"; });
  if (table_name != members.end()) {
    Violations of_table_name;
    gather_members(json, {&*table_name, 1}, nullptr, &of_table_name);
    if (!of_table_name.empty()) return of_table_name.error();
  }
  Violations violations(first_violation_only ? 1 : Violations::kAtMost);
  gather_members(json, members, nullptr, &violations);
  return violations.error();
}

void echo_scalar(const Json& json, std::string* out) {
  if (json.is(Json::Kind::kBool)) {
    out->append(json.boolean ? "true" : "false");
  } else {
    out->append(json.text);
  }
}

void echo_elements(const Json& json, const MemberType& element, std::string* out) {
  const bool is_map = json.is(Json::Kind::kObject);
  out->push_back(is_map ? '{' : '[');
  const char* separator = "";
  for (const Json& value : json.elements) {
    out->append(separator);
    element.echo(value, out);
    separator = ", ";
  }
  for (const JsonMember& member : json.members) {
    out->append(separator).append(member.name).append("=");
    element.echo(member.value, out);
    separator = ", ";
  }
  out->push_back(is_map ? '}' : ']');
}

void echo_members(const Json& json, std::string_view name, std::span<const Member> members, std::string* out) {
  out->append(name).push_back('(');
  const char* separator = "";
  for (const Member& member : members) {
    const Json* value = json.find(member.name);
    if (value == nullptr) continue;
    out->append(separator);
    append_member_name(member.name, false, out);
    out->push_back('=');
    member.type->echo(*value, out);
    separator = ", ";
  }
  out->push_back(')');
}

}  // namespace shape_detail

// AttributeValue(S=x): one member is set.
void Codec<Value>::echo(const Json& json, std::string* out) {
  out->append("AttributeValue(");
  for (const JsonMember& member : json.members) {
    if (member.value.is(Json::Kind::kNull)) continue;
    append_member_name(member.name, false, out);
    out->push_back('=');
    if (member.value.is(Json::Kind::kArray)) {
      shape_detail::echo_elements(member.value, member.name == "L" ? kMemberType<Value> : kMemberType<std::string_view>,
                                  out);
    } else if (member.value.is(Json::Kind::kObject)) {
      shape_detail::echo_elements(member.value, kMemberType<Value>, out);
    } else {
      shape_detail::echo_scalar(member.value, out);
    }
    break;
  }
  out->push_back(')');
}

void Codec<std::span<const Attribute>>::gather(const Json& json, const Constraint& constraint, const MemberPath& path,
                                               Violations* violations) {
  shape_detail::gather_length(json, constraint, json.members.size(), kMemberType<std::span<const Attribute>>, path,
                              violations);
}

void Codec<std::span<const Attribute>>::echo(const Json& json, std::string* out) {
  shape_detail::echo_elements(json, kMemberType<Value>, out);
}

}  // namespace armature::api
