// What DynamoDB says of texts, whatever the item. Source: Developer Guide, "Using expressions in DynamoDB".
#include <gtest/gtest.h>

#include "unit/expression/expressions.h"

namespace armature::test {
namespace {

std::string repeated(int count, const std::string& text, const std::string& separator) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i == 0 ? "" : separator) + text;
  return all;
}

std::string condition_syntax(std::string_view token, std::string_view near) {
  return "Invalid ConditionExpression: Syntax error; token: \"" + std::string(token) + "\", near: \"" +
         std::string(near) + "\"";
}

// --- Tokens ---

TEST(Tokens, BlanksMayStandBetweenAnyTwo) {
  EXPECT_EQ(condition_error("\t a . b\r\n[ 0 ] . #n=:v ", {{":v", N(1)}}, {{"#n", "x"}}), "");
}

TEST(Tokens, KeywordsComeInAnyCase) {
  EXPECT_EQ(condition_error("not a = :v And b bEtWeEn :v aND :v oR c in (:v)", {{":v", N(1)}}), "");
  EXPECT_EQ(update_error("sEt a = :v rEMOVE b aDD c :v", {{":v", N(1)}}), "");
}

TEST(Tokens, FunctionNamesAreLowerCaseOnly) {
  EXPECT_EQ(condition_error("Attribute_Exists(a)"),
            "Invalid ConditionExpression: Invalid function name; function: Attribute_Exists");
}

TEST(Tokens, NamesStartWithALetter) {
  EXPECT_EQ(condition_error("_a = :v"), condition_syntax("_", "_a"));
  EXPECT_EQ(condition_error("1a = :v"), condition_syntax("1", "1a"));
}

TEST(Tokens, LoneSigilsAreErrors) {
  EXPECT_EQ(condition_error("# = :v"), condition_syntax("#", "# ="));
  EXPECT_EQ(condition_error("a = :"), condition_syntax(":", "= :"));
}

TEST(Tokens, ListIndexesAreIntegers) {
  EXPECT_EQ(condition_error("a[-1] = :v"), condition_syntax("-", "[-1"));
  EXPECT_EQ(condition_error("a[] = :v"), condition_syntax("]", "[] ="));
  EXPECT_EQ(condition_error("a[:i] = :v"), condition_syntax(":i", "[:i]"));
  EXPECT_EQ(condition_error("a[#i] = :v"), condition_syntax("#i", "[#i]"));
  EXPECT_EQ(condition_error("a[007] = :v"), condition_syntax("0", "007"));
  EXPECT_EQ(condition_error("a[0] = :v AND a[10] = :v", {{":v", N(1)}}), "");
}

TEST(Tokens, ListIndexesHaveARange) {
  EXPECT_EQ(condition_error("attribute_exists(a[99999999999999])"),
            "Invalid ConditionExpression: List index is not within the allowable range; index: [99999999999999]");
  EXPECT_EQ(condition_error("attribute_exists(a[2147483647])"), "");
  EXPECT_NE(condition_error("attribute_exists(a[2147483648])"), "");
}

