#include "auth/iam/statement_positions.h"

#include "auth/iam/text.h"

namespace armature::auth::iam {
namespace {

// Moves over valid JSON. Stops at the end of the text whatever it holds.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t position() const { return position_; }
  char peek() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  void take() { ++position_; }

  // A string, without its quotes and as it is written.
  std::string_view string() {
    const std::size_t begin = ++position_;
    while (position_ < text_.size() && text_[position_] != '"') position_ += text_[position_] == '\\' ? 2 : 1;
    const std::size_t end = position_ < text_.size() ? position_ : text_.size();
    position_ = end + 1;
    return text_.substr(begin, end - begin);
  }

  // A value of any kind.
  void skip() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '\0') return;
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (depth > 0 || c == '}' || c == ']') {
        take();
        continue;
      }
      // A number or a word, outside any list.
      while (position_ < text_.size() && text_[position_] != ',' && text_[position_] != '}' &&
             text_[position_] != ']') {
        take();
      }
    } while (depth > 0);
  }

 private:
  const std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<TextRange> statement_positions(std::string_view document) {
  std::vector<TextRange> ranges;
  Scanner scanner(document);
  if (scanner.peek() != '{') return ranges;
  scanner.take();
  const auto take_statement = [&] {
    TextRange range{.begin = (scanner.peek(), scanner.position())};
    scanner.skip();
    range.end = scanner.position();
    ranges.push_back(range);
  };
  while (scanner.peek() == '"') {
    const bool wanted = scanner.string() == "Statement";
    if (scanner.peek() == ':') scanner.take();
    if (!wanted) {
      scanner.skip();
    } else if (scanner.peek() == '[') {
      scanner.take();
      while (scanner.peek() == '{') {
        take_statement();
        if (scanner.peek() == ',') scanner.take();
      }
      return ranges;
    } else {
      take_statement();
      return ranges;
    }
    if (scanner.peek() == ',') scanner.take();
  }
  return ranges;
}

}  // namespace armature::auth::iam
