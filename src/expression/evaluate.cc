// Evaluation of conditions on stored bytes: scalars are compared where they lie, and only a list, map or set that has
// to be compared with a value of the request is decoded.
#include <optional>

#include "expression/ast.h"
#include "expression/condition.h"
#include "expression/size_function.h"

namespace armature::expression {
namespace {

// What an operand stands for in one item: nothing, stored bytes, or a value of the request (or a size).
class Subject {
 public:
  Subject() = default;
  explicit Subject(const EncodedValue& encoded) : kind_(Kind::kEncoded), encoded_(encoded) {}
  explicit Subject(const Value& value) : kind_(Kind::kValue), value_(value) {}

  bool exists() const { return kind_ != Kind::kMissing; }
  bool is_encoded() const { return kind_ == Kind::kEncoded; }
  const EncodedValue& encoded() const { return encoded_; }
  const Value& value() const { return value_; }  // Unless is_encoded().

  Type type() const { return is_encoded() ? encoded_.type() : value_.type(); }
  BytesView bytes() const { return is_encoded() ? encoded_.bytes() : value_.bytes(); }
  Number number() const { return is_encoded() ? encoded_.number() : value_.number(); }
  bool boolean() const { return is_encoded() ? encoded_.boolean() : value_.boolean(); }
  std::optional<std::size_t> size() const { return is_encoded() ? size_of(encoded_) : size_of(value_); }
  Value decode(Arena* arena) const { return is_encoded() ? encoded_.decode(arena) : value_; }

 private:
  enum class Kind : std::uint8_t { kMissing, kEncoded, kValue };
  Kind kind_ = Kind::kMissing;
  EncodedValue encoded_;
  Value value_;
};

bool same(const Subject& a, const Subject& b, Arena* arena) {
  if (a.type() != b.type()) return false;
  if (a.is_encoded() && b.is_encoded()) return a.encoded().raw() == b.encoded().raw();
  switch (a.type()) {
    case Type::kString:
    case Type::kBinary: return a.bytes() == b.bytes();
    case Type::kNumber: return a.number() == b.number();
    case Type::kBool: return a.boolean() == b.boolean();
    case Type::kNull: return true;
    case Type::kStringSet:
    case Type::kNumberSet:
    case Type::kBinarySet:
    case Type::kMap:
    case Type::kList: return a.size() == b.size() && a.decode(arena) == b.decode(arena);
  }
  return false;
}

// The order of two subjects that have one: both S, both N or both B.
std::optional<int> order(const Subject& a, const Subject& b) {
  if (!a.exists() || !b.exists() || a.type() != b.type() || !is_ordered(a.type())) return std::nullopt;
  if (a.type() == Type::kNumber) {
    const auto ordering = a.number() <=> b.number();
    return ordering < 0 ? -1 : (ordering > 0 ? 1 : 0);
  }
  return a.bytes().compare(b.bytes());
}

bool is_string_or_binary(Type type) { return type == Type::kString || type == Type::kBinary; }

bool begins_with(const Subject& whole, const Subject& prefix) {
  return whole.exists() && prefix.exists() && whole.type() == prefix.type() && is_string_or_binary(whole.type()) &&
         whole.bytes().substr(0, prefix.bytes().size()) == prefix.bytes();
}

bool set_contains(const Subject& set, const Subject& member) {
  bool found = false;
  if (set.type() == Type::kNumberSet) {
    if (member.type() != Type::kNumber) return false;
    const Number wanted = member.number();
    const auto look = [&](const Number& number) { found = found || number == wanted; };
    if (set.is_encoded()) {
      set.encoded().for_each_number_member(look);
    } else {
      for (const Number& number : set.value().number_members()) look(number);
    }
    return found;
  }
  if (member.type() != (set.type() == Type::kStringSet ? Type::kString : Type::kBinary)) return false;
  const BytesView wanted = member.bytes();
  const auto look = [&](BytesView bytes) { found = found || bytes == wanted; };
  if (set.is_encoded()) {
    set.encoded().for_each_byte_member(look);
  } else {
    for (const BytesView bytes : set.value().byte_members()) look(bytes);
  }
  return found;
}

bool list_contains(const Subject& list, const Subject& element, Arena* arena) {
  bool found = false;
  if (list.is_encoded()) {
    list.encoded().for_each_element(
        [&](const EncodedValue& candidate) { found = found || same(Subject(candidate), element, arena); });
  } else {
    for (const Value& candidate : list.value().elements()) {
      found = found || same(Subject(candidate), element, arena);
    }
  }
  return found;
}

// A part of a string or binary, a member of a set, an element of a list. Never the keys of a map, never a subset.
bool contains(const Subject& whole, const Subject& part, Arena* arena) {
  if (!whole.exists() || !part.exists()) return false;
  switch (whole.type()) {
    case Type::kString:
    case Type::kBinary: return part.type() == whole.type() && whole.bytes().find(part.bytes()) != BytesView::npos;
    case Type::kStringSet:
    case Type::kNumberSet:
    case Type::kBinarySet: return set_contains(whole, part);
    case Type::kList: return list_contains(whole, part, arena);
    case Type::kNumber:
    case Type::kMap:
    case Type::kNull:
    case Type::kBool: return false;
  }
  return false;
}

class Evaluator {
 public:
  Evaluator(const ItemView* item, Arena* arena) : item_(item), arena_(arena) {}

