// The stored form of an item, version 1. Integers of fixed width are little-endian; `varint` is LEB128 (base/bytes.h).
//
//   item        offset 0   u8       version, 1
//               offset 1   u32      DynamoDB's size of the item in bytes
//               offset 5   varint   number of attributes
//                          entry…   in ascending byte order of their names
//
//   entry       varint n | n bytes: name | value
//
//   value       u8 tag: bits 0-3 the type (model/value.h), bit 4 set for BOOL true, bits 5-7 zero; then
//                 S, B          varint n | n bytes
//                 N             number
//                 BOOL, NULL    nothing
//                 SS, BS        u32 length of the rest | varint count | count x (varint n | n bytes), ascending
//                 NS            u32 length of the rest | varint count | count x number, ascending
//                 L             u32 length of the rest | varint count | count x value
//                 M             u32 length of the rest | varint count | count x entry, ascending by name
//
//   number      u8 head: bits 0-4 n, bit 5 set when an exponent follows, bit 6 zero, bit 7 set when negative
//               n bytes: the coefficient, without zero bytes at its high end; 0 has n = 0
//               varint: the exponent e as 2e when e >= 0 and -2e - 1 when e < 0; left out when it is 0
//
// Every choice has one answer, so equal items have equal bytes. A container's length lets readers step over it, and has
// a fixed width so that the encoder can fill it in once the content is written.

#include "model/item.h"

#include <algorithm>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <functional>
#include <limits>

namespace armature {
namespace {

using item_format::EntryReader;

// Appends to a string through a bare pointer; its own append() checks the capacity and writes an end mark each time.
class Writer {
 public:
  // Room that every fixed part of a value fits in: a tag, a number, a length or a count.
  static constexpr std::size_t kSmallParts = 32;

  Writer(Bytes* out, std::size_t expected_bytes) : out_(out) {
    const std::size_t begin = out->size();
    out->resize(begin + expected_bytes);
    point_at(begin);
  }
  // Cuts off the room that was not needed.
  void finish() { out_->resize(position()); }

  void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - cursor_) < bytes) grow(bytes);
  }
  std::size_t position() const { return static_cast<std::size_t>(cursor_ - out_->data()); }

  // Room must have been reserved for what these write.
  void put_byte(unsigned byte) { *cursor_++ = static_cast<char>(byte); }
  void put_bytes(const void* bytes, std::size_t count) {
    if (count > 0) std::memcpy(cursor_, bytes, count);
    cursor_ += count;
  }
  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) put_byte(static_cast<unsigned>(value) | 0x80);
    put_byte(static_cast<unsigned>(value));
  }
  void put_u32(std::size_t value) {
    overwrite_u32(position(), value);
    cursor_ += sizeof(std::uint32_t);
  }
  void overwrite_u32(std::size_t at, std::size_t value) {
    ARMATURE_ASSERT(value <= std::numeric_limits<std::uint32_t>::max());
    const auto narrow = static_cast<std::uint32_t>(value);
    std::memcpy(out_->data() + at, &narrow, sizeof narrow);
  }

 private:
  void grow(std::size_t bytes) {
    const std::size_t at = position();
    out_->resize(std::max(at + bytes, out_->size() * 2));
    point_at(at);
  }
  void point_at(std::size_t position) {
    cursor_ = out_->data() + position;
    end_ = out_->data() + out_->size();
  }

  Bytes* out_;
  char* cursor_;
  char* end_;
};

class Encoder {
 public:
  Encoder(std::span<const Attribute> attributes, Bytes* out)
      : attributes_(attributes),
        size_bytes_(item_size_bytes(attributes)),
        writer_(out, size_bytes_ + size_bytes_ / 4 + kTypicalOverheadPerAttribute * attributes.size() +
                         Writer::kSmallParts) {}

  void append_item() {
    writer_.put_byte(item_format::kVersion);
    writer_.put_u32(size_bytes_);
    append_entries(attributes_);
    writer_.finish();
  }

 private:
  static constexpr std::size_t kTypicalOverheadPerAttribute = 8;

  void append_entries(std::span<const Attribute> entries) {
    append_count(entries.size());
    in_order(
        entries, [](const Attribute& a, const Attribute& b) { return a.name < b.name; },
        [this](const Attribute& entry) {
          append_bytes(entry.name);
          append_value(entry.value);
        });
  }

  void append_value(const Value& value) {
    writer_.reserve(Writer::kSmallParts);
    auto tag = static_cast<unsigned>(value.type());
    if (value.is(Type::kBool) && value.boolean()) tag |= item_format::kTrueFlag;
    writer_.put_byte(tag);
    switch (value.type()) {
      case Type::kString:
      case Type::kBinary: append_bytes(value.bytes()); break;
      case Type::kNumber: append_number(value.number()); break;
      case Type::kNull:
      case Type::kBool: break;
      default: append_container(value); break;
    }
  }

