#include "expression/token.h"

#include "base/header.h"

namespace armature::expression {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

template <class Predicate>
std::size_t end_of_run(std::string_view text, std::size_t from, Predicate belongs) {
  while (from < text.size() && belongs(text[from])) ++from;
  return from;
}

// Where the character that starts at `from` ends, so that an error shows a whole one and not half of its UTF-8.
std::size_t end_of_character(std::string_view text, std::size_t from) {
  return end_of_run(text, from + 1, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
}

TokenKind keyword_or_name(std::string_view word) {
  if (word.size() > 7) return TokenKind::kName;
  if (equals_ignoring_case(word, "AND")) return TokenKind::kAnd;
  if (equals_ignoring_case(word, "OR")) return TokenKind::kOr;
  if (equals_ignoring_case(word, "NOT")) return TokenKind::kNot;
  if (equals_ignoring_case(word, "BETWEEN")) return TokenKind::kBetween;
  if (equals_ignoring_case(word, "IN")) return TokenKind::kIn;
  if (equals_ignoring_case(word, "SET")) return TokenKind::kSet;
  if (equals_ignoring_case(word, "REMOVE")) return TokenKind::kRemove;
  if (equals_ignoring_case(word, "ADD")) return TokenKind::kAdd;
  if (equals_ignoring_case(word, "DELETE")) return TokenKind::kDelete;
  return TokenKind::kName;
}

// The kind of the punctuation at `at`, and where it ends; kInvalid when it is none.
TokenKind punctuation(std::string_view text, std::size_t at, std::size_t* end) {
  *end = at + 1;
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  switch (text[at]) {
    case '(': return TokenKind::kOpenParenthesis;
    case ')': return TokenKind::kCloseParenthesis;
    case '[': return TokenKind::kOpenBracket;
    case ']': return TokenKind::kCloseBracket;
    case ',': return TokenKind::kComma;
    case '.': return TokenKind::kDot;
    case '+': return TokenKind::kPlus;
    case '-': return TokenKind::kMinus;
    case '=': return TokenKind::kEqual;
    case '<':
      if (next == '>') return ++*end, TokenKind::kNotEqual;
      if (next == '=') return ++*end, TokenKind::kLessOrEqual;
      return TokenKind::kLess;
    case '>':
      if (next == '=') return ++*end, TokenKind::kGreaterOrEqual;
      return TokenKind::kGreater;
    default: *end = end_of_character(text, at); return TokenKind::kInvalid;
  }
}

}  // namespace

Token next_token(std::string_view text, std::size_t offset) {
  const std::size_t begin = end_of_run(text, offset, is_blank);
  std::size_t end = begin;
  TokenKind kind = TokenKind::kEnd;
  if (begin < text.size()) {
    const char first = text[begin];
    if (is_letter(first)) {
      end = end_of_run(text, begin, is_word);
      kind = keyword_or_name(text.substr(begin, end - begin));
    } else if (is_digit(first)) {
      end = first == '0' ? begin + 1 : end_of_run(text, begin, is_digit);
      kind = TokenKind::kInteger;
    } else if ((first == '#' || first == ':') && begin + 1 < text.size() && is_word(text[begin + 1])) {
      end = end_of_run(text, begin + 1, is_word);
      kind = first == '#' ? TokenKind::kNamePlaceholder : TokenKind::kValuePlaceholder;
    } else {
      kind = punctuation(text, begin, &end);
    }
  }
  return {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

}  // namespace armature::expression
