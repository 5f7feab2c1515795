#include "partiql/token.h"

#include <algorithm>

namespace armature::partiql {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool starts_word(char c) { return is_letter(c) || c == '_' || c == '$'; }
constexpr bool is_in_word(char c) { return starts_word(c) || is_digit(c); }
constexpr bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Expected<std::vector<Token>, std::string> tokens() {
    std::vector<Token> tokens;
    for (;;) {
      TRY(skip_blanks());
      if (offset_ == text_.size()) {
        tokens.push_back({TokenKind::kEnd, text_.substr(offset_), Position{line_, column_, 0}});
        return tokens;
      }
      TRY_ASSIGN(const Extent extent, next());
      const std::string_view token = text_.substr(offset_, extent.length);
      Position at{line_, column_, 0};
      advance(extent.length);
      at.length = characters(token);
      tokens.push_back({extent.kind, token, at});
    }
  }

 private:
  struct Extent {
    TokenKind kind;
    std::size_t length;
  };
  using ExtentResult = Expected<Extent, std::string>;

  char peek(std::size_t ahead = 0) const { return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0'; }
  bool at(std::string_view expected) const { return text_.substr(offset_).starts_with(expected); }

  static std::uint32_t characters(std::string_view text) {
    return static_cast<std::uint32_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
  }

  void advance(std::size_t bytes) {
    for (const char c : text_.substr(offset_, bytes)) {
      if (c == '\n') {
        ++line_;
        column_ = 1;
      } else if (!continues_character(c)) {
        ++column_;
      }
    }
    offset_ += bytes;
  }

  Unexpected<std::string> fault(std::string_view text) const {
    return Unexpected(std::string(text) + " at " + to_text(Position{line_, column_, 1}));
  }

  Expected<void, std::string> skip_blanks() {
    while (offset_ < text_.size()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v') {
        advance(1);
      } else if (at("--")) {
        advance(std::min(text_.find('\n', offset_), text_.size()) - offset_);
      } else if (at("/*")) {
        const std::size_t end = text_.find("*/", offset_ + 2);
        if (end == std::string_view::npos) return fault("Comment without end");
        advance(end + 2 - offset_);
      } else {
        break;
      }
    }
    return {};
  }

  ExtentResult next() const {
    const char c = peek();
    if (starts_word(c)) return word();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '\'') return quoted('\'', TokenKind::kString, "String without end");
    if (c == '"') return quoted('"', TokenKind::kQuotedIdentifier, "Quoted identifier without end");
    return punctuation();
  }

  ExtentResult word() const {
    std::size_t length = 1;
    while (is_in_word(peek(length))) ++length;
    return Extent{TokenKind::kWord, length};
  }

  ExtentResult number() const {
    std::size_t length = 0;
    while (is_digit(peek(length))) ++length;
    if (peek(length) == '.') {
      ++length;
      while (is_digit(peek(length))) ++length;
    }
    if (peek(length) == 'e' || peek(length) == 'E') {
      const std::size_t sign = peek(length + 1) == '+' || peek(length + 1) == '-' ? 1 : 0;
      if (is_digit(peek(length + 1 + sign))) {
        length += 1 + sign;
        while (is_digit(peek(length))) ++length;
      }
    }
    if (starts_word(peek(length))) return fault("Invalid number");
    return Extent{TokenKind::kNumber, length};
  }

  // A quote inside is doubled.
  ExtentResult quoted(char quote, TokenKind kind, std::string_view without_end) const {
    for (std::size_t length = 1; offset_ + length < text_.size(); ++length) {
      if (peek(length) != quote) continue;
      if (peek(length + 1) != quote) return Extent{kind, length + 1};
      ++length;
    }
    return fault(without_end);
  }

  ExtentResult punctuation() const {
    struct Sign {
      std::string_view text;
      TokenKind kind;
    };
    static constexpr Sign kSigns[] = {
        // Longer ones first.
        {"<<", TokenKind::kOpenSet},
        {">>", TokenKind::kCloseSet},
        {"<>", TokenKind::kNotEqual},
        {"!=", TokenKind::kNotEqual},
        {"<=", TokenKind::kLessOrEqual},
        {">=", TokenKind::kGreaterOrEqual},
        {"||", TokenKind::kOther},
        {"<", TokenKind::kLess},
        {">", TokenKind::kGreater},
        {"=", TokenKind::kEqual},
        {"(", TokenKind::kOpenParenthesis},
        {")", TokenKind::kCloseParenthesis},
        {"[", TokenKind::kOpenBracket},
        {"]", TokenKind::kCloseBracket},
        {"{", TokenKind::kOpenBrace},
        {"}", TokenKind::kCloseBrace},
        {",", TokenKind::kComma},
        {".", TokenKind::kDot},
        {":", TokenKind::kColon},
        {";", TokenKind::kSemicolon},
        {"*", TokenKind::kStar},
        {"+", TokenKind::kPlus},
        {"-", TokenKind::kMinus},
        {"?", TokenKind::kParameter},
        {"/", TokenKind::kOther},
        {"%", TokenKind::kOther},
    };
    for (const Sign& sign : kSigns) {
      if (at(sign.text)) return Extent{sign.kind, sign.text.size()};
    }
    return fault("Invalid character");
  }

  const std::string_view text_;
  std::size_t offset_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

}  // namespace

std::string to_text(const Position& position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column) + ":" + std::to_string(position.length);
}

Expected<std::vector<Token>, std::string> tokens_of(std::string_view statement) { return Lexer(statement).tokens(); }

bool is_keyword(std::string_view word, std::string_view keyword) {
  return word.size() == keyword.size() && std::equal(word.begin(), word.end(), keyword.begin(), [](char a, char b) {
           return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
         });
}

}  // namespace armature::partiql