  void append_container(const Value& value) {
    const std::size_t length_at = writer_.position();
    writer_.put_u32(0);
    const std::size_t begin = writer_.position();
    append_content(value);
    writer_.overwrite_u32(length_at, writer_.position() - begin);
  }

  void append_content(const Value& value) {
    if (value.is(Type::kMap)) {
      append_entries(value.entries());
    } else if (value.is(Type::kList)) {
      append_count(value.elements().size());
      for (const Value& element : value.elements()) append_value(element);
    } else if (value.is(Type::kNumberSet)) {
      append_count(value.number_members().size());
      in_order(value.number_members(), std::less<>(), [this](const Number& member) { append_number(member); });
    } else {
      append_count(value.byte_members().size());
      in_order(value.byte_members(), std::less<>(), [this](BytesView member) { append_bytes(member); });
    }
  }

  void append_count(std::size_t count) {
    writer_.reserve(Writer::kSmallParts);
    writer_.put_varint(count);
  }

  void append_bytes(BytesView bytes) {
    writer_.reserve(bytes.size() + Writer::kSmallParts);
    writer_.put_varint(bytes.size());
    writer_.put_bytes(bytes.data(), bytes.size());
  }

  void append_number(const Number& number) {
    const unsigned __int128 coefficient = number.coefficient();
    const std::uint64_t words[2] = {static_cast<std::uint64_t>(coefficient),
                                    static_cast<std::uint64_t>(coefficient >> 64)};
    const int bits = words[1] != 0 ? 64 + std::bit_width(words[1]) : std::bit_width(words[0]);
    const auto length = static_cast<unsigned>(bits + 7) / 8;
    const int exponent = number.exponent();
    writer_.reserve(Writer::kSmallParts);
    writer_.put_byte(length | (exponent != 0 ? item_format::kHasExponent : 0) |
                     (number.is_negative() ? item_format::kNegative : 0));
    writer_.put_bytes(words, length);
    if (exponent != 0) writer_.put_varint(static_cast<std::uint64_t>(exponent >= 0 ? 2 * exponent : -2 * exponent - 1));
  }

  // Calls emit() for each of `elements`, smallest first. What comes sorted already is not sorted again.
  template <class Element, class Less, class Emit>
  void in_order(std::span<const Element> elements, Less less, Emit emit) {
    if (std::is_sorted(elements.begin(), elements.end(), less)) {
      for (const Element& element : elements) emit(element);
      return;
    }
    const std::size_t base = index_.size();
    for (const Element& element : elements) index_.push_back({sort_prefix(element), &element});
    std::sort(index_.begin() + base, index_.end(), [less](const IndexEntry& a, const IndexEntry& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      return less(*static_cast<const Element*>(a.element), *static_cast<const Element*>(b.element));
    });
    // By position, because emit() may sort a nested map on top of this one and move the buffer.
    for (std::size_t i = 0; i < elements.size(); ++i) emit(*static_cast<const Element*>(index_[base + i].element));
    index_.resize(base);
  }

  // The first eight bytes as a number of the same order: most comparisons of a sort end with it, without a call.
  static std::uint64_t sort_prefix(BytesView bytes) {
    if (bytes.size() >= sizeof(std::uint64_t)) return read_u64_be(bytes.data());
    std::uint64_t prefix = 0;
    for (const char byte : bytes) prefix = prefix << 8 | static_cast<unsigned char>(byte);
    return bytes.empty() ? 0 : prefix << 8 * (sizeof prefix - bytes.size());
  }
  static std::uint64_t sort_prefix(const Attribute& entry) { return sort_prefix(entry.name); }
  static std::uint64_t sort_prefix(const Number&) { return 0; }

  struct IndexEntry {
    std::uint64_t prefix;  // Smaller prefix, smaller element; equal ones leave it to the elements.
    const void* element;
  };

  const std::span<const Attribute> attributes_;
  const std::size_t size_bytes_;
  Writer writer_;
  // The sorting buffer, a stack of one run of entries for each unsorted container being written.
  boost::container::small_vector<IndexEntry, 32> index_;
};

std::span<const std::string_view> decode_byte_members(EntryReader* reader, Arena* arena) {
  const auto members = arena->allocate_array<std::string_view>(reader->count());
  for (std::size_t i = 0; i < reader->count(); ++i) members[i] = reader->bytes();
  return {members, reader->count()};
}

std::span<const Number> decode_number_members(EntryReader* reader, Arena* arena) {
  const auto members = arena->allocate_array<Number>(reader->count());
  for (std::size_t i = 0; i < reader->count(); ++i) members[i] = reader->number();
  return {members, reader->count()};
}

