// How stored items are read, for the templates of item.h and the code beside them; include item.h instead. The layout
// these functions follow is drawn in item.cc. They trust the bytes: item_validation.cc is for bytes that nobody vouches
// for.
#pragma once

#include <cstdint>
#include <cstring>

#include "model/item.h"

namespace armature::item_format {

inline constexpr char kVersion = 1;
inline constexpr std::size_t kItemSizeOffset = 1;
inline constexpr std::size_t kItemCountOffset = 5;

// The tag of a value: its type, and for booleans what it is.
inline constexpr unsigned kTypeMask = 0x0f;
inline constexpr unsigned kTrueFlag = 0x10;

// The first byte of a number.
inline constexpr unsigned kCoefficientLengthMask = 0x1f;
inline constexpr unsigned kHasExponent = 0x20;
inline constexpr unsigned kNegative = 0x80;

inline Type type_of(const char* value) { return static_cast<Type>(static_cast<unsigned char>(*value) & kTypeMask); }

inline bool is_true(const char* value) { return (static_cast<unsigned char>(*value) & kTrueFlag) != 0; }

inline std::uint64_t read_count(const char** cursor) {
  auto byte = static_cast<unsigned char>(*(*cursor)++);
  std::uint64_t count = byte & 0x7f;
  for (int shift = 7; (byte & 0x80) != 0; shift += 7) {
    byte = static_cast<unsigned char>(*(*cursor)++);
    count |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
  }
  return count;
}

inline std::uint32_t read_u32(const char* data) {
  std::uint32_t value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

inline BytesView read_bytes(const char** cursor) {
  const std::uint64_t length = read_count(cursor);
  const BytesView bytes(*cursor, length);
  *cursor += length;
  return bytes;
}

inline int decode_exponent(std::uint64_t zigzag) {
  const int magnitude = static_cast<int>(zigzag >> 1);
  return (zigzag & 1) != 0 ? -magnitude - 1 : magnitude;
}

inline Number read_number(const char** cursor) {
  const auto head = static_cast<unsigned char>(*(*cursor)++);
  const unsigned length = head & kCoefficientLengthMask;
  std::uint64_t words[2] = {0, 0};
  std::memcpy(words, *cursor, length);
  *cursor += length;
  const int exponent = (head & kHasExponent) != 0 ? decode_exponent(read_count(cursor)) : 0;
  const unsigned __int128 coefficient = static_cast<unsigned __int128>(words[1]) << 64 | words[0];
  return Number::from_canonical_parts((head & kNegative) != 0, coefficient, exponent);
}

inline void skip_number(const char** cursor) {
  const auto head = static_cast<unsigned char>(*(*cursor)++);
  *cursor += head & kCoefficientLengthMask;
  if ((head & kHasExponent) != 0) read_count(cursor);
}

// The end of the value that begins at `cursor`.
inline const char* skip_value(const char* cursor) {
  const Type type = type_of(cursor++);
  switch (type) {
    case Type::kString:
    case Type::kBinary: {
      const std::uint64_t length = read_count(&cursor);
      return cursor + length;
    }
    case Type::kNumber: skip_number(&cursor); return cursor;
    case Type::kStringSet:
    case Type::kNumberSet:
    case Type::kBinarySet:
    case Type::kMap:
    case Type::kList: return cursor + sizeof(std::uint32_t) + read_u32(cursor);
    case Type::kNull:
    case Type::kBool: return cursor;
  }
  __builtin_unreachable();
}

// Walks the members of a set, the elements of a list or the entries of a map or item, one for each call; the caller
// counts.
class EntryReader {
 public:
  static EntryReader of_item(BytesView encoded) { return EntryReader(encoded.data() + kItemCountOffset); }
  // `value`: where a set, list or map begins.
  static EntryReader of_container(const char* value) { return EntryReader(value + 1 + sizeof(std::uint32_t)); }
  // Of the value alone that begins there, of any type.
  static EntryReader of_value(const char* value) { return EntryReader(value, 1); }

  std::size_t count() const { return count_; }
  BytesView bytes() { return read_bytes(&cursor_); }
  Number number() { return read_number(&cursor_); }
  EncodedValue value() {
    const char* const begin = cursor_;
    cursor_ = skip_value(begin);
    return EncodedValue(begin, cursor_);
  }
  EncodedAttribute entry() {
    const BytesView name = bytes();
    return {name, value()};
  }
  // The next value, in full; see EncodedValue::decode.
  Value decode(Arena* arena);
  // Of a map or item from its beginning.
  std::optional<EncodedValue> find(std::string_view name);

 private:
  EntryReader(const char* cursor, std::size_t count) : cursor_(cursor), count_(count) {}
  explicit EntryReader(const char* cursor) : cursor_(cursor), count_(read_count(&cursor_)) {}

  const char* cursor_;
  std::size_t count_;
};

}  // namespace armature::item_format

namespace armature {

inline Type EncodedValue::type() const { return item_format::type_of(begin_); }

template <class Visit>
void EncodedValue::for_each_element(Visit visit) const {
  ARMATURE_ASSERT(type() == Type::kList);
  auto reader = item_format::EntryReader::of_container(begin_);
  for (std::size_t i = 0; i < reader.count(); ++i) visit(reader.value());
}

template <class Visit>
void EncodedValue::for_each_entry(Visit visit) const {
  ARMATURE_ASSERT(type() == Type::kMap);
  auto reader = item_format::EntryReader::of_container(begin_);
  for (std::size_t i = 0; i < reader.count(); ++i) visit(reader.entry());
}

template <class Visit>
void EncodedValue::for_each_byte_member(Visit visit) const {
  ARMATURE_ASSERT(type() == Type::kStringSet || type() == Type::kBinarySet);
  auto reader = item_format::EntryReader::of_container(begin_);
  for (std::size_t i = 0; i < reader.count(); ++i) visit(reader.bytes());
}

template <class Visit>
void EncodedValue::for_each_number_member(Visit visit) const {
  ARMATURE_ASSERT(type() == Type::kNumberSet);
  auto reader = item_format::EntryReader::of_container(begin_);
  for (std::size_t i = 0; i < reader.count(); ++i) visit(reader.number());
}

template <class Visit>
void ItemView::for_each(Visit visit) const {
  auto reader = item_format::EntryReader::of_item(encoded_);
  for (std::size_t i = 0; i < reader.count(); ++i) visit(reader.entry());
}

}  // namespace armature
