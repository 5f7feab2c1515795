// Random items, paths and conditions, from few names and values, so that paths often lead somewhere and comparisons
// often hold.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "expression/ast.h"
#include "support/values.h"

namespace armature::test {

using namespace armature::expression;

inline bool coin() { return *rc::gen::arbitrary<bool>(); }

inline std::string_view draw_name() { return *rc::gen::element<std::string_view>("a", "b", "c"); }

inline Value draw_scalar() {
  return *rc::gen::element<Value>(N(0), N(1), N("1.0"), N(2), N("-0.5"), S(""), S("a"), S("ab"), S("b"), S("M"), B("a"),
                                  B("ab"), BOOL(true), BOOL(false), Null());
}

inline Value draw_set() {
  return *rc::gen::element<Value>(SS({"a"}), SS({"b", "a"}), SS({"a", "b", "c"}), NS({"1"}), NS({"2", "1.0"}),
                                  BS({"a"}), BS({"ab", "a"}));
}

Value draw_value(int levels_below);

inline std::span<const Attribute> draw_entries(int levels_below) {
  std::vector<Attribute> entries;
  for (const std::string_view name : {"c", "a", "b"}) {
    if (coin()) entries.push_back({name, draw_value(levels_below)});
  }
  return arena()->copy_array(entries);
}

inline std::span<const Value> draw_elements(int levels_below) {
  std::vector<Value> elements;
  for (int count = *rc::gen::inRange(0, 4); count > 0; --count) elements.push_back(draw_value(levels_below));
  return arena()->copy_array(elements);
}

inline Value draw_value(int levels_below) {
  switch (*rc::gen::inRange(0, levels_below > 0 ? 6 : 3)) {
    case 0:
    case 1: return draw_scalar();
    case 2: return draw_set();
    case 3: return Value::list(draw_elements(levels_below - 1));
    default: return Value::map(draw_entries(levels_below - 1));
  }
}

inline std::span<const Attribute> draw_item() { return draw_entries(3); }

inline DocumentPath draw_path() {
  std::vector<PathStep> steps{PathStep::attribute(draw_name())};
  for (int more = *rc::gen::weightedElement<int>({{3, 0}, {3, 1}, {2, 2}, {1, 3}}); more > 0; --more) {
    steps.push_back(coin() ? PathStep::attribute(draw_name())
                           : PathStep::element(static_cast<std::uint32_t>(*rc::gen::inRange(0, 4))));
  }
  return {arena()->copy_array(steps)};
}

inline Operand draw_operand() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0: return size_operand(draw_path());
    case 1:
    case 2: return value_operand(draw_value(2));
    default: return path_operand(draw_path());
  }
}

inline const Condition* draw_test() {
  using Kind = Condition::Kind;
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return make_test(Kind::kBetween, {draw_operand(), draw_operand(), draw_operand()}, arena());
    case 1: return make_test(Kind::kIn, {draw_operand(), draw_operand(), draw_operand()}, arena());
    case 2:
      return make_test(coin() ? Kind::kAttributeExists : Kind::kAttributeNotExists, {path_operand(draw_path())},
                       arena());
    case 3: return make_type_test(draw_operand(), *rc::gen::element(Type::kString, Type::kNumber, Type::kMap), arena());
    case 4: return make_test(Kind::kBeginsWith, {draw_operand(), draw_operand()}, arena());
    case 5: return make_test(Kind::kContains, {draw_operand(), draw_operand()}, arena());
    default:
      return make_comparison(static_cast<Comparison>(*rc::gen::inRange(0, 6)), draw_operand(), draw_operand(), arena());
  }
}

inline const Condition* draw_condition(int levels_below = 3) {
  if (levels_below == 0) return draw_test();
  switch (*rc::gen::inRange(0, 5)) {
    case 0: return make_not(draw_condition(levels_below - 1), arena());
    case 1:
    case 2: {
      std::vector<const Condition*> children;
      for (int count = *rc::gen::inRange(0, 4); count > 0; --count)
        children.push_back(draw_condition(levels_below - 1));
      return coin() ? make_and(children, arena()) : make_or(children, arena());
    }
    default: return draw_test();
  }
}

}  // namespace armature::test

namespace armature {

// How RapidCheck shows a counterexample.
inline void showValue(const Value& value, std::ostream& out) { out << test::to_text(value); }
inline void showValue(std::span<const Attribute> attributes, std::ostream& out) { out << test::to_text(attributes); }

}  // namespace armature
