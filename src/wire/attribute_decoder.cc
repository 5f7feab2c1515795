#include <algorithm>
#include <optional>
#include <vector>

#include "model/attribute_name.h"
#include "wire/attribute_json.h"
#include "wire/duplicates.h"
#include "wire/json_reader.h"

namespace armature::wire {
namespace {

constexpr std::string_view kAttributeValue = "AttributeValue";
constexpr std::string_view kInvalidParameters = "One or more parameter values were invalid: ";

std::optional<Type> type_named(std::string_view name) {
  if (name.size() == 1) {
    switch (name[0]) {
      case 'S': return Type::kString;
      case 'N': return Type::kNumber;
      case 'B': return Type::kBinary;
      case 'M': return Type::kMap;
      case 'L': return Type::kList;
      default: return std::nullopt;
    }
  }
  if (name == "BOOL") return Type::kBool;
  if (name == "NULL") return Type::kNull;
  if (name == "SS") return Type::kStringSet;
  if (name == "NS") return Type::kNumberSet;
  if (name == "BS") return Type::kBinarySet;
  return std::nullopt;
}

// "[a, b, c]".
std::string listed(std::span<const Json> members) {
  std::string text = "[";
  for (const Json& member : members) {
    if (text.size() > 1) text += ", ";
    text += member.text;
  }
  return text + "]";
}

// Decodes a tree of values. The functions return whether all went well so far; what went wrong is in take_error(). (A
// Result for every node of an item would cost as much as decoding it.)
class Decoder {
 public:
  explicit Decoder(Arena* arena) : arena_(arena) {}

  Unexpected<Error> take_error() { return Unexpected(std::move(*error_)); }

  // DynamoDB looks into every member, then counts them: a bad number is reported before a second type.
  bool value(const Json& json, Value* out) {
    if (json.is(Json::Kind::kNull)) return invalid_value(kEmpty);
    if (!json.is(Json::Kind::kObject)) return failed(as_structure(json, kAttributeValue));
    std::optional<Type> found;
    bool more_than_one = false;
    for (const JsonMember& member : json.members) {
      if (member.value.is(Json::Kind::kNull)) continue;
      const std::optional<Type> type = type_named(member.name);
      if (!type) continue;
      if (!content(*type, member.value, out)) return false;
      more_than_one |= found && *found != *type;
      found = type;
    }
    if (!found) return invalid_value(kEmpty);
    if (more_than_one) {
      return invalid_value(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
          "datatypes");
    }
    return true;
  }

  bool attributes(const Json& json, std::span<const Attribute>* out) {
    if (!json.is(Json::Kind::kObject)) return failed(as_map(json, kAttributeValue));
    const std::span<Attribute> attributes(arena_->allocate_array<Attribute>(json.members.size()), json.members.size());
    // A set of the names seen, as one bit each: only names that share a bit can be repeats.
    std::uint64_t seen = 0;
    bool possible_repeats = false;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const std::string_view name = json.members[i].name;
      attributes[i].name = name;
      if (!value(json.members[i].value, &attributes[i].value)) return false;
      const std::uint64_t bit = name_bit(name);
      possible_repeats |= (seen & bit) != 0;
      seen |= bit;
    }
    *out = possible_repeats ? without_repeats(attributes) : attributes;
    return true;
  }

 private:
  static constexpr std::string_view kEmpty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";

  template <class T>
  bool failed(Result<T> result) {
    error_ = std::move(result).error();
    return false;
  }
  bool invalid_value(std::string_view message) {
    error_ = Error{ErrorCode::kValidation, std::string(message), {}};
    return false;
  }
  bool invalid_parameters(std::string_view rest) { return invalid_value(std::string(kInvalidParameters).append(rest)); }

  template <class T>
  bool take(Result<T> result, T* out) {
    if (!result) return failed(std::move(result));
    *out = *std::move(result);
    return true;
  }