std::span<const Value> decode_elements(EntryReader* reader, Arena* arena) {
  const auto elements = arena->allocate_array<Value>(reader->count());
  for (std::size_t i = 0; i < reader->count(); ++i) elements[i] = reader->decode(arena);
  return {elements, reader->count()};
}

std::span<const Attribute> decode_entries(EntryReader* reader, Arena* arena) {
  const auto entries = arena->allocate_array<Attribute>(reader->count());
  for (std::size_t i = 0; i < reader->count(); ++i) {
    entries[i].name = reader->bytes();
    entries[i].value = reader->decode(arena);
  }
  return {entries, reader->count()};
}

Value decode_container(Type type, EntryReader* reader, Arena* arena) {
  switch (type) {
    case Type::kStringSet: return Value::string_set(decode_byte_members(reader, arena));
    case Type::kBinarySet: return Value::binary_set(decode_byte_members(reader, arena));
    case Type::kNumberSet: return Value::number_set(decode_number_members(reader, arena));
    case Type::kList: return Value::list(decode_elements(reader, arena));
    default: return Value::map(decode_entries(reader, arena));
  }
}

}  // namespace

namespace item_format {

std::optional<EncodedValue> EntryReader::find(std::string_view name) {
  for (; count_ > 0; --count_) {
    const int order = bytes().compare(name);
    if (order > 0) return std::nullopt;  // Names ascend: it can not come any more.
    if (order == 0) return value();
    cursor_ = skip_value(cursor_);
  }
  return std::nullopt;
}

Value EntryReader::decode(Arena* arena) {
  const char* const begin = cursor_++;
  const Type type = type_of(begin);
  switch (type) {
    case Type::kString: return Value::string(bytes());
    case Type::kBinary: return Value::binary(bytes());
    case Type::kNumber: return Value::number(number());
    case Type::kNull: return Value::null();
    case Type::kBool: return Value::boolean(is_true(begin));
    default: break;
  }
  EntryReader content = of_container(begin);
  const Value container = decode_container(type, &content, arena);
  cursor_ = content.cursor_;
  return container;
}

}  // namespace item_format

Value EncodedValue::decode(Arena* arena) const { return EntryReader::of_value(begin_).decode(arena); }

std::optional<EncodedValue> EncodedValue::find(std::string_view name) const {
  if (type() != Type::kMap) return std::nullopt;
  return EntryReader::of_container(begin_).find(name);
}

std::optional<EncodedValue> EncodedValue::at(std::size_t index) const {
  if (type() != Type::kList) return std::nullopt;
  EntryReader reader = EntryReader::of_container(begin_);
  if (index >= reader.count()) return std::nullopt;
  for (std::size_t i = 0; i < index; ++i) reader.value();
  return reader.value();
}

BytesView EncodedValue::bytes() const {
  ARMATURE_ASSERT(type() == Type::kString || type() == Type::kBinary);
  const char* cursor = begin_ + 1;
  return item_format::read_bytes(&cursor);
}

Number EncodedValue::number() const {
  ARMATURE_ASSERT(type() == Type::kNumber);
  const char* cursor = begin_ + 1;
  return item_format::read_number(&cursor);
}

bool EncodedValue::boolean() const {
  ARMATURE_ASSERT(type() == Type::kBool);
  return item_format::is_true(begin_);
}

std::size_t EncodedValue::count() const {
  if (type() == Type::kString || type() == Type::kBinary) return bytes().size();
  ARMATURE_ASSERT(is_set(type()) || type() == Type::kList || type() == Type::kMap);
  return EntryReader::of_container(begin_).count();
}

ItemView::ItemView(BytesView encoded) : encoded_(encoded) {
  ARMATURE_ASSERT(encoded.size() > item_format::kItemCountOffset && encoded.front() == item_format::kVersion);
}

std::size_t ItemView::attribute_count() const { return EntryReader::of_item(encoded_).count(); }

std::size_t ItemView::size_bytes() const {
  return item_format::read_u32(encoded_.data() + item_format::kItemSizeOffset);
}

std::optional<EncodedValue> ItemView::find(std::string_view name) const {
  return EntryReader::of_item(encoded_).find(name);
}

std::span<const Attribute> ItemView::decode(Arena* arena) const {
  EntryReader reader = EntryReader::of_item(encoded_);
  return decode_entries(&reader, arena);
}

void encode_item(std::span<const Attribute> attributes, Bytes* out) { Encoder(attributes, out).append_item(); }

std::size_t item_size_bytes(std::span<const Attribute> attributes) {
  std::size_t size = 0;
  for (const Attribute& attribute : attributes) size += attribute.name.size() + value_size_bytes(attribute.value);
  return size;
}

}  // namespace armature
