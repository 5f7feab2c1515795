// Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB".
#include "expression/condition.h"

#include <gtest/gtest.h>

#include "expression/describe.h"
#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

std::string invalid_condition(std::string_view text) { return "Invalid ConditionExpression: " + std::string(text); }

std::string wrong_type(std::string_view operation, std::string_view type) {
  return invalid_condition("Incorrect operand type for operator or function; operator or function: " +
                           std::string(operation) + ", operand type: " + std::string(type));
}

TEST(Comparisons, OfAMissingAttributeAreFalseExceptNotEqual) {
  for (const Bytes& subject : {kNoItem, item({{"b", N(1)}})}) {
    for (const char* text :
         {"a = :v", "a < :v", "a <= :v", "a > :v", "a >= :v", "a BETWEEN :v AND :v", "a IN (:v)", "begins_with(a, :s)",
          "contains(a, :v)", "size(a) = :v", "size(a) >= :v", "a = x", ":v = a", "attribute_type(a, :s)"}) {
      EXPECT_EQ(verdict(text, subject, {{":v", N(1)}, {":s", S("S")}}), "false") << text;
    }
    for (const char* text : {"a <> :v", "a <> x", "NOT a = :v", "size(a) <> :v", "attribute_not_exists(a)"}) {
      EXPECT_EQ(verdict(text, subject, {{":v", N(1)}}), "true") << text;
    }
  }
}

TEST(Comparisons, OfDifferentTypesAreFalseExceptNotEqual) {
  const Bytes subject = item({{"a", S("1")}, {"l", L({})}});
  for (const char* text :
       {"a = :v", "a < :v", "a <= :v", "a > :v", "a >= :v", "a BETWEEN :v AND :v", "l < :v", "l >= :v"}) {
    EXPECT_EQ(verdict(text, subject, {{":v", N(1)}}), "false") << text;
  }
  EXPECT_EQ(verdict("a <> :v", subject, {{":v", N(1)}}), "true");
}

TEST(Comparisons, OrderNumbersByValueAndBytesUnsigned) {
  const Bytes subject = item({{"n", N("10")}, {"s", S("z")}, {"b", B("\x80")}});
  EXPECT_EQ(verdict("n > :v AND n >= :w AND NOT n < :w", subject, {{":v", N("9")}, {":w", N("1e1")}}), "true");
  EXPECT_EQ(verdict("s < :v", subject, {{":v", S("\xC3\xA9")}}), "true");
  EXPECT_EQ(verdict("b > :v", subject, {{":v", B("\x7F")}}), "true");
  EXPECT_EQ(verdict("s <= :v AND s >= :v", subject, {{":v", S("z")}}), "true");
}

TEST(Comparisons, TakeTwoAttributesOrTheValueFirst) {
  const Bytes subject = item({{"a", N(1)}, {"b", N(2)}, {"c", N("1.0")}});
  EXPECT_EQ(verdict("a < b AND a = c AND :v > a", subject, {{":v", N(2)}}), "true");
}

TEST(Equality, IsDeepAndWithoutOrderInSetsAndMaps) {
  const Value deep = L({M({{"x", N("1.0")}, {"y", Null()}}), SS({"a", "b"})});
  const Value same = L({M({{"y", Null()}, {"x", N("1")}}), SS({"b", "a"})});
  const Value other = L({M({{"y", Null()}, {"x", N("2")}}), SS({"b", "a"})});
  EXPECT_EQ(verdict("a = :v", item({{"a", deep}}), {{":v", same}}), "true");
  EXPECT_EQ(verdict("a = :v", item({{"a", deep}}), {{":v", other}}), "false");
  EXPECT_EQ(verdict("a = b", item({{"a", deep}, {"b", same}}), {}), "true");
  EXPECT_EQ(verdict("a = :v", item({{"a", Null()}}), {{":v", Null()}}), "true");
  EXPECT_EQ(verdict("a = :v", item({{"a", BOOL(true)}}), {{":v", BOOL(false)}}), "false");
  EXPECT_EQ(verdict("a = :v", item({{"a", NS({"1", "2"})}}), {{":v", NS({"2.0", "1"})}}), "true");
}