  bool content(Type type, const Json& json, Value* out) {
    switch (type) {
      case Type::kString: return string(json, out);
      case Type::kNumber: return number(json, out);
      case Type::kBinary: return binary(json, out);
      case Type::kBool: return boolean(json, out);
      case Type::kNull: return null(json, out);
      case Type::kStringSet: return string_set(json, out);
      case Type::kNumberSet: return number_set(json, out);
      case Type::kBinarySet: return binary_set(json, out);
      case Type::kList: return list(json, out);
      case Type::kMap: return map(json, out);
    }
    return false;
  }

  bool string(const Json& json, Value* out) {
    if (!json.is(Json::Kind::kString)) return failed(as_string(json));
    *out = Value::string(json.text);
    return true;
  }

  bool number(const Json& json, Value* out) {
    if (!json.is(Json::Kind::kString)) return failed(as_string(json));
    Number number;
    if (!take(Number::parse(json.text), &number)) return false;
    *out = Value::number(number);
    return true;
  }

  bool binary(const Json& json, Value* out) {
    BytesView bytes;
    if (!take(as_blob(json, arena_), &bytes)) return false;
    *out = Value::binary(bytes);
    return true;
  }

  bool boolean(const Json& json, Value* out) {
    bool value = false;
    if (!take(as_boolean(json), &value)) return false;
    *out = Value::boolean(value);
    return true;
  }

  bool null(const Json& json, Value* out) {
    bool value = false;
    if (!take(as_boolean(json), &value)) return false;
    if (!value) return invalid_parameters("Null attribute value types must have the value of true");
    *out = Value::null();
    return true;
  }

  // The members of a set: at least one, none of them null. What is said otherwise is of the set's type.
  bool set_members(const Json& json, std::string_view empty_text, std::string_view null_text,
                   std::span<const Json>* out) {
    if (!take(as_list(json), out)) return false;
    if (out->empty()) return invalid_parameters(empty_text);
    const auto is_null = [](const Json& member) { return member.is(Json::Kind::kNull); };
    if (std::any_of(out->begin(), out->end(), is_null)) return invalid_parameters(null_text);
    return true;
  }

