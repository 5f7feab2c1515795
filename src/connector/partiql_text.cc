#include "connector/partiql_text.h"

#include <algorithm>
#include <cctype>

namespace armature::connector {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t quoted_length(std::string_view text) {
  const char quote = text.front();
  std::size_t at = 1;
  while (at < text.size()) {
    if (text[at] != quote) {
      ++at;
    } else if (at + 1 < text.size() && text[at + 1] == quote) {
      at += 2;
    } else {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t comment_length(std::string_view text) {
  if (text.starts_with("--")) return std::min(text.find('\n'), text.size());
  const std::size_t end = text.find("*/", 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

template <class Test>
std::size_t run_length(std::string_view text, Test test) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), test) - text.begin());
}

Piece first_piece(std::string_view text) {
  const char c = text.front();
  const auto piece = [&](PieceKind kind, std::size_t length) { return Piece{kind, text.substr(0, length)}; };
  if (is_blank(c)) return piece(PieceKind::kBlank, run_length(text, is_blank));
  if (text.starts_with("--") || text.starts_with("/*")) return piece(PieceKind::kBlank, comment_length(text));
  if (c == '\'') return piece(PieceKind::kText, quoted_length(text));
  if (c == '"') return piece(PieceKind::kIdentifier, quoted_length(text));
  if (text.starts_with("{{")) {
    const std::size_t end = text.find("}}");
    if (end != std::string_view::npos) return piece(PieceKind::kVariable, end + 2);
  }
  if (is_word_character(c)) return piece(PieceKind::kWord, run_length(text, is_word_character));
  return piece(PieceKind::kSymbol, 1);
}

}  // namespace

std::vector<Piece> cut_statement(std::string_view statement) {
  std::vector<Piece> pieces;
  while (!statement.empty()) {
    pieces.push_back(first_piece(statement));
    statement.remove_prefix(pieces.back().text.size());
  }
  return pieces;
}

std::size_t statement_end(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Piece piece = first_piece(text.substr(at));
    at += piece.text.size();
    if (piece.kind == PieceKind::kSymbol && piece.text == ";") return at;
  }
  return std::string_view::npos;
}

bool is_word(const Piece& piece, std::string_view word) {
  return piece.kind == PieceKind::kWord &&
         std::equal(piece.text.begin(), piece.text.end(), word.begin(), word.end(),
                    [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; });
}

}  // namespace armature::connector