TEST(OrderedComparisons, RefuseUnorderedTypesOfTheRequestOnly) {
  for (const char* sign : {"<", "<=", ">", ">="}) {
    EXPECT_EQ(condition_error("a " + std::string(sign) + " :v", {{":v", L({})}}), wrong_type(sign, "L"));
  }
  EXPECT_EQ(condition_error(":v < a", {{":v", BOOL(true)}}), wrong_type("<", "BOOL"));
  EXPECT_EQ(condition_error("a < :v", {{":v", Null()}}), wrong_type("<", "NULL"));
  EXPECT_EQ(condition_error("a < :v", {{":v", SS({"x"})}}), wrong_type("<", "SS"));
  EXPECT_EQ(condition_error("a BETWEEN :v AND :v", {{":v", M({})}}), wrong_type("BETWEEN", "M"));
  EXPECT_EQ(verdict("a < b", item({{"a", L({})}, {"b", L({N(1)})}})), "false");
  EXPECT_EQ(condition_error("a = :v AND a <> :v", {{":v", L({})}}), "");
}

TEST(Between, IsInclusive) {
  for (const char* value : {"1", "2", "3"}) {
    EXPECT_EQ(verdict("a BETWEEN :l AND :h", item({{"a", N(value)}}), {{":l", N(1)}, {":h", N(3)}}), "true") << value;
  }
  EXPECT_EQ(verdict("a BETWEEN :l AND :h", item({{"a", N("3.1")}}), {{":l", N(1)}, {":h", N(3)}}), "false");
  EXPECT_EQ(verdict(":v BETWEEN a AND b", item({{"a", N(1)}, {"b", N(3)}}), {{":v", N(2)}}), "true");
}

TEST(Between, RefusesBoundsOfTheRequestThatDoNotFit) {
  EXPECT_EQ(
      condition_error("a BETWEEN :l AND :h", {{":l", S("y")}, {":h", N(1)}}),
      invalid_condition("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
                        "AttributeValue: {S:y}, upper bound operand: AttributeValue: {N:1}"));
  EXPECT_EQ(
      condition_error("a BETWEEN :l AND :h", {{":l", N(2)}, {":h", N(1)}}),
      invalid_condition("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower "
                        "bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"));
  EXPECT_EQ(verdict("a BETWEEN l AND h", item({{"a", N(1)}, {"l", N(2)}, {"h", N(0)}})), "false");
  EXPECT_EQ(verdict("a BETWEEN l AND :h", item({{"a", N(1)}, {"l", S("x")}}), {{":h", N(2)}}), "false");
}

TEST(In, IsEqualityWithAnyMember) {
  const Bytes subject = item({{"a", N(2)}, {"b", N(2)}});
  EXPECT_EQ(verdict("a IN (:v, :w)", subject, {{":v", S("2")}, {":w", N("2.0")}}), "true");
  EXPECT_EQ(verdict("a IN (:v, b)", subject, {{":v", N(3)}}), "true");
  EXPECT_EQ(verdict("a IN (:v, absent)", subject, {{":v", N(3)}}), "false");
  EXPECT_EQ(verdict("l IN (:l)", item({{"l", L({N(1)})}}), {{":l", L({N(1)})}}), "true");
}

TEST(FirstOperand, IsDistinctFromTheOthers) {
  const auto error = [](std::string_view operation, std::string_view path) {
    return invalid_condition(
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: " +
        std::string(operation) + ", first operand: " + std::string(path));
  };
  EXPECT_EQ(condition_error("a = a"), error("=", "[a]"));
  EXPECT_EQ(condition_error("a.b[0] <> a.b[0]"), error("<>", "[a, b, [0]]"));
  EXPECT_EQ(condition_error("contains(a, a)"), error("contains", "[a]"));
  EXPECT_EQ(condition_error("#n = a", {}, {{"#n", "a"}}), error("=", "[a]"));
  EXPECT_EQ(condition_error("a IN (b, a)"), error("IN", "[a]"));
  EXPECT_EQ(condition_error("a IN (b, b)"), "");
}

