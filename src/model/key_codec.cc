// Key parts. Comparing encodings byte by byte compares the values; no encoding is a prefix of another of the same type,
// so parts may follow each other.
//
//   S, B    the bytes, with every 0x00 written as 0x00 0xFF | 0x00 0x01
//           The end mark sorts below an escaped zero and, with its first byte, below any other byte: a string sorts
//           before its own extensions.
//
//   N       zero        u8 0x80
//           positive    u8 0x81 | u8 m + 130 | pairs
//           negative    u8 0x7F | the bytes a positive number of that magnitude has after its first, each complemented
//
//           m is the power of ten of the first significant digit (-130 to 125). `pairs`: the significant digits, two a
//           byte, starting with the first; an odd count is filled up with a 0 at the end. A pair p (0 to 99) is written
//           as 2p + 1 when more follow and as 2p when it is the last, which ends the part and sorts a number before its
//           extensions.
//
//   An item's key is `u64 big-endian token | partition key part | sort key part`.

#include "model/key_codec.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace armature {
namespace {

constexpr char kEscaped = '\xff';  // After a 0x00 that belongs to the value.
constexpr char kEnd = '\x01';      // After the 0x00 that ends the part.

constexpr unsigned char kNegativeMark = 0x7f;
constexpr unsigned char kZeroMark = 0x80;
constexpr unsigned char kPositiveMark = 0x81;

constexpr int kMaxPairs = Number::kMaxDigits / 2;

constexpr std::size_t kTokenBytes = sizeof(std::uint64_t);

void append_escaped(BytesView bytes, Bytes* out) {
  while (true) {
    const std::size_t zero = bytes.find('\0');
    if (zero == BytesView::npos) break;
    out->append(bytes.substr(0, zero + 1));
    out->push_back(kEscaped);
    bytes.remove_prefix(zero + 1);
  }
  out->append(bytes);
}

void append_number(const Number& number, Bytes* out) {
  if (number.is_zero()) {
    out->push_back(static_cast<char>(kZeroMark));
    return;
  }
  char digits[Number::kMaxDigits + 1];
  const int count = number.write_digits(digits);
  digits[count] = '0';  // Fills up an odd count.
  const int magnitude = number.exponent() + count - 1;
  const unsigned char flip = number.is_negative() ? 0xff : 0;

  unsigned char part[2 + kMaxPairs];
  int length = 0;
  part[length++] = number.is_negative() ? kNegativeMark : kPositiveMark;
  part[length++] = static_cast<unsigned char>(magnitude - Number::kMinMagnitude) ^ flip;
  for (int i = 0; i < count; i += 2) {
    const int pair = (digits[i] - '0') * 10 + (digits[i + 1] - '0');
    const bool more = i + 2 < count;
    part[length++] = static_cast<unsigned char>(2 * pair + (more ? 1 : 0)) ^ flip;
  }
  out->append(reinterpret_cast<const char*>(part), static_cast<std::size_t>(length));
}

// Reads up to the end mark; nullopt when there is none or an escape is not one.
std::optional<BytesView> read_escaped(const char** cursor, const char* end, Arena* arena) {
  const char* const begin = *cursor;
  std::size_t escapes = 0;
  const char* position = begin;
  while (true) {
    const void* const found = std::memchr(position, 0, static_cast<std::size_t>(end - position));
    if (found == nullptr) return std::nullopt;
    position = static_cast<const char*>(found) + 1;
    if (position == end) return std::nullopt;
    const char mark = *position++;
    if (mark == kEnd) break;
    if (mark != kEscaped) return std::nullopt;
    ++escapes;
  }
  *cursor = position;
  const BytesView escaped(begin, static_cast<std::size_t>(position - begin) - 2);
  if (escapes == 0) return escaped;

  char* const plain = static_cast<char*>(arena->allocate(escaped.size() - escapes, 1));
  char* write = plain;
  for (const char* read = escaped.data(); read != escaped.data() + escaped.size(); ++read) {
    *write++ = *read;
    if (*read == '\0') ++read;  // Its escape mark.
  }
  return BytesView(plain, escaped.size() - escapes);
}

std::optional<Number> read_number(const char** cursor, const char* end) {
  if (*cursor == end) return std::nullopt;
  const auto mark = static_cast<unsigned char>(*(*cursor)++);
  if (mark == kZeroMark) return Number();
  if (mark != kNegativeMark && mark != kPositiveMark) return std::nullopt;
  const unsigned char flip = mark == kNegativeMark ? 0xff : 0;
  if (*cursor == end) return std::nullopt;
  const int magnitude = (static_cast<unsigned char>(*(*cursor)++) ^ flip) + Number::kMinMagnitude;

  unsigned __int128 coefficient = 0;
  int pairs = 0;
  for (bool more = true; more;) {
    if (*cursor == end || pairs == kMaxPairs) return std::nullopt;
    const unsigned byte = static_cast<unsigned char>(*(*cursor)++) ^ flip;
    const unsigned pair = byte / 2;
    more = (byte & 1) != 0;
    const bool leading_zero = pairs == 0 && pair < 10;
    const bool trailing_zeros = !more && pair == 0;
    if (pair > 99 || leading_zero || trailing_zeros) return std::nullopt;
    coefficient = coefficient * 100 + pair;
    ++pairs;
  }
  Number number;
  const int exponent = magnitude - (2 * pairs - 1);
  if (!Number::from_parts(mark == kNegativeMark, coefficient, exponent, &number)) return std::nullopt;
  return number;
}

}  // namespace

std::uint64_t partition_token(BytesView encoded_partition_key) {
  return XXH3_64bits(encoded_partition_key.data(), encoded_partition_key.size());
}

void append_key_part_prefix(const Value& value, Bytes* out) { append_escaped(value.bytes(), out); }

void append_key_part(const Value& value, Bytes* out) {
  ARMATURE_ASSERT(is_ordered(value.type()));
  if (value.is(Type::kNumber)) {
    append_number(value.number(), out);
    return;
  }
  append_escaped(value.bytes(), out);
  out->push_back('\0');
  out->push_back(kEnd);
}

std::optional<Value> read_key_part(Type type, const char** cursor, const char* end, Arena* arena) {
  ARMATURE_ASSERT(is_ordered(type));
  if (type == Type::kNumber) {
    const std::optional<Number> number = read_number(cursor, end);
    if (!number) return std::nullopt;
    return Value::number(*number);
  }
  const std::optional<BytesView> bytes = read_escaped(cursor, end, arena);
  if (!bytes) return std::nullopt;
  return type == Type::kString ? Value::string(*bytes) : Value::binary(*bytes);
}

Bytes encode_collection_prefix(const Value& partition_key) {
  Bytes key(kTokenBytes, '\0');
  append_key_part(partition_key, &key);
  const std::uint64_t token = __builtin_bswap64(partition_token(BytesView(key).substr(kTokenBytes)));
  std::memcpy(key.data(), &token, kTokenBytes);
  return key;
}

Bytes encode_item_key(const Value& partition_key, const Value* sort_key) {
  Bytes key = encode_collection_prefix(partition_key);
  if (sort_key != nullptr) append_key_part(*sort_key, &key);
  return key;
}

}  // namespace armature
