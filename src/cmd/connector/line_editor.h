// Lines from a terminal, with editing, history and completion (libedit). One at a time in a process.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace armature::cmd {

class LineEditor {
 public:
  // What may follow: `word` is what was typed of it, `before` the line up to there.
  using Complete = std::function<std::vector<std::string>(std::string_view before, std::string_view word)>;

  // `history_file` may be missing; it is written, readable by its owner alone, when the editor ends. Empty: none.
  LineEditor(std::string history_file, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class End { kLine, kInterrupted, kEndOfFile };
  struct Line {
    End end;
    std::string text;
  };
  // Ctrl+C gives up the line, Ctrl+D on an empty one ends.
  Line read(const std::string& prompt);
  void remember(const std::string& statement);

 private:
  const std::string history_file_;
};

}  // namespace armature::cmd
