// Rows of the system's own (definitions, identities) as maps with one member a field: a writer that leaves out what is
// empty, and a reader that takes the default for what is absent or of another type. So members can be added without a
// new format.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/number.h"
#include "model/value.h"

namespace armature {

// Collects members; strings are copied so that temporaries may be passed.
class MapWriter {
 public:
  explicit MapWriter(Arena* arena) : arena_(arena) {}
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) add(name, Value::string(arena_->copy(value)));
  }
  void bytes(std::string_view name, BytesView value) {
    if (!value.empty()) add(name, Value::binary(arena_->copy(value)));
  }
  void integer(std::string_view name, std::int64_t value) {
    if (value != 0) add(name, Value::number(Number::from_int(value)));
  }
  void flag(std::string_view name, bool value) {
    if (value) add(name, Value::boolean(true));
  }
  template <class Enum>
  void code(std::string_view name, Enum value) {
    integer(name, static_cast<std::int64_t>(value));
  }
  void value(std::string_view name, Value value) { add(name, value); }
  void map(std::string_view name, const MapWriter& entries) { add(name, entries.finish()); }
  void list(std::string_view name, const std::vector<Value>& elements) {
    if (!elements.empty()) add(name, Value::list(arena_->copy_array(elements)));
  }

  Value finish() const { return Value::map(arena_->copy_array(attributes_)); }
  const std::vector<Attribute>& attributes() const { return attributes_; }

 private:
  void add(std::string_view name, Value value) { attributes_.push_back({name, value}); }
  Arena* arena_;
  std::vector<Attribute> attributes_;
};

// Reads members; what is absent or of another type is the default.
class MapReader {
 public:
  explicit MapReader(std::span<const Attribute> entries) : entries_(entries) {}
  explicit MapReader(const Value* map)
      : entries_(map != nullptr && map->is(Type::kMap) ? map->entries() : std::span<const Attribute>()) {}

  const Value* find(std::string_view name) const { return find_attribute(entries_, name); }
  std::string text(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && (value->is(Type::kString) || value->is(Type::kBinary)) ? std::string(value->bytes())
                                                                                      : std::string();
  }
  std::int64_t integer(std::string_view name) const {
    const Value* value = find(name);
    std::int64_t result = 0;
    return value != nullptr && value->is(Type::kNumber) && value->number().to_int64(&result) ? result : 0;
  }
  std::optional<std::int64_t> optional_integer(std::string_view name) const {
    return find(name) == nullptr ? std::nullopt : std::optional(integer(name));
  }
  bool flag(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && value->is(Type::kBool) && value->boolean();
  }
  template <class Enum>
  Enum code(std::string_view name) const {
    return static_cast<Enum>(integer(name));
  }
  std::span<const Value> list(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && value->is(Type::kList) ? value->elements() : std::span<const Value>();
  }
  std::span<const Attribute> entries() const { return entries_; }

 private:
  std::span<const Attribute> entries_;
};

}  // namespace armature
