#include "partiql/token_reader.h"

namespace armature::partiql {

std::string_view TokenReader::content_of(const Token& token) const {
  const char quote = token.text.front();
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  if (inner.find(quote) == std::string_view::npos) return inner;
  std::string content;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    content.push_back(inner[i]);
    if (inner[i] == quote) ++i;
  }
  return arena_->copy(content);
}

}  // namespace armature::partiql
