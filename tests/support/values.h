// Short builders for values and items in tests, after DynamoDB JSON:
//
//   using namespace armature::test;
//   item({{"id", S("7")}, {"price", N("1.5")}, {"tags", SS({"a", "b"})}, {"lines", L({M({{"n", N(1)}})})}})
//
// Values live until the thread ends. A number text that does not parse fails an assertion.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/arena.h"
#include "base/assert.h"
#include "base/bytes.h"
#include "model/item.h"
#include "model/number.h"
#include "model/value.h"

namespace armature::test {

inline Arena* arena() {
  static thread_local Arena instance;
  return &instance;
}

inline Number number(std::string_view text) {
  Result<Number> parsed = Number::parse(text);
  ARMATURE_ASSERT(parsed.has_value());
  return *parsed;
}

inline Value S(std::string_view text) { return Value::string(arena()->copy(text)); }
inline Value B(BytesView bytes) { return Value::binary(arena()->copy(bytes)); }
inline Value N(std::string_view text) { return Value::number(number(text)); }
inline Value N(const char* text) { return N(std::string_view(text)); }
inline Value N(std::int64_t value) { return Value::number(Number::from_int(value)); }
inline Value N(int value) { return N(std::int64_t{value}); }
inline Value BOOL(bool value) { return Value::boolean(value); }
inline Value Null() { return Value::null(); }

namespace detail {
inline std::span<const std::string_view> copies(std::initializer_list<std::string_view> members) {
  const auto copied = arena()->copy_array(std::span<const std::string_view>(members.begin(), members.size()));
  for (std::string_view& member : copied) member = arena()->copy(member);
  return copied;
}
}  // namespace detail

inline Value SS(std::initializer_list<std::string_view> members) { return Value::string_set(detail::copies(members)); }
inline Value BS(std::initializer_list<BytesView> members) { return Value::binary_set(detail::copies(members)); }
inline Value NS(std::initializer_list<std::string_view> members) {
  Number* const numbers = arena()->allocate_array<Number>(members.size());
  std::size_t count = 0;
  for (const std::string_view member : members) numbers[count++] = number(member);
  return Value::number_set({numbers, count});
}

inline std::span<const Attribute> attributes(std::initializer_list<Attribute> entries) {
  const auto copied = arena()->copy_array(std::span<const Attribute>(entries.begin(), entries.size()));
  for (Attribute& entry : copied) entry.name = arena()->copy(entry.name);
  return copied;
}

inline Value L(std::initializer_list<Value> elements) {
  return Value::list(arena()->copy_array(std::span<const Value>(elements.begin(), elements.size())));
}
inline Value M(std::initializer_list<Attribute> entries) { return Value::map(attributes(entries)); }

// The stored form of an item.
inline Bytes item(std::initializer_list<Attribute> entries) { return encode_item(attributes(entries)); }

// Values and attribute lists as text, for comparing in one line and for failure messages: `{a: N 1, l: [S "x", NULL]}`.
// Names and set members are sorted, so that equal values have equal text.
std::string to_text(const Value& value);
std::string to_text(std::span<const Attribute> attributes);

namespace detail {

inline std::string quoted(std::string_view bytes) { return "\"" + std::string(bytes) + "\""; }

inline std::string attribute_text(const EncodedAttribute& attribute) {
  return std::string(attribute.name) + ": " + to_text(attribute.value.decode(arena()));
}

template <class Visit>
std::string joined(std::string_view open, std::string_view close, Visit visit) {
  std::string text(open);
  bool first = true;
  visit([&](const std::string& part) {
    if (!std::exchange(first, false)) text += ", ";
    text += part;
  });
  return text += close;
}

inline std::string sorted_text(const EncodedValue& value) {
  switch (value.type()) {
    case Type::kStringSet:
      return joined("SS {", "}", [&](auto add) { value.for_each_byte_member([&](BytesView m) { add(quoted(m)); }); });
    case Type::kBinarySet:
      return joined("BS {", "}", [&](auto add) { value.for_each_byte_member([&](BytesView m) { add(quoted(m)); }); });
    case Type::kNumberSet:
      return joined("NS {", "}",
                    [&](auto add) { value.for_each_number_member([&](const Number& m) { add(m.text()); }); });
    default:
      return joined("{", "}", [&](auto add) {
        value.for_each_entry([&](const EncodedAttribute& e) { add(attribute_text(e)); });
      });
  }
}

}  // namespace detail

inline std::string to_text(const Value& value) {
  switch (value.type()) {
    case Type::kString: return "S " + detail::quoted(value.bytes());
    case Type::kBinary: return "B " + detail::quoted(value.bytes());
    case Type::kNumber: return "N " + value.number().text();
    case Type::kNull: return "NULL";
    case Type::kBool: return value.boolean() ? "true" : "false";
    case Type::kList:
      return detail::joined("[", "]", [&](auto add) {
        for (const Value& element : value.elements()) add(to_text(element));
      });
    default: break;
  }
  const Attribute wrapped{"", value};
  const Bytes encoded = encode_item({&wrapped, 1});
  return detail::sorted_text(*ItemView(encoded).find(""));
}

inline std::string to_text(std::span<const Attribute> attributes) { return to_text(Value::map(attributes)); }
inline std::string to_text(const ItemView& item) { return to_text(item.decode(arena())); }

}  // namespace armature::test

namespace armature {

// How GoogleTest shows values in failure messages.
inline void PrintTo(const Value& value, std::ostream* out) { *out << test::to_text(value); }
inline void PrintTo(const Number& number, std::ostream* out) { *out << number.text(); }

}  // namespace armature
