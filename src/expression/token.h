// Lexer: the tokens of an expression, one at a time.
// Source: Developer Guide, "Referring to item attributes when using expressions in DynamoDB".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace armature::expression {

enum class TokenKind : std::uint8_t {
  kEnd,
  kName,              // [A-Za-z][A-Za-z0-9_]*
  kNamePlaceholder,   // #[A-Za-z0-9_]+
  kValuePlaceholder,  // :[A-Za-z0-9_]+
  kInteger,           // 0 | [1-9][0-9]*
  kOpenParenthesis,
  kCloseParenthesis,
  kOpenBracket,
  kCloseBracket,
  kComma,
  kDot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kPlus,
  kMinus,
  kAnd,  // From here, words in any case; no expression takes them for names.
  kOr,
  kNot,
  kBetween,
  kIn,
  kSet,
  kRemove,
  kAdd,
  kDelete,
  kInvalid,  // One character that starts no token.
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;

  std::uint32_t end() const { return offset + length; }
};

// The first token of `text` at or after byte `offset`; kEnd (empty, at the end of the text) when only blanks are left.
Token next_token(std::string_view text, std::size_t offset);

}  // namespace armature::expression