  bool string_set(const Json& json, Value* out) {
    std::span<const Json> members;
    if (!set_members(json, "An string set  may not be empty", "An string set may not have a null string as a member",
                     &members)) {
      return false;
    }
    std::string_view* const texts = arena_->allocate_array<std::string_view>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!take(as_string(members[i]), &texts[i])) return false;
    }
    const std::span<const std::string_view> set(texts, members.size());
    if (has_duplicates(set)) return invalid_parameters("Input collection " + listed(members) + " contains duplicates.");
    *out = Value::string_set(set);
    return true;
  }

  bool binary_set(const Json& json, Value* out) {
    std::span<const Json> members;
    if (!set_members(json, "Binary sets should not be empty", "Binary sets may not contain null or empty values",
                     &members)) {
      return false;
    }
    BytesView* const blobs = arena_->allocate_array<BytesView>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!take(as_blob(members[i], arena_), &blobs[i])) return false;
    }
    const std::span<const BytesView> set(blobs, members.size());
    if (has_duplicates(set))
      return invalid_parameters("Input collection " + listed(members) + "of type BS contains duplicates.");
    *out = Value::binary_set(set);
    return true;
  }

  bool number_set(const Json& json, Value* out) {
    std::span<const Json> members;
    if (!set_members(json, "An number set  may not be empty", "An number set may not have a null number as a member",
                     &members)) {
      return false;
    }
    Number* const numbers = arena_->allocate_array<Number>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      std::string_view text;
      if (!take(as_string(members[i]), &text) || !take(Number::parse(text), &numbers[i])) return false;
    }
    const std::span<const Number> set(numbers, members.size());
    if (has_duplicates(set)) return invalid_value("Input collection contains duplicates");
    *out = Value::number_set(set);
    return true;
  }

  bool list(const Json& json, Value* out) {
    std::span<const Json> elements;
    if (!take(as_list(json), &elements)) return false;
    Value* const values = arena_->allocate_array<Value>(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (!value(elements[i], &values[i])) return false;
    }
    *out = Value::list({values, elements.size()});
    return true;
  }

  bool map(const Json& json, Value* out) {
    std::span<const Attribute> entries;
    if (!attributes(json, &entries)) return false;
    for (const Attribute& entry : entries) {
      if (!is_attribute_name(entry.name)) return failed(check_attribute_name(entry.name));
    }
    *out = Value::map(entries);
    return true;
  }

  static std::uint64_t name_bit(std::string_view name) {
    if (name.empty()) return 1;
    const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i])); };
    const std::uint64_t mixed = (at(0) * 31 + at(name.size() / 2)) * 31 + at(name.size() - 1) + 7 * name.size();
    return std::uint64_t{1} << (mixed * 0x9e3779b97f4a7c15u >> 58);
  }

  // Of each name the last: which one Amazon's parser keeps. The order of the others has no meaning and may change.
  static std::span<const Attribute> without_repeats(std::span<Attribute> attributes) {
    if (attributes.size() > kFewMembers) {
      std::stable_sort(attributes.begin(), attributes.end(),
                       [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
    }
    std::size_t kept = 0;
    for (const Attribute& attribute : attributes) {
      // Sorted, an earlier one of that name is the neighbour.
      const std::size_t first_candidate = attributes.size() > kFewMembers && kept > 0 ? kept - 1 : 0;
      std::size_t place = first_candidate;
      while (place < kept && attributes[place].name != attribute.name) ++place;
      attributes[place] = attribute;
      kept = std::max(kept, place + 1);
    }
    return attributes.first(kept);
  }

  Arena* const arena_;
  std::optional<Error> error_;
};

Result<void> check_content_types(Type type, const Json& json, Arena* scratch) {
  const auto check_each = [&](auto check) -> Result<void> {
    TRY_ASSIGN(const auto elements, as_list(json));
    for (const Json& element : elements) {
      if (!element.is(Json::Kind::kNull)) TRY(check(element));
    }
    return {};
  };
  switch (type) {
    case Type::kString:
    case Type::kNumber: TRY(as_string(json)); return {};
    case Type::kBinary: TRY(as_blob(json, scratch)); return {};
    case Type::kBool:
    case Type::kNull: TRY(as_boolean(json)); return {};
    case Type::kStringSet:
    case Type::kNumberSet: return check_each(as_string);
    case Type::kBinarySet: return check_each([&](const Json& element) { return as_blob(element, scratch); });
    case Type::kList: return check_each(check_value_types);
    case Type::kMap: return check_attribute_types(json);
  }
  return {};
}

}  // namespace

Result<void> check_value_types(const Json& json) {
  TRY_ASSIGN(const auto members, as_structure(json, kAttributeValue));
  Arena scratch;
  for (const JsonMember& member : members) {
    const std::optional<Type> type = type_named(member.name);
    if (!type || member.value.is(Json::Kind::kNull)) continue;
    TRY(check_content_types(*type, member.value, &scratch));
  }
  return {};
}

Result<void> check_attribute_types(const Json& json) {
  TRY_ASSIGN(const auto members, as_map(json, kAttributeValue));
  for (const JsonMember& member : members) {
    if (!member.value.is(Json::Kind::kNull)) TRY(check_value_types(member.value));
  }
  return {};
}

// When a value is bad, a type error further on still takes precedence: a second look on the way out.
Result<Value> decode_value(const Json& json, Arena* arena) {
  Decoder decoder(arena);
  Value value;
  if (decoder.value(json, &value)) return value;
  if (!json.is(Json::Kind::kNull)) TRY(check_value_types(json));
  return decoder.take_error();
}

Result<std::span<const Attribute>> decode_attributes(const Json& json, Arena* arena) {
  Decoder decoder(arena);
  std::span<const Attribute> attributes;
  if (decoder.attributes(json, &attributes)) return attributes;
  TRY(check_attribute_types(json));
  return decoder.take_error();
}

}  // namespace armature::wire
