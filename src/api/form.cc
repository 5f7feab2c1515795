#include "api/form.h"

#include <algorithm>
#include <charconv>

#include "base/arena.h"
#include "wire/base64.h"

namespace armature::api {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

template <class Allowed>
bool all_of(std::string_view text, Allowed allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool is_in(std::string_view characters, char c) { return characters.find(c) != std::string_view::npos; }

// [\w+=,.@-]+
bool matches_name(std::string_view text) {
  return !text.empty() && all_of(text, [](char c) { return is_word(c) || is_in("+=,.@-", c); });
}
// [\w]+
bool matches_word(std::string_view text) { return !text.empty() && all_of(text, is_word); }
bool is_visible(char c) { return static_cast<unsigned char>(c) >= 0x21 && static_cast<unsigned char>(c) <= 0x7f; }
// (/)|(/[\u0021-\u007F]+/)
bool matches_path(std::string_view text) {
  if (text == "/") return true;
  return text.size() >= 3 && text.front() == '/' && text.back() == '/' && all_of(text, is_visible);
}
// /[\u0021-\u007F]*
bool matches_path_prefix(std::string_view text) { return text.starts_with('/') && all_of(text, is_visible); }
// ((/[A-Za-z0-9\.,\+@=_-]+)*)/
bool matches_policy_path(std::string_view text) {
  return text.starts_with('/') && text.ends_with('/') && text.find("//") == std::string_view::npos &&
         all_of(text, [](char c) { return is_word(c) || is_in("/.,+@=-", c); });
}
// [\u0009\u000A\u000D\u0020-\u00FF]+: the code points above 0x7f are two bytes in UTF-8, the first of them c2 or c3.
bool matches_latin(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
    if (byte < 0x80) continue;
    if (byte != 0xc2 && byte != 0xc3) return false;
    ++i;
  }
  return !text.empty();
}
bool matches_printable(std::string_view text) {
  return all_of(text,
                [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r'; });
}
// [\p{L}\p{Z}\p{N}_.:/=+\-@]+: of what is not ASCII everything is let through.
bool matches_tag_text(std::string_view text) {
  return all_of(text,
                [](char c) { return is_word(c) || static_cast<unsigned char>(c) >= 0x80 || is_in(" .:/=+-@", c); });
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// Members are named in lower camel case where errors name them.
std::string member_name(std::string_view parameter) {
  std::string name(parameter);
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

std::string joined(std::span<const std::string_view> values) {
  std::string text = "[";
  for (const std::string_view value : values) {
    if (text.size() > 1) text += ", ";
    text += value;
  }
  return text + "]";
}

constexpr std::string_view kNotNull = "Member must not be null";

}  // namespace

const TextRule kUserNameRule{1, 64, matches_name, R"([\w+=,.@-]+)"};
const TextRule kExistingUserNameRule{1, 128, matches_name, R"([\w+=,.@-]+)"};
const TextRule kGroupNameRule{1, 128, matches_name, R"([\w+=,.@-]+)"};
const TextRule kRoleNameRule{1, 64, matches_name, R"([\w+=,.@-]+)"};
const TextRule kPolicyNameRule{1, 128, matches_name, R"([\w+=,.@-]+)"};
const TextRule kPathRule{1, 512, matches_path, R"((\u002F)|(\u002F[\u0021-\u007F]+\u002F))"};
const TextRule kPathPrefixRule{1, 512, matches_path_prefix, R"(\u002F[\u0021-\u007F]*)"};
const TextRule kPolicyPathRule{1, 512, matches_policy_path, R"(((/[A-Za-z0-9\.,\+@=_-]+)*)/)"};
const TextRule kArnRule{20, 2048};
const TextRule kAccessKeyIdRule{16, 128, matches_word, R"([\w]+)"};
const TextRule kPolicyDocumentRule{1, 131072, matches_latin, R"([\u0009\u000A\u000D\u0020-\u00FF]+)", true};
const TextRule kDescriptionRule{0, 1000, matches_printable, R"([\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*)"};
const TextRule kTagKeyRule{1, 128, matches_tag_text, R"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)"};
const TextRule kPasswordRule{1, 128, matches_latin, R"([\u0009\u000A\u000D\u0020-\u00FF]+)", true};

namespace {
const TextRule kTagValueRule{0, 256, matches_tag_text, R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"};
const TextRule kMarkerRule{1, 320, matches_latin, R"([\u0020-\u00FF]+)"};
}  // namespace

void Form::violate(std::string_view name, std::optional<std::string_view> value, std::string_view constraint) {
  std::string text = "Value ";
  if (value) text.append("'").append(*value).append("' ");
  text.append("at '").append(member_name(name)).append("' failed to satisfy constraint: ").append(constraint);
  violations_.push_back(std::move(text));
}

void Form::check_text(std::string_view name, std::string_view value, const TextRule& rule) {
  const std::optional<std::string_view> echo = rule.secret ? std::nullopt : std::optional(value);
  const std::size_t length = characters(value);
  if (length < rule.min_length) {
    violate(name, echo, "Member must have length greater than or equal to " + std::to_string(rule.min_length));
  }
  if (length > rule.max_length) {
    violate(name, echo, "Member must have length less than or equal to " + std::to_string(rule.max_length));
  }
  if (rule.matches != nullptr && !rule.matches(value)) {
    violate(name, echo, "Member must satisfy regular expression pattern: " + std::string(rule.pattern));
  }
}

std::optional<std::string_view> Form::optional_text(std::string_view name, const TextRule& rule) {
  const auto value = parameters_.find(name);
  if (value) check_text(name, *value, rule);
  return value;
}

std::string_view Form::text(std::string_view name, const TextRule& rule) {
  const auto value = optional_text(name, rule);
  if (!value)
    violations_.push_back("Value null at '" + member_name(name) +
                          "' failed to satisfy constraint: " + std::string(kNotNull));
  return value.value_or(std::string_view());
}

std::optional<std::int64_t> Form::optional_integer(std::string_view name, std::int64_t lowest, std::int64_t highest) {
  const auto text = parameters_.find(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) {
    violate(name, text, "Member must be an integer");
    return std::nullopt;
  }
  if (value < lowest) {
    violate(name, text, "Member must have value greater than or equal to " + std::to_string(lowest));
  } else if (value > highest) {
    violate(name, text, "Member must have value less than or equal to " + std::to_string(highest));
  }
  return value;
}

std::optional<bool> Form::optional_flag(std::string_view name) {
  const auto text = parameters_.find(name);
  if (!text) return std::nullopt;
  if (*text == "true" || *text == "True") return true;
  if (*text == "false" || *text == "False") return false;
  violate(name, text, "Member must be true or false");
  return std::nullopt;
}

bool Form::flag(std::string_view name, bool if_absent) { return optional_flag(name).value_or(if_absent); }

std::optional<std::string_view> Form::optional_choice(std::string_view name, std::span<const std::string_view> values) {
  const auto text = parameters_.find(name);
  if (text && std::find(values.begin(), values.end(), *text) == values.end()) {
    violate(name, text, "Member must satisfy enum value set: " + joined(values));
  }
  return text;
}

std::string_view Form::choice(std::string_view name, std::span<const std::string_view> values) {
  const auto value = optional_choice(name, values);
  if (!value)
    violations_.push_back("Value null at '" + member_name(name) +
                          "' failed to satisfy constraint: " + std::string(kNotNull));
  return value.value_or(std::string_view());
}

std::vector<std::string_view> Form::texts(std::string_view name, const TextRule& rule, std::size_t most,
                                          std::string_view member) {
  std::vector<std::string_view> values;
  for (const auto& element : parameters_.members(name)) {
    for (const wire::QueryParameter& parameter : element) {
      if (parameter.name != member) continue;
      check_text(std::string(name) + "." + std::to_string(values.size() + 1) + ".member", parameter.value, rule);
      values.push_back(parameter.value);
    }
  }
  if (values.size() > most) {
    violate(name, std::nullopt, "Member must have length less than or equal to " + std::to_string(most));
  }
  return values;
}

std::vector<std::string_view> Form::required_texts(std::string_view name, const TextRule& rule, std::size_t most) {
  auto values = texts(name, rule, most);
  if (values.empty())
    violations_.push_back("Value null at '" + member_name(name) +
                          "' failed to satisfy constraint: " + std::string(kNotNull));
  return values;
}

std::vector<auth::Tag> Form::tags(std::string_view name) {
  constexpr std::size_t kMostTags = 50;
  std::vector<auth::Tag> tags;
  for (const auto& element : parameters_.members(name)) {
    const std::string prefix = std::string(name) + "." + std::to_string(tags.size() + 1) + ".member.";
    std::optional<std::string_view> key;
    std::string_view value;
    for (const wire::QueryParameter& parameter : element) {
      if (parameter.name == "Key") key = parameter.value;
      if (parameter.name == "Value") value = parameter.value;
    }
    if (!key) {
      violations_.push_back("Value null at '" + member_name(prefix + "key") +
                            "' failed to satisfy constraint: " + std::string(kNotNull));
    } else {
      check_text(prefix + "key", *key, kTagKeyRule);
      check_text(prefix + "value", value, kTagValueRule);
    }
    tags.push_back({std::string(key.value_or("")), std::string(value)});
  }
  if (tags.size() > kMostTags) {
    violate(name, std::nullopt, "Member must have length less than or equal to " + std::to_string(kMostTags));
  }
  return tags;
}

Paging Form::paging() {
  Paging paging;
  if (const auto max_items = optional_integer("MaxItems", 1, 1000)) {
    paging.max_items = static_cast<std::size_t>(std::max<std::int64_t>(*max_items, 1));
  }
  if (const auto marker = optional_text("Marker", kMarkerRule)) {
    Arena arena;
    const auto after = wire::decode_base64(*marker, &arena);
    if (after) {
      paging.after = std::string(*after);
    } else {
      violations_.push_back("Invalid Marker.");
    }
  }
  return paging;
}

Result<void> Form::check() const {
  if (violations_.empty()) return {};
  std::string message = std::to_string(violations_.size());
  message += violations_.size() == 1 ? " validation error detected: " : " validation errors detected: ";
  for (std::size_t i = 0; i < violations_.size(); ++i) {
    if (i > 0) message += "; ";
    message += violations_[i];
  }
  return invalid(std::move(message));
}

std::string page_marker(std::string_view key) {
  Bytes marker;
  wire::append_base64(key, &marker);
  return marker;
}

}  // namespace armature::api
