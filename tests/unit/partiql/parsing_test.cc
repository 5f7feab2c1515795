#include <gtest/gtest.h>

#include <string>

#include "partiql/statement.h"
#include "partiql/token.h"

namespace armature::partiql {
namespace {

std::string error_of(std::string_view text) {
  const Result<StatementRef> parsed = ParsedStatement::parse(text);
  return parsed ? "" : parsed.error().message;
}

const Statement& statement(std::string_view text) {
  static thread_local StatementRef kept;
  Result<StatementRef> parsed = ParsedStatement::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text << ": " << (parsed ? "" : parsed.error().message);
  kept = std::move(*parsed);
  return kept->statement();
}

TEST(PartiqlTokens, PositionsCountCharactersAndLines) {
  const auto tokens = tokens_of("a -- é\n 'é' /* \n */ b");
  ASSERT_TRUE(tokens.has_value());
  ASSERT_EQ(tokens->size(), 4u);
  EXPECT_EQ(to_text((*tokens)[0].at), "1:1:1");
  EXPECT_EQ(to_text((*tokens)[1].at), "2:2:3");
  EXPECT_EQ(to_text((*tokens)[2].at), "3:5:1");
  EXPECT_EQ((*tokens)[3].kind, TokenKind::kEnd);
}

TEST(PartiqlTokens, WhatHasNoEndIsRefused) {
  for (const char* text : {"'a", "\"a", "/* a", "'a''", "`a`", "1a"}) EXPECT_FALSE(tokens_of(text)) << text;
}

TEST(PartiqlParsing, QuotesInsideAreDoubled) {
  const Statement& select = statement(R"(SELECT * FROM "a""b" WHERE x = 'it''s')");
  EXPECT_EQ(select.source.table, "a\"b");
  EXPECT_EQ(select.where->children[1]->literal.bytes(), "it's");
}

TEST(PartiqlParsing, AndBindsTighterThanOr) {
  const Statement& select = statement("SELECT * FROM t WHERE a = 1 OR b = 2 AND NOT c = 3");
  ASSERT_EQ(select.where->kind, Node::Kind::kOr);
  ASSERT_EQ(select.where->children[1]->kind, Node::Kind::kAnd);
  EXPECT_EQ(select.where->children[1]->children[1]->kind, Node::Kind::kNot);
}

TEST(PartiqlParsing, ColumnsAreNamedForTheirLastStep) {
  const Statement& select = statement("SELECT a, m.x.y, l[1], m.l[1][2], l[0].z FROM t");
  std::string names;
  for (const Column& column : select.columns) names.append(column.name).append(" ");
  EXPECT_EQ(names, "a y l[1] l[1][2] z ");
}

TEST(PartiqlParsing, ParametersAreCountedInTextOrder) {
  const Statement& update = statement("UPDATE t SET a = ?, b = [?, {'x': ?}] WHERE p = ? AND q IN ?");
  EXPECT_EQ(update.parameters, 5u);
  EXPECT_EQ(update.where->children[0]->children[1]->parameter, 3u);
}

TEST(PartiqlParsing, KeywordsNeedQuotesButNotBehindADot) {
  EXPECT_EQ(error_of("sElEcT a.value, \"value\" fRoM t"), "");
  EXPECT_EQ(error_of("SELECT a FROM t WHERE value = 1"),
            "Statement wasn't well formed, can't be processed: Unexpected keyword at 1:23:5");
}

TEST(PartiqlParsing, NestingIsBounded) {
  const auto nested = [](int levels) {
    return "SELECT * FROM t WHERE " + std::string(levels, '(') + "a = 1" + std::string(levels, ')');
  };
  EXPECT_EQ(error_of(nested(40)), "");
  EXPECT_NE(error_of(nested(5000)).find("nested too deeply"), std::string::npos);
  std::string nots = "SELECT * FROM t WHERE ";
  for (int i = 0; i < 2000; ++i) nots += "NOT ";
  EXPECT_NE(error_of(nots + "a = 1").find("nested too deeply"), std::string::npos);
  std::string sum = "UPDATE t SET a = 1";
  for (int i = 0; i < 2000; ++i) sum += "+1";
  EXPECT_NE(error_of(sum + " WHERE p = 1").find("nested too deeply"), std::string::npos);
}

TEST(PartiqlParsing, WhatDynamoDbLeavesOutIsRefusedByName) {
  EXPECT_EQ(error_of("SELECT COUNT(*) FROM t"), "Unexpected path component at 1:8:5");
  EXPECT_EQ(error_of("SELECT * FROM \"conf-partiql\" LIMIT 1"), "Unsupported clause: LIMIT at 1:36:1");
  EXPECT_EQ(error_of("SELECT a b FROM t"), "Aliasing is not supported");
  EXPECT_EQ(error_of("SELECT * FROM t, u"), "Only select from a single table or index is supported.");
  EXPECT_EQ(error_of("DROP TABLE t"), "Unsupported operation: DropTable");
  EXPECT_EQ(error_of("UPDATE t"), "Statement wasn't well formed, can't be processed: Expected data manipulation");
}

}  // namespace
}  // namespace armature::partiql
