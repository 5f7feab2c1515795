// Source: Developer Guide, "Using update expressions in DynamoDB".
#include "expression/update.h"

#include <gtest/gtest.h>

#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

constexpr const char* kNoSuchAttribute =
    "The provided expression refers to an attribute that does not exist in the item";
constexpr const char* kWrongType = "An operand in the update expression has an incorrect data type";
constexpr const char* kBadPath = "The document path provided in the update expression is invalid for update";

std::string invalid_update(std::string_view text) { return "Invalid UpdateExpression: " + std::string(text); }

std::string wrong_type(std::string_view operation, std::string_view type) {
  return invalid_update("Incorrect operand type for operator or function; operator or function: " +
                        std::string(operation) + ", operand type: " + std::string(type));
}

// --- SET ---

TEST(Set, WritesNewAndReplacesOldValues) {
  EXPECT_EQ(updated("SET a = :v, b = :v", item({{"p", S("k")}, {"a", S("x")}}), {{":v", N(1)}}),
            "{a: N 1, b: N 1, p: S \"k\"}");
}

TEST(Set, ReadsTheItemAsItWas) {
  EXPECT_EQ(updated("SET b = a REMOVE a", item({{"a", N(1)}})), "{b: N 1}");
  EXPECT_EQ(updated("SET a = b, b = a", item({{"a", N(1)}, {"b", N(2)}})), "{a: N 2, b: N 1}");
  EXPECT_EQ(updated("SET a = :v, b = a", item({{"a", N(1)}}), {{":v", N(5)}}), "{a: N 5, b: N 1}");
}

TEST(Set, RefusesMissingOperands) {
  EXPECT_EQ(updated("SET a = b", item({{"p", S("k")}})), kNoSuchAttribute);
  EXPECT_EQ(updated("SET a = b + :v", item({{"p", S("k")}}), {{":v", N(1)}}), kNoSuchAttribute);
  EXPECT_EQ(updated("SET a = list_append(b, :v)", item({{"p", S("k")}}), {{":v", L({})}}), kNoSuchAttribute);
  EXPECT_EQ(updated("SET a = p", kNoItem), kNoSuchAttribute);
}

TEST(Set, CreatesAMissingItemFromItsKey) {
  EXPECT_EQ(updated("SET a = :v", kNoItem, {{":v", N(1)}}), "{a: N 1, p: S \"k\"}");
}

TEST(Arithmetic, IsExact) {
  EXPECT_EQ(updated("SET a = a + :v, b = :v - a", item({{"a", N("0.1")}}), {{":v", N("0.2")}}), "{a: N 0.3, b: N 0.1}");
}

TEST(Arithmetic, MayStandInParentheses) {
  const Bytes before = item({{"a", N(5)}});
  EXPECT_EQ(updated("SET a = (a + :v)", before, {{":v", N(1)}}), "{a: N 6}");
  EXPECT_EQ(updated("SET a = (a) - (:v)", before, {{":v", N(1)}}), "{a: N 4}");
  EXPECT_EQ(updated("SET a = ((a) - :v), b = (a)", before, {{":v", N(1)}}), "{a: N 4, b: N 5}");
  EXPECT_EQ(update_error("SET a = ((a + :v))", {{":v", N(1)}}),
            invalid_update("The expression has redundant parentheses;"));
}

TEST(Arithmetic, TakesNumbersOnly) {
  EXPECT_EQ(update_error("SET a = a + :v", {{":v", S("x")}}), wrong_type("+", "S"));
  EXPECT_EQ(update_error("SET a = :v - a", {{":v", L({})}}), wrong_type("-", "L"));
  EXPECT_EQ(updated("SET a = a + :v", item({{"a", S("x")}}), {{":v", N(1)}}), kWrongType);
}

