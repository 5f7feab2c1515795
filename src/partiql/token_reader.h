// The tokens of one statement as a parser reads them, and how it complains.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/error.h"
#include "partiql/token.h"

namespace armature::partiql {

inline constexpr std::string_view kMalformed = "Statement wasn't well formed, can't be processed: ";

// "Statement wasn't well formed, can't be processed: Unexpected keyword at 1:8:5".
inline Unexpected<Error> malformed(std::string_view text) { return invalid(std::string(kMalformed).append(text)); }
inline Unexpected<Error> malformed(std::string_view text, const Position& at) {
  return malformed(std::string(text) + " at " + to_text(at));
}
// "Unsupported clause: LIMIT at 1:36:1".
inline Unexpected<Error> unsupported_clause(std::string_view clause, const Position& at) {
  return invalid("Unsupported clause: " + std::string(clause) + " at " + to_text(at));
}

// Lives through one parse; tokens end with a kEnd.
class TokenReader {
 public:
  TokenReader(std::span<const Token> tokens, Arena* arena) : tokens_(tokens), arena_(arena) {}

  const Token& peek(std::size_t ahead = 0) const {
    return tokens_[position_ + ahead < tokens_.size() ? position_ + ahead : tokens_.size() - 1];
  }
  // The current token, moving behind it; stays at the end.
  const Token& take() {
    const Token& token = tokens_[position_];
    if (position_ + 1 < tokens_.size()) ++position_;
    return token;
  }

  bool at(TokenKind kind) const { return peek().kind == kind; }
  bool at_keyword(std::string_view keyword, std::size_t ahead = 0) const {
    return peek(ahead).kind == TokenKind::kWord && is_keyword(peek(ahead).text, keyword);
  }
  bool take_if(TokenKind kind) { return at(kind) && (take(), true); }
  bool take_keyword(std::string_view keyword) { return at_keyword(keyword) && (take(), true); }

  Result<void> expect(TokenKind kind, std::string_view complaint) {
    if (take_if(kind)) return {};
    return malformed(complaint, peek().at);
  }
  Result<void> expect_keyword(std::string_view keyword, std::string_view complaint) {
    if (take_keyword(keyword)) return {};
    return malformed(complaint, peek().at);
  }

  // The content of a kString or kQuotedIdentifier, its doubled quotes made single.
  std::string_view content_of(const Token& token) const;

  Arena* arena() const { return arena_; }

 private:
  std::span<const Token> tokens_;
  Arena* const arena_;
  std::size_t position_ = 0;
};

}  // namespace armature::partiql
