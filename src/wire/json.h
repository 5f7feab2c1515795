// JSON as an arena tree: parsed once with simdjson, then read in any order. And a writer that appends to a buffer.
// wire/ is where JSON becomes model values and back; above and below there is no JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/error.h"
#include "wire/base64.h"

namespace armature::wire {

struct JsonMember;

// A node. Trivially copyable; strings and spans live in the arena the document was parsed into.
class Json {
 public:
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string_view text;                // kString: unescaped UTF-8. kNumber: its digits as sent.
  std::span<const Json> elements;       // kArray.
  std::span<const JsonMember> members;  // kObject, in the order sent; of repeated names all are kept.

  bool is(Kind other) const { return kind == other; }
  // The last member of that name, as JSON parsers commonly resolve repeats; nullptr when absent or explicitly null.
  const Json* find(std::string_view name) const;
};

struct JsonMember {
  std::string_view name;
  Json value;
};

// Parses one JSON document, all of it. Fails (kSerialization, empty message) on anything else: malformed text, trailing
// bytes, invalid UTF-8, nesting deeper than kMaxJsonDepth, an empty body.
inline constexpr int kMaxJsonDepth = 128;
Result<const Json*> parse_json(BytesView body, Arena* arena);

// Appends JSON to a buffer. The caller keeps the grammar; the writer keeps the commas and the escaping.
class JsonWriter {
 public:
  explicit JsonWriter(Bytes* out) : out_(out) {}
  void begin_object() { separate(), out_->push_back('{'), comma_ = false; }
  void end_object() { out_->push_back('}'), comma_ = true; }
  void begin_array() { separate(), out_->push_back('['), comma_ = false; }
  void end_array() { out_->push_back(']'), comma_ = true; }
  void key(std::string_view name);  // Escapes as needed.
  void string(std::string_view text);
  void integer(std::int64_t value);
  void real(double value);  // Shortest text that reads back the same; whole numbers with ".0", as the service has it.
  void boolean(bool value);
  void null();
  void base64(BytesView bytes);     // As a string.
  void raw(std::string_view json);  // Already JSON.
  // For a writer of its own: puts the comma if one is due and hands out the buffer, to which the caller appends one
  // value.
  Bytes* begin_value() { return separate(), out_; }
  // key() and a value in one call.
  void member(std::string_view name, std::string_view text) { key(name), string(text); }
  void member(std::string_view name, std::int64_t value) { key(name), integer(value); }
  void member_bool(std::string_view name, bool value) { key(name), boolean(value); }

  Bytes* buffer() { return out_; }

 private:
  void separate() {
    if (comma_) out_->push_back(',');
    comma_ = true;
  }
  Bytes* out_;
  bool comma_ = false;
};

}  // namespace armature::wire
