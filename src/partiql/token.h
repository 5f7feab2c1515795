// Lexer: the tokens of a PartiQL statement, with the positions that error texts name.
// Source: Developer Guide, "PartiQL - a SQL-compatible query language for Amazon DynamoDB"; partiql.org, "PartiQL
// Specification".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace armature::partiql {

// Where in a statement something stands: lines and columns from 1, columns and length in characters.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
};
std::string to_text(const Position& position);  // "1:8:5"

enum class TokenKind : std::uint8_t {
  kEnd,
  kWord,              // A keyword or a bare identifier.
  kQuotedIdentifier,  // "a""b", with its quotes.
  kString,            // 'it''s', with its quotes.
  kNumber,            // Without a sign.
  kParameter,         // ?
  kOpenParenthesis,
  kCloseParenthesis,
  kOpenBracket,
  kCloseBracket,
  kOpenBrace,
  kCloseBrace,
  kOpenSet,   // <<
  kCloseSet,  // >>
  kComma,
  kDot,
  kColon,
  kSemicolon,
  kStar,
  kPlus,
  kMinus,
  kEqual,
  kNotEqual,  // <> or !=
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kOther,  // An operator of SQL that DynamoDB has no use for: / % ||
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // Of the statement.
  Position at;
};

// All tokens of `statement`, the last one kEnd. Comments are blank: from -- to the end of the line, and /* to */. The
// error is a sentence about what is no token.
Expected<std::vector<Token>, std::string> tokens_of(std::string_view statement);

// Whether a word is `keyword` (given in capitals), in any case.
bool is_keyword(std::string_view word, std::string_view keyword);

}  // namespace armature::partiql
