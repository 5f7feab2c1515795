#include "wire/attribute_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace armature::wire {
namespace {

using Text = std::string;

// Any characters, as UTF-8.
rc::Gen<Text> text() {
  const auto code_point =
      rc::gen::weightedOneOf<std::uint32_t>({{4, rc::gen::inRange<std::uint32_t>(0x20, 0x7f)},
                                             {1, rc::gen::inRange<std::uint32_t>(0, 0x20)},
                                             {1, rc::gen::inRange<std::uint32_t>(0x80, 0xd800)},
                                             {1, rc::gen::inRange<std::uint32_t>(0xe000, 0x110000)}});
  return rc::gen::map(
      rc::gen::container<std::vector<std::uint32_t>>(code_point), [](const std::vector<std::uint32_t>& points) {
        Text out;
        for (const std::uint32_t c : points) {
          const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
          if (c < 0x80) {
            put(c);
          } else if (c < 0x800) {
            put(0xc0 | c >> 6), put(0x80 | (c & 63));
          } else if (c < 0x10000) {
            put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
          } else {
            put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
          }
        }
        return out;
      });
}

// Builds values at random; every one lives in the arena.
Value any_value(Arena* arena, int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 9 : 7);
  const auto bytes = [&] { return arena->copy(*rc::gen::arbitrary<std::string>()); };
  const auto number = [&] {
    Number result;
    const bool fits = Number::from_parts(*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<std::uint64_t>(),
                                         *rc::gen::inRange(-120, 100), &result);
    return fits ? result : Number();
  };
  switch (kind) {
    case 0: return Value::string(arena->copy(*text()));
    case 1: return Value::number(number());
    case 2: return Value::binary(bytes());
    case 3: return Value::boolean(*rc::gen::arbitrary<bool>());
    case 4: return Value::null();
    case 5: {
      std::vector<std::string_view> members;
      for (const Text& member : *rc::gen::nonEmpty(rc::gen::container<std::set<Text>>(text())))
        members.push_back(arena->copy(member));
      return Value::string_set(arena->copy_array(members));
    }
    case 6: {
      std::vector<BytesView> members;
      for (const Text& member : *rc::gen::nonEmpty(rc::gen::arbitrary<std::set<std::string>>()))
        members.push_back(arena->copy(member));
      return Value::binary_set(arena->copy_array(members));
    }
    case 7: {
      std::vector<Value> elements;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) elements.push_back(any_value(arena, depth - 1));
      return Value::list(arena->copy_array(elements));
    }
    default: {
      std::vector<Attribute> entries;
      for (const Text& name : *rc::gen::container<std::set<Text>>(text())) {
        if (!name.empty() && entries.size() < 4) entries.push_back({arena->copy(name), any_value(arena, depth - 1)});
      }
      return Value::map(arena->copy_array(entries));
    }
  }
}

Bytes written(const Value& value) {
  Bytes out;
  JsonWriter writer(&out);
  write_value(value, &writer);
  return out;
}

RC_GTEST_PROP(AttributeJson, ReadsBackWhatItWrites, ()) {
  Arena arena;
  const Value value = any_value(&arena, 3);
  const Bytes json = written(value);
  RC_LOG() << json;
  const auto parsed = parse_json(json, &arena);
  RC_ASSERT(parsed.has_value());
  const auto decoded = decode_value(**parsed, &arena);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == value);
}

RC_GTEST_PROP(AttributeJson, WritesTheSameValueFromStoredBytes, ()) {
  Arena arena;
  const Attribute attribute{"attribute", any_value(&arena, 3)};
  const Bytes item = encode_item({&attribute, 1});
  Bytes json;
  JsonWriter writer(&json);
  write_item(ItemView(item), &writer);
  const auto parsed = parse_json(json, &arena);
  RC_ASSERT(parsed.has_value());
  const auto decoded = decode_attributes(**parsed, &arena);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(encode_item(*decoded) == item);
}

RC_GTEST_PROP(JsonText, SurvivesEscaping, ()) {
  const Text original = *text();
  Bytes json;
  JsonWriter(&json).string(original);
  Arena arena;
  const auto parsed = parse_json(json, &arena);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT((*parsed)->text == original);
}

RC_GTEST_PROP(JsonText, IsRefusedOrReadWithoutHarm, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
      std::vector<std::string>{"{",     "}",     "[", "]", ":",  ",",  "\"",   "\\",   "\\u", "d800", "\"S\"",
                               "\"N\"", "\"1\"", "1", "-", ".5", "e9", "true", "null", " ",   "\xff", "\xc3\xa9"}));
  std::string body;
  for (const std::string& piece : pieces) body += piece;
  Arena arena;
  const auto parsed = parse_json(body, &arena);
  if (parsed) (void)decode_attributes(**parsed, &arena).has_value();
}

RC_GTEST_PROP(Base64, ReadsBackWhatItWrites, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  Bytes encoded;
  append_base64(bytes, &encoded);
  RC_ASSERT(encoded.size() == base64_size(bytes.size()));
  Arena arena;
  const auto decoded = decode_base64(encoded, &arena);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == bytes);
}

}  // namespace
}  // namespace armature::wire
