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

  // `history_file` may be missing; what is remembered is written there at once, readable by its owner alone. Empty:
  // none.
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
  // Adds to the history, unless it is what was added last.
  void remember(const std::string& statement);

 private:
  void append_to_file(const std::string& line);

  const std::string history_file_;
  std::string newest_;
  int remembered_ = 0;  // Lines this editor has written.
};

}  // namespace armature::cmd
