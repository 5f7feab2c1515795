// Random values of the model. Everything generated lives until the thread ends, as with tests/support/values.h.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/values.h"

namespace armature::test {

// Numbers over the whole range, with as many short and round ones as long and extreme ones.
inline rc::Gen<Number> numbers() {
  return rc::gen::exec([] {
    const int digits = *rc::gen::weightedElement<int>({{4, 1}, {4, 3}, {1, 17}, {1, 19}, {2, 20}, {1, 37}, {2, 38}});
    unsigned __int128 coefficient = 0;
    for (int i = 0; i < digits; ++i) coefficient = coefficient * 10 + static_cast<unsigned>(*rc::gen::inRange(0, 10));
    const int lowest = Number::kMinMagnitude - (digits - 1);
    const int highest = Number::kMaxMagnitude - (digits - 1);
    const int near = std::clamp(*rc::gen::inRange(-40, 40), lowest, highest);
    const int exponent = *rc::gen::weightedOneOf<int>(
        {{3, rc::gen::just(0)}, {3, rc::gen::just(near)}, {1, rc::gen::inRange(lowest, highest + 1)}});
    Number number;
    // Leading zeros may have taken the magnitude out of range: such a draw stands for zero.
    if (!Number::from_parts(*rc::gen::arbitrary<bool>(), coefficient, std::min(exponent, highest), &number))
      return Number();
    return number;
  });
}

// Byte strings rich in what key encodings have to escape and in common beginnings.
inline rc::Gen<std::string> byte_strings() {
  const auto byte = rc::gen::weightedOneOf<char>({{3, rc::gen::element('\0', '\1', '\xff', '\xfe')},
                                                  {3, rc::gen::element('a', 'b')},
                                                  {1, rc::gen::arbitrary<char>()}});
  return rc::gen::container<std::string>(byte);
}

inline Value text_value() { return S(*byte_strings()); }
inline Value number_value() { return Value::number(*numbers()); }
inline Value binary_value() { return B(*byte_strings()); }

inline rc::Gen<Value> key_values(Type type) {
  return rc::gen::exec([type] {
    if (type == Type::kNumber) return number_value();
    return type == Type::kString ? text_value() : binary_value();
  });
}

template <class T>
std::vector<T> without_duplicates(std::vector<T> members, const T& fallback) {
  if (members.empty()) members.push_back(fallback);
  std::vector<T> distinct;
  for (const T& member : members) {
    if (std::find(distinct.begin(), distinct.end(), member) == distinct.end()) distinct.push_back(member);
  }
  return distinct;
}

inline std::span<const std::string_view> byte_set() {
  std::vector<std::string_view> kept;
  for (const std::string& member :
       without_duplicates(*rc::gen::container<std::vector<std::string>>(byte_strings()), {})) {
    kept.push_back(arena()->copy(member));
  }
  return arena()->copy_array(kept);
}

inline std::span<const Number> number_set() {
  return arena()->copy_array(without_duplicates(*rc::gen::container<std::vector<Number>>(numbers()), Number()));
}

Value random_value(int levels_below);

inline std::span<const Attribute> random_entries(int levels_below) {
  std::vector<Attribute> entries;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const std::string_view name = arena()->copy(*byte_strings());
    if (find_attribute(entries, name) == nullptr) entries.push_back({name, random_value(levels_below)});
  }
  return arena()->copy_array(entries);
}

inline std::span<const Value> random_elements(int levels_below) {
  std::vector<Value> elements;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) elements.push_back(random_value(levels_below));
  return arena()->copy_array(elements);
}

inline Value random_value(int levels_below) {
  const int last = levels_below > 0 ? 10 : 8;
  switch (*rc::gen::inRange(0, last)) {
    case 0: return text_value();
    case 1: return number_value();
    case 2: return binary_value();
    case 3: return Value::string_set(byte_set());
    case 4: return Value::binary_set(byte_set());
    case 5: return Value::number_set(number_set());
    case 6: return Value::boolean(*rc::gen::arbitrary<bool>());
    case 7: return Value::null();
    case 8: return Value::list(random_elements(levels_below - 1));
    default: return Value::map(random_entries(levels_below - 1));
  }
}

inline rc::Gen<Value> values() {
  return rc::gen::exec([] { return random_value(4); });
}

// The attributes of an item: distinct names in no order.
inline rc::Gen<std::span<const Attribute>> items() {
  return rc::gen::exec([] { return random_entries(4); });
}

// The same value with its set members and map entries in another order, at every depth.
inline Value reversed(const Value& value);

template <class T>
std::span<const T> backwards(std::span<const T> source) {
  const std::span<T> copy = arena()->copy_array(source);
  std::reverse(copy.begin(), copy.end());
  return copy;
}

inline std::span<const Attribute> reversed(std::span<const Attribute> entries) {
  const std::span<Attribute> copy = arena()->copy_array(entries);
  for (Attribute& entry : copy) entry.value = reversed(entry.value);
  std::reverse(copy.begin(), copy.end());
  return copy;
}

inline Value reversed(const Value& value) {
  switch (value.type()) {
    case Type::kStringSet: return Value::string_set(backwards(value.byte_members()));
    case Type::kBinarySet: return Value::binary_set(backwards(value.byte_members()));
    case Type::kNumberSet: return Value::number_set(backwards(value.number_members()));
    case Type::kMap: return Value::map(reversed(value.entries()));
    case Type::kList: {
      const std::span<Value> copy = arena()->copy_array(value.elements());
      for (Value& element : copy) element = reversed(element);
      return Value::list(copy);
    }
    default: return value;
  }
}

}  // namespace armature::test

namespace rc {
template <>
struct Arbitrary<armature::Number> {
  static Gen<armature::Number> arbitrary() { return armature::test::numbers(); }
};
}  // namespace rc

namespace armature {

// How RapidCheck shows a counterexample.
inline void showValue(const Number& number, std::ostream& out) { out << number.text(); }
inline void showValue(const Value& value, std::ostream& out) { out << test::to_text(value); }
inline void showValue(std::span<const Attribute> attributes, std::ostream& out) { out << test::to_text(attributes); }

}  // namespace armature
