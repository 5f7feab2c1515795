// PartiQL statements cut into pieces, as far as clients need it: to find tables, variables and the end of a statement.
// Not a parser: what is wrong in a statement is the server's to say. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace armature::connector {

enum class PieceKind : unsigned char {
  kBlank,       // Blanks, and comments: -- to the end of the line, /* … */.
  kWord,        // Letters, digits, '_', '$': keywords, names, numbers.
  kText,        // '…', with '' inside; also one that does not end.
  kIdentifier,  // "…", with "" inside; also one that does not end.
  kVariable,    // {{name}}.
  kSymbol,      // Any other character.
};

struct Piece {
  PieceKind kind;
  std::string_view text;  // With its quotes.
};

// The pieces of `statement`, which put together are the statement again.
std::vector<Piece> cut_statement(std::string_view statement);

// The bytes up to and with the first ';' outside of quotes and comments; npos when there is none.
std::size_t statement_end(std::string_view text);

bool is_word(const Piece& piece, std::string_view word);  // In any case; `word` in upper case.

}  // namespace armature::connector