TEST(Logic, NotBindsTighterThanAndThanOr) {
  const Bytes subject = item({{"a", N(1)}});
  const Attribute one{":t", N(1)};
  const Attribute two{":f", N(2)};
  EXPECT_EQ(verdict("a = :t OR a = :t AND a = :f", subject, {one, two}), "true");
  EXPECT_EQ(verdict("(a = :t OR a = :t) AND a = :f", subject, {one, two}), "false");
  EXPECT_EQ(verdict("NOT a = :f AND a = :t", subject, {one, two}), "true");
  EXPECT_EQ(verdict("NOT (a = :f AND a = :t)", subject, {one, two}), "true");
  EXPECT_EQ(verdict("NOT a = :t OR a = :t", subject, {one, two}), "true");
  EXPECT_EQ(verdict("NOT NOT a = :t", subject, {one}), "true");
}

// --- Functions ---

TEST(AttributeExists, LooksForAnyValueAtAPath) {
  const Bytes subject = item({{"a", Null()}, {"m", M({{"l", L({N(1)})}})}});
  EXPECT_EQ(verdict("attribute_exists(a) AND attribute_exists(m.l[0])", subject), "true");
  EXPECT_EQ(verdict("attribute_exists(m.l[1]) OR attribute_exists(m[0]) OR attribute_exists(a.b)", subject), "false");
  EXPECT_EQ(verdict("attribute_not_exists(m.x) AND attribute_not_exists(z)", subject), "true");
  EXPECT_EQ(verdict("attribute_exists(a)", kNoItem), "false");
}

TEST(AttributeExists, TakesAPathOnly) {
  const auto error = [](std::string_view function) {
    return invalid_condition("Operator or function requires a document path; operator or function: " +
                             std::string(function));
  };
  EXPECT_EQ(condition_error("attribute_exists(:v)", {{":v", N(1)}}), error("attribute_exists"));
  EXPECT_EQ(condition_error("attribute_not_exists(:v)", {{":v", N(1)}}), error("attribute_not_exists"));
  EXPECT_EQ(condition_error("attribute_exists(size(a))"), error("attribute_exists"));
}

TEST(AttributeType, NamesEachType) {
  const std::pair<const char*, Value> rows[] = {
      {"S", S("x")}, {"N", N(1)},  {"B", B("x")},     {"BOOL", BOOL(true)}, {"NULL", Null()},
      {"L", L({})},  {"M", M({})}, {"SS", SS({"a"})}, {"NS", NS({"1"})},    {"BS", BS({"a"})}};
  for (const auto& [name, value] : rows) {
    EXPECT_EQ(verdict("attribute_type(a, :t)", item({{"a", value}}), {{":t", S(name)}}), "true") << name;
    EXPECT_EQ(verdict("attribute_type(:v, :t)", kNoItem, {{":v", value}, {":t", S(name)}}), "true") << name;
  }
  EXPECT_EQ(verdict("attribute_type(a, :t)", item({{"a", N(1)}}), {{":t", S("S")}}), "false");
}

TEST(AttributeType, RefusesWhatIsNoTypeName) {
  EXPECT_EQ(
      condition_error("attribute_type(a, :t)", {{":t", S("DOG")}}),
      invalid_condition("Invalid attribute type name found; type: DOG, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"));
  EXPECT_EQ(condition_error("attribute_type(a, :t)", {{":t", N(1)}}), wrong_type("attribute_type", "N"));
  EXPECT_NE(condition_error("attribute_type(a, b)"), "");
}

TEST(BeginsWith, ComparesStringsAndBinaries) {
  const Bytes subject = item({{"s", S("hello")}, {"b", B("\x01\x02")}, {"n", N(12)}, {"p", S("he")}});
  EXPECT_EQ(verdict("begins_with(s, :v)", subject, {{":v", S("hell")}}), "true");
  EXPECT_EQ(verdict("begins_with(s, :v)", subject, {{":v", S("")}}), "true");
  EXPECT_EQ(verdict("begins_with(s, p)", subject), "true");
  EXPECT_EQ(verdict("begins_with(:v, p)", subject, {{":v", S("hero")}}), "true");
  EXPECT_EQ(verdict("begins_with(s, :v)", subject, {{":v", S("hello!")}}), "false");
  EXPECT_EQ(verdict("begins_with(b, :v)", subject, {{":v", B("\x01")}}), "true");
  EXPECT_EQ(verdict("begins_with(s, :v)", subject, {{":v", B("he")}}), "false");
  EXPECT_EQ(verdict("begins_with(n, :v)", subject, {{":v", S("1")}}), "false");
  EXPECT_EQ(condition_error("begins_with(s, :v)", {{":v", N(1)}}), wrong_type("begins_with", "N"));
}