TEST(Arithmetic, Overflows) {
  EXPECT_EQ(updated("SET a = a + a1", item({{"a", N("9e125")}, {"a1", N("9e125")}})),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST(IfNotExists, GivesTheValueThereOrTheOther) {
  EXPECT_EQ(updated("SET a = if_not_exists(a, :v)", item({{"a", N(1)}}), {{":v", N(9)}}), "{a: N 1}");
  EXPECT_EQ(updated("SET a = if_not_exists(b, :v)", item({{"a", N(1)}}), {{":v", N(9)}}), "{a: N 9}");
  EXPECT_EQ(updated("SET a = if_not_exists(a, :z) + :v", kNoItem, {{":v", N(2)}, {":z", N(0)}}),
            "{a: N 2, p: S \"k\"}");
  EXPECT_EQ(updated("SET a = if_not_exists(b, if_not_exists(c, d))", item({{"d", N(4)}})), "{a: N 4, d: N 4}");
  EXPECT_EQ(updated("SET a = if_not_exists(d, absent)", item({{"d", N(4)}})), "{a: N 4, d: N 4}");
  EXPECT_EQ(update_error("SET a = if_not_exists(:v, :v)", {{":v", N(1)}}),
            invalid_update("Operator or function requires a document path; operator or function: if_not_exists"));
  EXPECT_EQ(
      update_error("SET a = if_not_exists(b[0], b[0])"),
      invalid_update("The first operand must be distinct from the remaining operands for this operator or function; "
                     "operator: if_not_exists, first operand: [b, [0]]"));
  EXPECT_EQ(update_error("SET a = if_not_exists(a)"),
            invalid_update(
                "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of "
                "operands: 1"));
}

TEST(ListAppend, JoinsLists) {
  const Bytes before = item({{"l", L({N(1)})}, {"s", S("x")}});
  EXPECT_EQ(updated("SET l = list_append(l, :v) REMOVE s", before, {{":v", L({N(2)})}}), "{l: [N 1, N 2]}");
  EXPECT_EQ(updated("SET l = list_append(:v, l) REMOVE s", before, {{":v", L({N(2)})}}), "{l: [N 2, N 1]}");
  EXPECT_EQ(
      updated("SET l = list_append(if_not_exists(x, :e), :v) REMOVE s", before, {{":v", L({N(2)})}, {":e", L({})}}),
      "{l: [N 2]}");
  EXPECT_EQ(updated("SET l = list_append(l, s)", before), kWrongType);
  EXPECT_EQ(update_error("SET l = list_append(l, :v)", {{":v", S("x")}}), wrong_type("list_append", "S"));
  EXPECT_EQ(update_error("SET l = list_append(l)"),
            invalid_update(
                "Incorrect number of operands for operator or function; operator or function: list_append, number of "
                "operands: 1"));
}

TEST(ListAppend, IsNoPartOfAnotherValue) {
  for (const char* text :
       {"SET l = list_append(list_append(l, :v), :v)", "SET l = if_not_exists(l, list_append(m, :v))",
        "SET l = list_append(l, if_not_exists(m, (list_append(l, :v))))", "SET l = list_append(l, :v) + n",
        "SET l = n - list_append(l, :v)"}) {
    EXPECT_EQ(update_error(text, {{":v", L({})}}),
              invalid_update("The function is not allowed to be used this way in an expression; function: list_append"))
        << text;
  }
  EXPECT_EQ(updated("SET l = (list_append(l, l))", item({{"l", L({N(1)})}})), "{l: [N 1, N 1]}");
}

TEST(UpdateFunctions, ThoseOfConditionsAreRefused) {
  for (const char* name :
       {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"}) {
    EXPECT_EQ(update_error("SET a = " + std::string(name) + "(b)"),
              invalid_update("The function is not allowed in an update expression; function: " + std::string(name)));
  }
  EXPECT_EQ(update_error("SET a = foo(b)"), invalid_update("Invalid function name; function: foo"));
}

// --- Paths ---

TEST(Paths, MayNeitherOverlapNorConflict) {
  const auto overlap = [](std::string_view one, std::string_view two) {
    return invalid_update(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: " +
        std::string(one) + ", path two: " + std::string(two));
  };
  const Attribute v{":v", N(1)};
  EXPECT_EQ(update_error("SET a = :v, a = :v", {v}), overlap("[a]", "[a]"));
  EXPECT_EQ(update_error("SET a.b[0] = :v REMOVE a", {v}), overlap("[a, b, [0]]", "[a]"));
  EXPECT_EQ(update_error("SET z = :v, a = :v REMOVE a.b, y", {v}), overlap("[a]", "[a, b]"));
  EXPECT_EQ(update_error("ADD #n :v DELETE x :s REMOVE a", {v, {":s", SS({"x"})}}, {{"#n", "a"}}),
            overlap("[a]", "[a]"));
  EXPECT_EQ(update_error("SET a.b = :v, a[0] = :v", {v}),
            invalid_update(
                "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, "
                "b], path two: [a, [0]]"));
  EXPECT_EQ(update_error("SET a.b = :v, a.c = :v, a1 = :v, l[1] = :v, l[10] = :v REMOVE l[2]", {v}), "");
  EXPECT_EQ(update_error("SET a = a.b", {}), "");
}

TEST(Paths, ReachIntoExistingParents) {
  const Bytes before = item({{"m", M({{"l", L({N(1), N(2)})}, {"x", N(0)}})}});
  EXPECT_EQ(updated("SET m.l[1] = :v, m.y = :v REMOVE m.x", before, {{":v", N(9)}}), "{m: {l: [N 1, N 9], y: N 9}}");
}

TEST(Paths, NeedAParentThatFits) {
  const Bytes before = item({{"m", M({})}, {"l", L({})}, {"s", S("x")}});
  const Attribute v{":v", N(1)};
  for (const char* text :
       {"SET x.y = :v", "SET m[0] = :v", "SET l.a = :v", "SET s.a = :v", "SET m.a.b = :v", "SET l[0].a = :v",
        "REMOVE x.y", "REMOVE m[0]", "REMOVE s[0]", "ADD x.y :v", "DELETE x.y :s"}) {
    EXPECT_EQ(updated(text, before, {v, {":s", SS({"a"})}}), kBadPath) << text;
  }
  EXPECT_EQ(updated("SET x.y = :v", kNoItem, {v}), kBadPath);
}

TEST(Paths, DeeperThan32LevelsAreRefused) {
  Value deep = N(1);
  for (int i = 0; i < 31; ++i) deep = L({deep});
  EXPECT_EQ(updated("SET a = :v", item({}), {{":v", deep}}).substr(0, 5), "{a: [");
  EXPECT_EQ(updated("SET m.a = :v", item({{"m", M({})}}), {{":v", deep}}),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
            "limit");
}

// --- Lists ---

TEST(Lists, WritesPastTheEndAppendInIndexOrder) {
  const Bytes before = item({{"l", L({N(0)})}});
  EXPECT_EQ(updated("SET l[10] = :x, l[8] = :y", before, {{":x", S("x")}, {":y", S("y")}}),
            "{l: [N 0, S \"y\", S \"x\"]}");
  EXPECT_EQ(updated("ADD l[7] :n", before, {{":n", N(3)}}), "{l: [N 0, N 3]}");
}

TEST(Lists, RemovesCountInTheOldListAndShift) {
  const Bytes before = item({{"l", L({N(0), N(1), N(2), N(3)})}});
  EXPECT_EQ(updated("REMOVE l[0], l[2], l[9]", before), "{l: [N 1, N 3]}");
  EXPECT_EQ(updated("SET l[3] = :v, l[4] = :w REMOVE l[0]", before, {{":v", S("v")}, {":w", S("w")}}),
            "{l: [N 1, N 2, S \"v\", S \"w\"]}");
}

TEST(Lists, AndMapsMayBecomeEmpty) {
  EXPECT_EQ(updated("REMOVE l[0], m.a", item({{"l", L({N(0)})}, {"m", M({{"a", N(1)}})}})), "{l: [], m: {}}");
}

// --- REMOVE, ADD, DELETE ---

TEST(Remove, OfWhatIsNotThereIsIgnored) {
  EXPECT_EQ(updated("REMOVE x, m.x, l[5]", item({{"m", M({})}, {"l", L({})}})), "{l: [], m: {}}");
}

TEST(Remove, OfANestedPathIsIgnoredWithoutAnItem) {
  EXPECT_EQ(updated("SET a = :v REMOVE m.x", kNoItem, {{":v", N(1)}}), "{a: N 1, p: S \"k\"}");
}

TEST(Upsert, CreatesNothingWhenAllItDoesIsRemove) {
  EXPECT_EQ(updated("REMOVE a", kNoItem), "nothing created");
  EXPECT_EQ(updated("REMOVE a.b DELETE s :s", kNoItem, {{":s", SS({"x"})}}), "nothing created");
  EXPECT_EQ(updated("REMOVE a ADD n :n", kNoItem, {{":n", N(1)}}), "{n: N 1, p: S \"k\"}");
}

TEST(Add, AddsNumbersAndUnitesSets) {
  const Bytes before = item({{"n", N(1)}, {"s", SS({"a", "b"})}, {"m", M({{"n", N(5)}})}});
  EXPECT_EQ(updated("ADD n :n, s :s, fresh :n, m.n :n, m.x :s", before, {{":n", N(2)}, {":s", SS({"b", "c"})}}),
            "{fresh: N 2, m: {n: N 7, x: SS {\"b\", \"c\"}}, n: N 3, s: SS {\"a\", \"b\", \"c\"}}");
  EXPECT_EQ(updated("ADD n :n, b :b", item({{"n", NS({"1"})}, {"b", BS({"x"})}}),
                    {{":n", NS({"1.0", "2"})}, {":b", BS({"y"})}}),
            "{b: BS {\"x\", \"y\"}, n: NS {1, 2}}");
}

TEST(Add, RefusesOtherTypes) {
  const std::pair<const char*, Value> rows[] = {{"STRING", S("x")}, {"BINARY", B("x")},      {"LIST", L({})},
                                                {"MAP", M({})},     {"BOOLEAN", BOOL(true)}, {"NULL", Null()}};
  for (const auto& [word, value] : rows) {
    EXPECT_EQ(update_error("ADD a :v", {{":v", value}}),
              invalid_update("Incorrect operand type for operator or function; operator: ADD, operand type: " +
                             std::string(word) + ", typeSet: ALLOWED_FOR_ADD_OPERAND"));
  }
  EXPECT_EQ(updated("ADD a :v", item({{"a", S("x")}}), {{":v", N(1)}}), kWrongType);
  EXPECT_EQ(updated("ADD a :v", item({{"a", N(1)}}), {{":v", NS({"1"})}}), kWrongType);
  EXPECT_EQ(updated("ADD a :v", item({{"a", SS({"x"})}}), {{":v", NS({"1"})}}), kWrongType);
}

TEST(Delete, SubtractsSetsAndDropsWhatIsEmpty) {
  const Bytes before = item({{"s", SS({"a", "b"})}, {"n", NS({"1", "2"})}, {"m", M({{"s", SS({"a"})}})}});
  EXPECT_EQ(updated("DELETE s :s, n :n, x :s, m.s :s", before, {{":s", SS({"a", "z"})}, {":n", NS({"2", "1.0"})}}),
            "{m: {}, s: SS {\"b\"}}");
}

TEST(Delete, TakesSetsOfTheSameType) {
  EXPECT_EQ(update_error("DELETE a :v", {{":v", N(1)}}),
            invalid_update(
                "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: "
                "ALLOWED_FOR_DELETE_OPERAND"));
  EXPECT_EQ(updated("DELETE a :v", item({{"a", SS({"1"})}}), {{":v", NS({"1"})}}), kWrongType);
  EXPECT_EQ(updated("DELETE a :v", item({{"a", N(1)}}), {{":v", NS({"1"})}}), kWrongType);
}

// --- Keys ---

TEST(Keys, MayNotBeUpdated) {
  const KeySchema schema{{{"p", Type::kString}}, {{"c", Type::kNumber}}};
  const auto error = [&](std::string_view text, Values values) {
    return error_of(check_no_key_update(**bind_set(text, values), schema));
  };
  EXPECT_EQ(error("SET a = :v, c = :v", {{":v", N(1)}}),
            "One or more parameter values were invalid: Cannot update attribute c. This attribute is part of the key");
  EXPECT_EQ(error("REMOVE p", {}),
            "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key");
  EXPECT_EQ(error("SET p.a = :v", {{":v", N(1)}}),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p");
  EXPECT_EQ(error("SET a = if_not_exists(p[0], c)", {}),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: p");
  EXPECT_EQ(error("SET a = p, b = c, x.p = :v", {{":v", N(1)}}), "");
}

// --- UPDATED_OLD and UPDATED_NEW ---

TEST(Touched, AreThePathsTheProgramWritesInTheirStructure) {
  const Bytes before =
      item({{"p", S("k")}, {"a", N(1)}, {"m", M({{"x", N(1)}, {"y", N(2)}})}, {"l", L({N(0), N(1), N(2)})}});
  EXPECT_EQ(touched("SET a = :v, m.x = :v, fresh = :v", before, {{":v", N(1)}}),
            "{a: N 1, m: {x: N 1}} -> {a: N 1, fresh: N 1, m: {x: N 1}}");
  EXPECT_EQ(touched("REMOVE a, m.y", before), "{a: N 1, m: {y: N 2}} -> {}");
  EXPECT_EQ(touched("SET l[2] = :v, l[0] = :w", before, {{":v", S("v")}, {":w", S("w")}}),
            "{l: [N 0, N 2]} -> {l: [S \"w\", S \"v\"]}");
  EXPECT_EQ(touched("REMOVE absent", before), "{} -> {}");
}

TEST(Touched, AppendedElementsAreNotShown) {
  EXPECT_EQ(touched("SET l[100] = :v", item({{"l", L({N(0)})}}), {{":v", N(1)}}), "{} -> {}");
}

TEST(Touched, AfterARemovalTheElementThatSlidIntoItsPlaceIsShown) {
  EXPECT_EQ(touched("REMOVE l[1]", item({{"l", L({S("a"), S("b"), S("c")})}})), "{l: [S \"b\"]} -> {l: [S \"c\"]}");
}

TEST(Attributes, OfAnUpdateAreThoseReadAndWritten) {
  const auto program = bind_set("SET a.x = if_not_exists(b, c[0]) + :v REMOVE d ADD e :v", {{":v", N(1)}});
  ASSERT_TRUE(program);
  const auto append = [](void* context, std::string_view name) { *static_cast<std::string*>(context) += name; };
  std::string all;
  for_each_attribute(**program, append, &all);
  EXPECT_EQ(all, "abcde");
  std::string written;
  for_each_touched_attribute(**program, append, &written);
  EXPECT_EQ(written, "ade");
}

TEST(Overhead, CountsWritesArithmeticAndClears) {
  const auto overhead = [](std::string_view text) {
    return update_overhead_bytes(**bind_set(text, {{":v", N(1)}, {":s", SS({"x"})}}));
  };
  EXPECT_EQ(overhead("SET a = :v"), 19u);
  EXPECT_EQ(overhead("SET a = :v, b = :v"), 38u);
  EXPECT_EQ(overhead("SET a[0] = :v"), 20u);
  EXPECT_EQ(overhead("SET a = a + :v"), 69u);
  EXPECT_EQ(overhead("REMOVE a, b"), 4u);
  EXPECT_EQ(overhead("ADD n :v DELETE s :s"), 21u);
}

}  // namespace
}  // namespace armature::test
