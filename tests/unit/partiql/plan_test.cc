#include <gtest/gtest.h>

#include <string>

#include "expression/ast.h"
#include "partiql/bind.h"
#include "partiql/next_token.h"
#include "partiql/select_plan.h"
#include "partiql/write_plan.h"
#include "support/tables.h"
#include "support/values.h"

namespace armature::partiql {
namespace {

using namespace armature::test;

const TableDefinition& orders() {
  static const TableDefinition definition = table("Orders").pk("p", 'S').sk("c", 'N').gsi("by_g", {{"g", 'S'}});
  return definition;
}

Result<SelectPlan> plan(std::string_view where) {
  Result<StatementRef> parsed = ParsedStatement::parse("SELECT * FROM Orders WHERE " + std::string(where));
  if (!parsed) return Unexpected(std::move(parsed).error());
  TRY_ASSIGN(const BoundStatement bound, bind(std::move(*parsed), {}, arena()));
  return plan_select(orders(), nullptr, bound, false, arena());
}

// "keys 2", "collections 1 >=", "scan", or the error.
std::string access(std::string_view where) {
  const Result<SelectPlan> planned = plan(where);
  if (!planned) return planned.error().message;
  switch (planned->access) {
    case SelectPlan::Access::kKeys: return "keys " + std::to_string(planned->keys.size());
    case SelectPlan::Access::kScan: return "scan";
    case SelectPlan::Access::kCollections: break;
  }
  static constexpr const char* kOperators[] = {"", "=", "<", "<=", ">", ">=", "between", "begins_with"};
  const expression::KeyCondition& first = planned->collections.front();
  const std::string test = first.sort_equal.empty() ? kOperators[static_cast<std::size_t>(first.sort_operator)] : "=";
  return "collections " + std::to_string(planned->collections.size()) + " " + test;
}

TEST(PartiqlPlan, TheWhereDecidesHowATableIsRead) {
  EXPECT_EQ(access("p = 'a' AND c = 1"), "keys 1");
  EXPECT_EQ(access("1 = c AND x = 3 AND 'a' = p"), "keys 1");
  EXPECT_EQ(access("p IN ['a', 'b', 'a'] AND c IN (1, 2, 3)"), "keys 6");
  EXPECT_EQ(access("p = 'a'"), "collections 1 ");
  EXPECT_EQ(access("p = 'a' OR p = 'b' AND x = 1"), "collections 2 ");
  EXPECT_EQ(access("p = 'a' AND c > 1"), "collections 1 >");
  EXPECT_EQ(access("p = 'a' AND 1 > c"), "collections 1 <");
  EXPECT_EQ(access("p = 'a' AND c > 1 AND c <= 5"), "collections 1 between");
  EXPECT_EQ(access("p = 'a' AND (c > 1 OR x = 1)"), "collections 1 ");
  EXPECT_EQ(access("p = 'a' OR x = 1"), "scan");
  EXPECT_EQ(access("NOT p = 'a'"), "scan");
  EXPECT_EQ(access("p > 'a'"), "scan");
  EXPECT_EQ(access("p.x = 'a'"), "scan");
}

TEST(PartiqlPlan, KeysOfTheWrongTypeAreRefused) {
  EXPECT_EQ(access("p = 1 AND c = 1"), "The provided key element does not match the schema");
  EXPECT_EQ(access("p = 'a' AND c > 'x'"),
            "One or more parameter values were invalid: Condition parameter type does not match schema type");
}

TEST(PartiqlPlan, AnUpdateIsGuardedByTheItemAndTheRestOfItsWhere) {
  Result<StatementRef> parsed = ParsedStatement::parse("UPDATE Orders SET x = 1 WHERE p = 'a' AND c = 1 AND x = 2");
  const Result<BoundStatement> bound = bind(std::move(*parsed), {}, arena());
  const Result<UpdateIntent> update = plan_update(orders(), *bound, arena());
  ASSERT_TRUE(update.has_value());
  const Bytes two = item({{"p", S("a")}, {"c", N(1)}, {"x", N(2)}});
  const Bytes three = item({{"p", S("a")}, {"c", N(1)}, {"x", N(3)}});
  const ItemView with_two(two);
  const ItemView with_three(three);
  EXPECT_TRUE(expression::evaluate(*update->guard.condition, &with_two, arena()));
  EXPECT_FALSE(expression::evaluate(*update->guard.condition, &with_three, arena()));
  EXPECT_FALSE(expression::evaluate(*update->guard.condition, nullptr, arena()));
}

TEST(NextToken, ComesBackAsItWas) {
  using State = SelectPosition::Part::State;
  const Bytes digest = digest_of("SELECT 1", {});
  const SelectPosition position{
      .first_part = 3, .parts = {{State::kBehind, attributes({{"p", S("a")}, {"c", N(1)}})}, {State::kDone, {}}}};
  const Result<Bytes> token = make_next_token(position, digest);
  ASSERT_TRUE(token.has_value());
  const Result<SelectPosition> read = read_next_token(*token, digest, arena());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->first_part, 3u);
  ASSERT_EQ(read->parts.size(), 2u);
  EXPECT_EQ(encode_item(read->parts[0].start_key), encode_item(position.parts[0].start_key));
  EXPECT_EQ(read->parts[1].state, State::kDone);
}

TEST(NextToken, EveryChangedCharacterIsFound) {
  const Bytes digest = digest_of("SELECT 1", {});
  const SelectPosition position{.first_part = 1, .parts = {}};
  const Bytes token = *make_next_token(position, digest);
  EXPECT_EQ(read_next_token(token, digest_of("SELECT 2", {}), arena()).error().message,
            "NextToken does not match request");
  for (std::size_t i = 0; i + 4 < token.size(); ++i) {
    Bytes changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(read_next_token(changed, digest, arena()).error().message, "Invalid NextToken") << i;
  }
}

TEST(NextToken, EqualParametersHaveEqualDigests) {
  const Value one[] = {N("1"), SS({"a", "b"})};
  const Value same[] = {N("1.0"), SS({"b", "a"})};
  const Value other[] = {N("2"), SS({"a", "b"})};
  EXPECT_EQ(digest_of("s", one), digest_of("s", same));
  EXPECT_NE(digest_of("s", one), digest_of("s", other));
}

}  // namespace
}  // namespace armature::partiql