TEST(Contains, FindsPartsOfStringsAndMembersOfSetsAndLists) {
  const Bytes subject = item({{"s", S("hello")},
                              {"b", B("\x01\x02\x03")},
                              {"ss", SS({"a", "b"})},
                              {"ns", NS({"1", "2"})},
                              {"bs", BS({"x"})},
                              {"l", L({N(1), S("x"), L({N(2)})})},
                              {"m", M({{"k", N(1)}})}});
  const std::pair<const char*, Value> found[] = {{"s", S("ell")}, {"b", B("\x02")}, {"ss", S("b")},   {"ns", N("2.0")},
                                                 {"bs", B("x")},  {"l", S("x")},    {"l", L({N(2)})}, {"l", N("1")}};
  for (const auto& [name, value] : found) {
    EXPECT_EQ(verdict("contains(" + std::string(name) + ", :v)", subject, {{":v", value}}), "true") << name;
  }
  const std::pair<const char*, Value> absent[] = {{"s", S("x")},  {"s", B("e")}, {"ss", S("c")}, {"ns", N(3)},
                                                  {"ns", S("1")}, {"m", S("k")}, {"l", N(2)},    {"ss", SS({"a"})},
                                                  {"ss", B("a")}, {"n", N(1)}};
  for (const auto& [name, value] : absent) {
    EXPECT_EQ(verdict("contains(" + std::string(name) + ", :v)", subject, {{":v", value}}), "false") << name;
  }
}

TEST(Contains, LooksIntoValuesOfTheRequestToo) {
  const Bytes subject = item({{"a", S("x")}, {"n", N(2)}, {"l", L({N(2)})}, {"b", B("y")}});
  EXPECT_EQ(verdict("contains(:v, a)", subject, {{":v", SS({"x", "y"})}}), "true");
  EXPECT_EQ(verdict("contains(:v, n)", subject, {{":v", NS({"1", "2"})}}), "true");
  EXPECT_EQ(verdict("contains(:v, b)", subject, {{":v", BS({"y"})}}), "true");
  EXPECT_EQ(verdict("contains(:v, l)", subject, {{":v", L({L({N("2.0")})})}}), "true");
  EXPECT_EQ(verdict("contains(:v, a)", subject, {{":v", NS({"1", "2"})}}), "false");
  for (const Value& value : {N(1), BOOL(true), Null(), M({{"x", S("x")}})}) {
    EXPECT_EQ(verdict("contains(:v, a)", subject, {{":v", value}}), "false");
  }
  EXPECT_EQ(verdict("contains(size(a), a)", subject), "false");
}

TEST(Size, CountsUtf16UnitsBytesAndMembers) {
  const std::pair<Value, int> rows[] = {
      {S("abc"), 3},       {S("\xC3\xA9"), 1}, {S("\xF0\x9F\x98\x80"), 2}, {S(""), 0},           {B("\xC3\xA9"), 2},
      {SS({"a", "b"}), 2}, {NS({"1"}), 1},     {BS({"a", "b", "c"}), 3},   {L({N(1), N(2)}), 2}, {M({{"a", N(1)}}), 1}};
  for (const auto& [value, size] : rows) {
    EXPECT_EQ(verdict("size(a) = :n", item({{"a", value}}), {{":n", N(size)}}), "true") << to_text(value);
    EXPECT_EQ(verdict("size(:v) = :n", kNoItem, {{":v", value}, {":n", N(size)}}), "true") << to_text(value);
  }
}

TEST(Size, OfWhatHasNoneIsAnErrorInTheRequestAndFalseInTheItem) {
  for (const auto& [name, value] : {std::pair{"N", N(1)}, {"BOOL", BOOL(true)}, {"NULL", Null()}}) {
    EXPECT_EQ(verdict("size(a) >= :n", item({{"a", value}}), {{":n", N(0)}}), "false") << name;
    EXPECT_EQ(condition_error("size(:v) > :n", {{":v", value}, {":n", N(1)}}), wrong_type("size", name));
  }
}

