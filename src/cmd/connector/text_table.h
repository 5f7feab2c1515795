// Tables of text for terminals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace armature::cmd {

// Columns a terminal gives `text`: code points, wide ones twice, combining ones not at all.
std::size_t display_width(std::string_view text);
// At most `width` columns of it, ending in '…' when something was cut off.
std::string clip(std::string_view text, std::size_t width);
// Control characters made visible, so that data cannot move the cursor.
std::string printable(std::string_view text);

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }

  // Columns apart by two blanks, under a header. `most_columns`: the width of the terminal; 0: no limit. Cells are
  // clipped, the widest columns first.
  std::string text(std::size_t most_columns = 0) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// Columns of the terminal standard output is; 0 when it is none.
std::size_t terminal_width();

}  // namespace armature::cmd