TEST(Tokens, ReservedWordsAreRefusedAsEveryComponentOfAPath) {
  EXPECT_EQ(condition_error("status = :v", {{":v", N(1)}}),
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status");
  EXPECT_EQ(condition_error("a.Name = :v", {{":v", N(1)}}),
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: Name");
  EXPECT_EQ(projected("a, b.DATE", item({})),
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: DATE");
}

TEST(Tokens, KeywordsAreNamesInNoExpression) {
  for (const char* word : {"and", "OR", "Not", "BETWEEN", "in", "SET", "remove", "ADD", "DELETE"}) {
    const std::string error = "Syntax error; token: \"" + std::string(word) + "\", near: \"";
    EXPECT_EQ(projected("a." + std::string(word), item({})),
              "Invalid ProjectionExpression: " + error + "." + word + "\"");
    EXPECT_EQ(update_error("REMOVE " + std::string(word)),
              "Invalid UpdateExpression: " + error + "REMOVE " + word + "\"");
    EXPECT_EQ(condition_error("a = " + std::string(word)),
              "Invalid ConditionExpression: " + error + "= " + word + "\"");
  }
}

TEST(Tokens, ADotInANamePlaceholdersTargetIsPartOfTheName) {
  EXPECT_EQ(verdict("#n = :v", item({{"a.b", N(1)}}), {{":v", N(1)}}, {{"#n", "a.b"}}), "true");
  EXPECT_EQ(verdict("#n = :v", item({{"a", M({{"b", N(1)}})}}), {{":v", N(1)}}, {{"#n", "a.b"}}), "false");
}

// --- Syntax errors ---

TEST(SyntaxErrors, NameTheTokenAndItsNeighbourhood) {
  EXPECT_EQ(condition_error("!!"), condition_syntax("!", "!!"));
  EXPECT_EQ(condition_error("a = "), condition_syntax("<EOF>", "= "));
  EXPECT_EQ(condition_error("a = :v b"), condition_syntax("b", ":v b"));
  EXPECT_EQ(condition_error("a == :v"), condition_syntax("=", "== :v"));
  EXPECT_EQ(update_error("INVALID SYNTAX"),
            "Invalid UpdateExpression: Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"");
  EXPECT_EQ(condition_error("a = \xC3\xA9t"), condition_syntax("\xC3\xA9", "= \xC3\xA9t"));
}

TEST(SyntaxErrors, AnOperandAloneIsNoCondition) {
  EXPECT_EQ(condition_error("a"), condition_syntax("<EOF>", "a"));
  EXPECT_EQ(condition_error(":v"), condition_syntax("<EOF>", ":v"));
  EXPECT_EQ(condition_error("(a)"), condition_syntax("<EOF>", ")"));
  EXPECT_EQ(condition_error("a AND b = :v"), condition_syntax("AND", "a AND b"));
  EXPECT_EQ(condition_error("b = :v AND (a)"), condition_syntax("<EOF>", ")"));
  EXPECT_EQ(condition_error("NOT a"), condition_syntax("<EOF>", "a"));
  EXPECT_EQ(condition_error("(NOT a)"), condition_syntax(")", "a)"));
}

TEST(SyntaxErrors, AConditionIsNoOperand) {
  EXPECT_EQ(condition_error("(a = :v) = :v"), condition_syntax("=", ") = :v"));
  EXPECT_EQ(condition_error("a = (b = :v)"), condition_syntax("=", "b = :v"));
}

TEST(SyntaxErrors, InNeedsAListAndBetweenItsAnd) {
  EXPECT_EQ(condition_error("a IN :v"), condition_syntax(":v", "IN :v"));
  EXPECT_EQ(condition_error("a IN ()"), condition_syntax(")", "()"));
  EXPECT_EQ(condition_error("a BETWEEN :v OR :w"), condition_syntax("OR", ":v OR :w"));
}

TEST(SyntaxErrors, OfUpdates) {
  const auto syntax = [](std::string_view token, std::string_view near) {
    return "Invalid UpdateExpression: Syntax error; token: \"" + std::string(token) + "\", near: \"" +
           std::string(near) + "\"";
  };
  EXPECT_EQ(update_error("SET a"), syntax("<EOF>", "a"));
  EXPECT_EQ(update_error("SET a = :v,"), syntax("<EOF>", ","));
  EXPECT_EQ(update_error("SET a = b + c + d"), syntax("+", "c + d"));
  EXPECT_EQ(update_error("SET a = (b + c) + d"), syntax("+", ") + d"));
  EXPECT_EQ(update_error("ADD a b"), syntax("b", "a b"));
  EXPECT_EQ(update_error("SET a = list_append(b + c, d)"), syntax("+", "b + c"));
  EXPECT_EQ(update_error("SET size(a) = :v"), syntax("(", "size(a"));
  EXPECT_EQ(update_error("SET a = 5"), syntax("5", "= 5"));
}

TEST(SyntaxErrors, OfProjections) {
  EXPECT_EQ(projected("a,,b", item({})), "Invalid ProjectionExpression: Syntax error; token: \",\", near: \",,b\"");
  EXPECT_EQ(projected("size(a)", item({})),
            "Invalid ProjectionExpression: Syntax error; token: \"(\", near: \"size(a\"");
  EXPECT_EQ(projected("a.", item({})), "Invalid ProjectionExpression: Syntax error; token: \"<EOF>\", near: \".\"");
  EXPECT_EQ(projected("  !", item({})), "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"  !\"");
}

// --- Limits and structure ---

TEST(Limits, AnEmptyExpressionIsRefused) {
  EXPECT_EQ(condition_error("", {}, {}, Parameter::kFilter),
            "Invalid FilterExpression: The expression can not be empty;");
  EXPECT_EQ(update_error(""), "Invalid UpdateExpression: The expression can not be empty;");
  EXPECT_EQ(projected("", item({})), "Invalid ProjectionExpression: The expression can not be empty;");
}

TEST(Limits, LengthIs4096BytesAndCheckedBeforeSyntax) {
  const std::string longest = "a=:v" + std::string(4092, ' ');
  EXPECT_EQ(condition_error(longest, {{":v", N(1)}}), "");
  EXPECT_EQ(
      condition_error("!" + longest),
      "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
}

TEST(Limits, OperatorsAre300AndCallsAreNotCounted) {
  EXPECT_EQ(condition_error("NOT " + repeated(150, "a=:v", " OR "), {{":v", N(1)}}), "");
  EXPECT_EQ(condition_error("NOT NOT " + repeated(150, "a=:v", " OR "), {{":v", N(1)}}),
            "Invalid ConditionExpression: The expression contains too many operators; operator count: 301");
  EXPECT_EQ(condition_error("NOT NOT " + repeated(149, "a=:v", " OR ") + " OR contains(a,:v)", {{":v", S("x")}}), "");
}

TEST(Limits, InTakes100OperandsTheTestedOneIncluded) {
  EXPECT_EQ(condition_error("a IN (" + repeated(99, ":v", ",") + ")", {{":v", N(1)}}), "");
  EXPECT_EQ(condition_error("a IN (" + repeated(100, ":v", ",") + ")", {{":v", N(1)}}),
            "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: "
            "IN, number of operands: 101");
}

TEST(Limits, PathsHave32Steps) {
  EXPECT_EQ(condition_error("attribute_exists(" + repeated(32, "a", ".") + ")"), "");
  EXPECT_EQ(condition_error("attribute_exists(a" + repeated(32, "[0]", "") + ")"),
            "Invalid ConditionExpression: The document path has too many nesting levels; nesting levels: 33");
}

TEST(Limits, DeepNestingNeitherCrashesNorPasses) {
  const std::string redundant = "Invalid ConditionExpression: The expression has redundant parentheses;";
  EXPECT_EQ(condition_error(std::string(4000, '(')), redundant);
  EXPECT_EQ(condition_error(std::string(2000, '(') + "a=:v" + std::string(2000, ')')), redundant);
  EXPECT_NE(condition_error(repeated(600, "size(", "") + "a"), "");
  EXPECT_NE(condition_error("a = " + std::string(4000, '(')), "");
  EXPECT_NE(condition_error(repeated(1000, "NOT ", "") + "a=:v", {{":v", N(1)}}), "");
}

TEST(Structure, DoubledParenthesesAreRedundant) {
  const std::string redundant = "Invalid ConditionExpression: The expression has redundant parentheses;";
  for (const char* text :
       {"((a=:v))", "((a))=:v", "a=((b))", "((a=:v)) AND b=:v", "b=:v AND ((a=:v))", "((size(a)))=:v"}) {
    EXPECT_EQ(condition_error(text, {{":v", N(1)}}), redundant) << text;
  }
  for (const char* text : {"(a=:v)", "((a=:v) AND b=:v)", "((a)=:v)", "(a)=(:v)", "(a=:v) AND (b=:v)", "a IN ((:v))",
                           "(size(a))=:v", "NOT (NOT (a=:v))", "(contains(a,(:v)))"}) {
    EXPECT_EQ(condition_error(text, {{":v", N(1)}}), "") << text;
  }
  EXPECT_EQ(update_error("SET a = ((:v))", {{":v", N(1)}}),
            "Invalid UpdateExpression: The expression has redundant parentheses;");
}

TEST(Structure, EachUpdateSectionComesOnce) {
  EXPECT_EQ(update_error("SET a = :v REMOVE c set b = :v", {{":v", N(1)}}),
            "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;");
  EXPECT_EQ(update_error("REMOVE a REMOVE b"),
            "Invalid UpdateExpression: The \"REMOVE\" section can only be used once in an update expression;");
}

// --- Order of checks ---

TEST(OrderOfChecks, ParenthesesThenUnknownFunctionThenMisuseThenReservedWordThenPlaceholders) {
  const auto error = [](std::string_view text) {
    std::string full = condition_error(text);
    return full.substr(std::string("Invalid ConditionExpression: ").size());
  };
  EXPECT_EQ(error("status = :u AND size(a) AND foo(b) AND ((c = :v))"), "The expression has redundant parentheses;");
  EXPECT_EQ(error("status = :u AND size(a) AND foo(b)"), "Invalid function name; function: foo");
  EXPECT_EQ(error("status = :u AND size(a)"),
            "The function is not allowed to be used this way in an expression; function: size");
  EXPECT_EQ(error("x = :u AND status = :u"), "Attribute name is a reserved keyword; reserved keyword: status");
  EXPECT_EQ(error("x = :u AND contains(a)"),
            "An expression attribute value used in expression is not defined; attribute value: :u");
  EXPECT_EQ(
      error("contains(a) AND x = :u"),
      "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1");
  EXPECT_EQ(error("#n = :u"),
            "An expression attribute name used in the document path is not defined; attribute name: #n");
  EXPECT_EQ(error(":u = #n"), "An expression attribute value used in expression is not defined; attribute value: :u");
}

TEST(OrderOfChecks, CountThenDistinctThenTypes) {
  EXPECT_EQ(condition_error("contains(a, a, a)"),
            "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: "
            "contains, number of operands: 3");
  EXPECT_EQ(
      condition_error("a BETWEEN a AND :l", {{":l", L({})}}),
      "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator "
      "or function; operator: BETWEEN, first operand: [a]");
}

// --- Placeholders ---

TEST(PlaceholderKeys, AreASigilAndAWord) {
  const auto key_error = [](Names names, Values values) { return error_of(placeholders(values, names).check_keys()); };
  EXPECT_EQ(key_error({{"#a_1", "x"}, {"#2", "y"}}, {{":v", N(1)}}), "");
  EXPECT_EQ(key_error({{"a", "x"}}, {}), "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  EXPECT_EQ(key_error({{"#", "x"}}, {}), "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#\"");
  EXPECT_EQ(key_error({{"#a-b", "x"}}, {}),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-b\"");
  EXPECT_EQ(key_error({}, {{"v", N(1)}}), "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\"");
  EXPECT_EQ(key_error({}, {{"", N(1)}}), "ExpressionAttributeValues contains invalid key: Syntax error; key: \"\"");
}

TEST(PlaceholderKeys, AreAtMost255Bytes) {
  const std::string longest = "#" + std::string(254, 'a');
  const std::string too_long = longest + "a";
  EXPECT_EQ(error_of(placeholders({}, {{longest, "x"}}).check_keys()), "");
  EXPECT_NE(error_of(placeholders({}, {{too_long, "x"}}).check_keys()), "");
}

TEST(PlaceholderKeys, StandForNamesThatAnItemMayHave) {
  EXPECT_NE(error_of(placeholders({}, {{"#a", ""}}).check_keys()), "");
  EXPECT_NE(error_of(placeholders({}, {{"#a", std::string(65536, 'x')}}).check_keys()), "");
}

TEST(UnusedPlaceholders, AreRefusedNamesFirst) {
  Placeholders given = placeholders({{":v", N(1)}, {":w", N(2)}, {":x", N(2)}}, {{"#a", "a"}, {"#b", "b"}});
  ASSERT_TRUE(bind_condition("#a = :v", Parameter::kCondition, &given, arena()));
  EXPECT_EQ(error_of(given.check_all_used()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
  ASSERT_TRUE(bind_condition("#b = :v", Parameter::kFilter, &given, arena()));
  EXPECT_EQ(error_of(given.check_all_used()),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :x}");
  ASSERT_TRUE(bind_update("SET c = :w, d = :x", &given, arena()));
  EXPECT_EQ(error_of(given.check_all_used()), "");
}

TEST(UnusedPlaceholders, AreFoundAmongMany) {
  std::vector<NamePlaceholder> names;
  for (int i = 99; i >= 0; --i) {
    const std::string_view text = arena()->copy("#n" + std::to_string(i));
    names.push_back({text, text.substr(1)});
  }
  Placeholders given(names, {});
  for (int i = 0; i < 100; ++i) {
    if (i == 42) continue;
    const std::string placeholder = "#n" + std::to_string(i);
    ASSERT_NE(given.find_name(placeholder), nullptr);
    EXPECT_EQ(*given.find_name(placeholder), placeholder.substr(1));
  }
  EXPECT_EQ(given.find_name("#n100"), nullptr);
  EXPECT_EQ(error_of(given.check_all_used()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n42}");
}

TEST(ParseCache, ARepeatedTextBindsToTheSameMeaningWithOtherPlaceholders) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(verdict("a = :v", item({{"a", N(round)}}), {{":v", N(round)}}), "true");
    EXPECT_EQ(verdict("a = :v", item({{"a", N(round)}}), {{":v", N(7)}}), "false");
    EXPECT_EQ(condition_error("a = :v", {}, {}, Parameter::kFilter),
              "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute "
              "value: :v");
  }
}

TEST(ParseCache, HoldsMoreTextsThanItKeeps) {
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "attribute_number_" + std::to_string(i);
    ASSERT_EQ(verdict(name + " = :v AND " + name + " <> :w", item({{name, N(i)}}), {{":v", N(i)}, {":w", N(-1)}}),
              "true");
  }
}

}  // namespace
}  // namespace armature::test