TEST(Size, IsANumberForTheOtherOperand) {
  EXPECT_EQ(verdict("size(a) > size(b) AND c = size(a)", item({{"a", S("xx")}, {"b", S("x")}, {"c", N(2)}})), "true");
  EXPECT_EQ(verdict("size(a) BETWEEN :l AND :h", item({{"a", S("xx")}}), {{":l", N(1)}, {":h", N(2)}}), "true");
  EXPECT_EQ(condition_error("begins_with(size(a), :s)", {{":s", S("x")}}), wrong_type("begins_with", "N"));
}

TEST(Functions, AreRefusedWhereTheyDoNotBelong) {
  const auto misuse = [](std::string_view function) {
    return invalid_condition("The function is not allowed to be used this way in an expression; function: " +
                             std::string(function));
  };
  EXPECT_EQ(condition_error("size(a)"), misuse("size"));
  EXPECT_EQ(condition_error("a = :v AND (size(a))"), misuse("size"));
  EXPECT_EQ(condition_error("attribute_exists(a) = :v"), misuse("attribute_exists"));
  EXPECT_EQ(condition_error("a = contains(b, c)"), misuse("contains"));
  EXPECT_EQ(condition_error("contains(begins_with(a, b), c)"), misuse("begins_with"));
  EXPECT_EQ(condition_error("a = if_not_exists(a, :v)"),
            invalid_condition("The function is not allowed in a condition expression; function: if_not_exists"));
  EXPECT_EQ(condition_error("list_append(a, b) = :v"),
            invalid_condition("The function is not allowed in a condition expression; function: list_append"));
  EXPECT_EQ(condition_error("foo(a)"), invalid_condition("Invalid function name; function: foo"));
  EXPECT_EQ(
      condition_error("size(a, b) = :v"),
      invalid_condition(
          "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"));
}

// --- Attributes of a condition ---

TEST(Attributes, OfAConditionAreVisitedInTextOrder) {
  const auto condition = bind("a.b = :v AND (NOT size(c) > d OR attribute_exists(e[0]))", {{":v", N(1)}});
  ASSERT_TRUE(condition);
  std::string names;
  for_each_attribute(
      **condition, [](void* context, std::string_view name) { *static_cast<std::string*>(context) += name; }, &names);
  EXPECT_EQ(names, "acde");
}

TEST(Attributes, TheFirstKeyAttributeIsFoundAlsoAsRightOperand) {
  const KeySchema schema{{{"p", Type::kString}}, {{"c", Type::kNumber}}};
  const auto condition = bind("a = b AND x < c AND p = :v", {{":v", S("x")}});
  ASSERT_TRUE(condition);
  ASSERT_NE(first_key_attribute(**condition, schema), nullptr);
  EXPECT_EQ(first_key_attribute(**condition, schema)->name, "c");
  EXPECT_EQ(first_key_attribute(**bind("a = b"), schema), nullptr);
}

TEST(Attributes, APathIntoAKeyIsRefused) {
  const KeySchema schema{{{"p", Type::kString}}, {}};
  EXPECT_EQ(error_of(check_keys_are_scalars(**bind("p = :v AND attribute_exists(p.x)", {{":v", S("x")}}), schema,
                                            KeyKind::kTable)),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p");
  EXPECT_EQ(error_of(check_keys_are_scalars(**bind("attribute_exists(p[0])"), schema, KeyKind::kIndex)),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: p");
  EXPECT_EQ(error_of(check_keys_are_scalars(**bind("attribute_exists(q.p)"), schema, KeyKind::kTable)), "");
}

TEST(Describe, ShowsValuesAsErrorTextsDo) {
  EXPECT_EQ(describe(S("y")), "AttributeValue: {S:y}");
  EXPECT_EQ(describe(N("1.50")), "AttributeValue: {N:1.5}");
  EXPECT_EQ(describe(B("ab")), "AttributeValue: {B:YWI=}");
  EXPECT_EQ(describe(L({SS({"a", "b"}), BOOL(false)})), "AttributeValue: {L:[{SS:[a, b]}, {BOOL:false}]}");
  EXPECT_EQ(describe(M({{"k", Null()}})), "AttributeValue: {M:{k={NULL:true}}}");
}

}  // namespace
}  // namespace armature::test
