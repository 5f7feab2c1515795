#include "auth/identity/policy_document.h"

namespace armature::auth {

std::size_t policy_size(std::string_view text) {
  std::size_t size = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (in_string || !blank) ++size;
    if (in_string && c == '\\' && i + 1 < text.size()) {
      ++size, ++i;
    } else if (c == '"') {
      in_string = !in_string;
    }
  }
  return size;
}

}  // namespace armature::auth
