// Attribute values while a request works on them: small, trivially copyable views whose bytes live in
// the request's arena (base/arena.h), in the request body, or in the stored item they were read from.
// Who makes a Value says what it borrows; nobody keeps one past its request.
// Source: API Reference, "AttributeValue".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"
#include "base/bytes.h"
#include "model/number.h"

namespace armature {

enum class Type : std::uint8_t {
  kString = 0,
  kNumber = 1,
  kBinary = 2,
  kStringSet = 3,
  kNumberSet = 4,
  kBinarySet = 5,
  kMap = 6,
  kList = 7,
  kNull = 8,
  kBool = 9,
};

// "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL".
std::string_view type_name(Type type);

struct Attribute;

class Value {
 public:
  Value() : type_(Type::kNull), boolean_(true) {}
  static Value string(std::string_view text) { return Value(Type::kString, text); }
  static Value binary(BytesView bytes) { return Value(Type::kBinary, bytes); }
  static Value number(const Number& number) { return Value(number); }
  static Value boolean(bool value) { return Value(value); }
  static Value null() { return Value(); }
  static Value string_set(std::span<const std::string_view> members) { return Value(Type::kStringSet, members); }
  static Value binary_set(std::span<const BytesView> members) { return Value(Type::kBinarySet, members); }
  static Value number_set(std::span<const Number> members) { return Value(members); }
  static Value list(std::span<const Value> elements) { return Value(elements); }
  static Value map(std::span<const Attribute> entries) { return Value(entries); }

  Type type() const { return type_; }
  bool is(Type type) const { return type_ == type; }

  // Each accessor asserts the type.
  std::string_view bytes() const {  // kString or kBinary.
    ARMATURE_ASSERT(type_ == Type::kString || type_ == Type::kBinary);
    return bytes_;
  }
  const Number& number() const { return check(Type::kNumber), number_; }
  bool boolean() const { return check(Type::kBool), boolean_; }
  std::span<const std::string_view> byte_members() const {  // kStringSet or kBinarySet.
    ARMATURE_ASSERT(type_ == Type::kStringSet || type_ == Type::kBinarySet);
    return byte_members_;
  }
  std::span<const Number> number_members() const { return check(Type::kNumberSet), number_members_; }
  std::span<const Value> elements() const { return check(Type::kList), elements_; }
  std::span<const Attribute> entries() const { return check(Type::kMap), entries_; }

 private:
  Value(Type type, std::string_view bytes) : type_(type), bytes_(bytes) {}
  explicit Value(const Number& number) : type_(Type::kNumber), number_(number) {}
  explicit Value(bool boolean) : type_(Type::kBool), boolean_(boolean) {}
  Value(Type type, std::span<const std::string_view> members) : type_(type), byte_members_(members) {}
  explicit Value(std::span<const Number> members) : type_(Type::kNumberSet), number_members_(members) {}
  explicit Value(std::span<const Value> elements) : type_(Type::kList), elements_(elements) {}
  explicit Value(std::span<const Attribute> entries) : type_(Type::kMap), entries_(entries) {}

  void check(Type type) const { ARMATURE_ASSERT(type_ == type); }

  Type type_;
  union {
    std::string_view bytes_;
    Number number_;
    bool boolean_;
    std::span<const std::string_view> byte_members_;
    std::span<const Number> number_members_;
    std::span<const Value> elements_;
    std::span<const Attribute> entries_;
  };
};

// A name and its value. Names of one item or map are distinct; their order has no meaning.
struct Attribute {
  std::string_view name;
  Value value;
};

// Equality as DynamoDB defines it: same type; numbers by value; sets and maps without order; deep.
bool operator==(const Value& a, const Value& b);

// Order of two values of one ordered type (S, N, B); asserts that they have one. -1, 0 or 1.
int compare_ordered(const Value& a, const Value& b);
bool is_ordered(Type type);  // S, N or B.
bool is_set(Type type);

// A deep copy whose every byte lives in `arena`.
Value copy_value(const Value& value, Arena* arena);

// What a list or map costs besides its content, and what each element or entry adds to its own size.
inline constexpr std::size_t kContainerSizeBytes = 3;
inline constexpr std::size_t kElementSizeBytes = 1;

// Bytes DynamoDB counts for the value, without its name. Source: Developer Guide, "DynamoDB item sizes and formats".
std::size_t value_size_bytes(const Value& value);

// Most levels a top-level attribute may have. Source: Developer Guide, "Quotas in Amazon DynamoDB".
inline constexpr int kMaxNestingLevels = 32;

// Levels of nesting below and including this value: 1 for a scalar or set, 2 for [] or {"a": scalar}… At most 32 is
// allowed for a top-level attribute.
int nesting_levels(const Value& value);

// The value of `name` among `attributes`; nullptr when absent. Linear.
const Value* find_attribute(std::span<const Attribute> attributes, std::string_view name);

}  // namespace armature
