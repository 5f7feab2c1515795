#include "expression/condition.h"

#include <gtest/gtest.h>

#include "draws.h"

namespace armature::test {
namespace {

// The meaning of conditions written down once more, as plainly as possible, on decoded values.
class Naive {
 public:
  explicit Naive(std::span<const Attribute> item) : item_(item) {}

  bool holds(const Condition& condition) const {
    using Kind = Condition::Kind;
    const auto operand = [&](std::size_t i) { return value(condition.operands[i]); };
    switch (condition.kind) {
      case Kind::kAnd:
        return std::all_of(condition.children.begin(), condition.children.end(), [&](auto* c) { return holds(*c); });
      case Kind::kOr:
        return std::any_of(condition.children.begin(), condition.children.end(), [&](auto* c) { return holds(*c); });
      case Kind::kNot: return !holds(*condition.children[0]);
      case Kind::kComparison: return compare(condition.comparison, operand(0), operand(1));
      case Kind::kBetween:
        return compare(Comparison::kLessOrEqual, operand(1), operand(0)) &&
               compare(Comparison::kLessOrEqual, operand(0), operand(2));
      case Kind::kIn:
        for (std::size_t i = 1; i < condition.operands.size(); ++i) {
          if (compare(Comparison::kEqual, operand(0), operand(i))) return true;
        }
        return false;
      case Kind::kAttributeExists: return operand(0).has_value();
      case Kind::kAttributeNotExists: return !operand(0).has_value();
      case Kind::kAttributeType: return operand(0) && operand(0)->is(condition.attribute_type);
      case Kind::kBeginsWith: return begins(operand(0), operand(1));
      case Kind::kContains: return contains(operand(0), operand(1));
    }
    return false;
  }

 private:
  using Maybe = std::optional<Value>;

  Maybe value(const Operand& operand) const {
    if (!operand.has_path()) return operand.value;
    const Value* const found = resolve(item_, operand.path);
    if (found == nullptr) return std::nullopt;
    if (operand.kind == Operand::Kind::kPath) return *found;
    switch (found->type()) {
      case Type::kString:
      case Type::kBinary: return N(static_cast<std::int64_t>(found->bytes().size()));  // The draws are ASCII.
      case Type::kStringSet:
      case Type::kBinarySet: return N(static_cast<std::int64_t>(found->byte_members().size()));
      case Type::kNumberSet: return N(static_cast<std::int64_t>(found->number_members().size()));
      case Type::kList: return N(static_cast<std::int64_t>(found->elements().size()));
      case Type::kMap: return N(static_cast<std::int64_t>(found->entries().size()));
      default: return std::nullopt;
    }
  }

  static bool compare(Comparison comparison, const Maybe& a, const Maybe& b) {
    const bool equal = a && b && *a == *b;
    if (comparison == Comparison::kEqual) return equal;
    if (comparison == Comparison::kNotEqual) return !equal;
    if (!a || !b || a->type() != b->type() || !is_ordered(a->type())) return false;
    const int order = compare_ordered(*a, *b);
    switch (comparison) {
      case Comparison::kLess: return order < 0;
      case Comparison::kLessOrEqual: return order <= 0;
      case Comparison::kGreater: return order > 0;
      default: return order >= 0;
    }
  }

  static bool is_text(const Maybe& a) { return a && (a->is(Type::kString) || a->is(Type::kBinary)); }

  static bool begins(const Maybe& a, const Maybe& b) {
    return is_text(a) && is_text(b) && a->type() == b->type() && a->bytes().starts_with(b->bytes());
  }

  static bool contains(const Maybe& a, const Maybe& b) {
    if (!a || !b) return false;
    if (is_text(a)) return a->type() == b->type() && a->bytes().find(b->bytes()) != std::string_view::npos;
    std::vector<Value> members;
    if (a->is(Type::kList)) members.assign(a->elements().begin(), a->elements().end());
    if (a->is(Type::kNumberSet)) {
      for (const Number& member : a->number_members()) members.push_back(Value::number(member));
    }
    if (a->is(Type::kStringSet) || a->is(Type::kBinarySet)) {
      for (const std::string_view member : a->byte_members()) {
        members.push_back(a->is(Type::kStringSet) ? Value::string(member) : Value::binary(member));
      }
    }
    return std::find(members.begin(), members.end(), *b) != members.end();
  }

  std::span<const Attribute> item_;
};

bool holds(const Condition& condition, std::span<const Attribute> attributes) {
  const Bytes encoded = encode_item(attributes);
  const ItemView item(encoded);
  return evaluate(condition, &item, arena());
}

TEST(ConditionProperty, StoredBytesAndDecodedValuesGiveTheSameVerdict) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    for (int i = 0; i < 10; ++i) {
      const Condition* const condition = draw_condition();
      RC_ASSERT(holds(*condition, item) == Naive(item).holds(*condition));
    }
  }));
}

TEST(ConditionProperty, NoItemIsLikeAnItemWithoutAttributes) {
  EXPECT_TRUE(rc::check([] {
    const Condition* const condition = draw_condition();
    RC_ASSERT(evaluate(*condition, nullptr, arena()) == holds(*condition, {}));
  }));
}

TEST(ConditionProperty, NegatingTwiceChangesNothing) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const Condition* const condition = draw_condition();
    const Condition* const negated = make_not(condition, arena());
    RC_ASSERT(holds(*negated, item) == !holds(*condition, item));
    RC_ASSERT(holds(*make_not(negated, arena()), item) == holds(*condition, item));
  }));
}

TEST(ConditionProperty, DeMorgan) {
  EXPECT_TRUE(rc::check([] {
    const auto item = draw_item();
    const Condition* const a = draw_condition(1);
    const Condition* const b = draw_condition(1);
    const Condition* const both[] = {a, b};
    const Condition* const neither[] = {make_not(a, arena()), make_not(b, arena())};
    RC_ASSERT(holds(*make_not(make_and(both, arena()), arena()), item) == holds(*make_or(neither, arena()), item));
  }));
}

}  // namespace
}  // namespace armature::test