  bool holds(const Condition& condition) const {
    const std::span<const Operand> operands = condition.operands;
    switch (condition.kind) {
      case Condition::Kind::kAnd:
        for (const Condition* child : condition.children) {
          if (!holds(*child)) return false;
        }
        return true;
      case Condition::Kind::kOr:
        for (const Condition* child : condition.children) {
          if (holds(*child)) return true;
        }
        return false;
      case Condition::Kind::kNot: return !holds(*condition.children[0]);
      case Condition::Kind::kComparison:
        return compare(condition.comparison, subject(operands[0]), subject(operands[1]));
      case Condition::Kind::kBetween: return between(operands);
      case Condition::Kind::kIn: return in(operands);
      case Condition::Kind::kAttributeExists: return subject(operands[0]).exists();
      case Condition::Kind::kAttributeNotExists: return !subject(operands[0]).exists();
      case Condition::Kind::kAttributeType: {
        const Subject tested = subject(operands[0]);
        return tested.exists() && tested.type() == condition.attribute_type;
      }
      case Condition::Kind::kBeginsWith: return begins_with(subject(operands[0]), subject(operands[1]));
      case Condition::Kind::kContains: return contains(subject(operands[0]), subject(operands[1]), arena_);
    }
    return false;
  }

 private:
  Subject subject(const Operand& operand) const {
    switch (operand.kind) {
      case Operand::Kind::kValue:
      case Operand::Kind::kSizeOfValue: return Subject(operand.value);
      case Operand::Kind::kPath: {
        const std::optional<EncodedValue> found = find(operand.path);
        return found ? Subject(*found) : Subject();
      }
      case Operand::Kind::kSizeOfPath: {
        const std::optional<EncodedValue> found = find(operand.path);
        const std::optional<std::size_t> size = found ? size_of(*found) : std::nullopt;
        return size ? Subject(Value::number(Number::from_int(static_cast<std::int64_t>(*size)))) : Subject();
      }
    }
    return Subject();
  }

  std::optional<EncodedValue> find(const DocumentPath& path) const {
    return item_ == nullptr ? std::nullopt : resolve(*item_, path);
  }

  // What is missing equals nothing, not even what else is missing.
  bool equal(const Subject& a, const Subject& b) const { return a.exists() && b.exists() && same(a, b, arena_); }

  bool compare(Comparison comparison, const Subject& left, const Subject& right) const {
    switch (comparison) {
      case Comparison::kEqual: return equal(left, right);
      case Comparison::kNotEqual: return !equal(left, right);
      case Comparison::kLess: return order(left, right).value_or(0) < 0;
      case Comparison::kLessOrEqual: return order(left, right).value_or(1) <= 0;
      case Comparison::kGreater: return order(left, right).value_or(0) > 0;
      case Comparison::kGreaterOrEqual: return order(left, right).value_or(-1) >= 0;
    }
    return false;
  }

  bool between(std::span<const Operand> operands) const {
    const Subject tested = subject(operands[0]);
    return order(subject(operands[1]), tested).value_or(1) <= 0 && order(tested, subject(operands[2])).value_or(1) <= 0;
  }

  bool in(std::span<const Operand> operands) const {
    const Subject tested = subject(operands[0]);
    if (!tested.exists()) return false;
    for (const Operand& member : operands.subspan(1)) {
      if (equal(tested, subject(member))) return true;
    }
    return false;
  }

  const ItemView* item_;
  Arena* arena_;
};

}  // namespace

bool evaluate(const Condition& condition, const ItemView* item, Arena* arena) {
  return Evaluator(item, arena).holds(condition);
}

}  // namespace armature::expression
