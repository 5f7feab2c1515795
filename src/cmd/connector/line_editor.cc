#include "cmd/connector/line_editor.h"

#include <editline/readline.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace armature::cmd {
namespace {

constexpr int kMostHistoryLines = 2000;

LineEditor::Complete complete_line;
std::vector<std::string> candidates;

// Ctrl+C leaves readline() by a jump, as it has no other way out. Nothing of ours is between the two but the
// completion, which closes the way while it runs.
sigjmp_buf out_of_readline;
volatile std::sig_atomic_t may_jump = 0;
void on_interrupt(int) {
  if (may_jump != 0) siglongjmp(out_of_readline, 1);
}

char* next_candidate(const char*, int state) {
  const auto at = static_cast<std::size_t>(state);
  return at < candidates.size() ? strdup(candidates[at].c_str()) : nullptr;
}

char** complete(const char* word, int start, int) {
  const std::sig_atomic_t jumped = may_jump;
  may_jump = 0;
  rl_attempted_completion_over = 1;  // File names are no answer here.
  candidates = complete_line(std::string_view(rl_line_buffer).substr(0, static_cast<std::size_t>(start)), word);
  char** const matches = candidates.empty() ? nullptr : rl_completion_matches(word, next_candidate);
  may_jump = jumped;
  return matches;
}

}  // namespace

LineEditor::LineEditor(std::string history_file, Complete complete_with) : history_file_(std::move(history_file)) {
  std::setlocale(LC_CTYPE, "");
  complete_line = std::move(complete_with);
  rl_readline_name = "armature";
  rl_attempted_completion_function = complete;
  static char breaks[] = " \t\n,;()[]{}=<>'\"";
  rl_basic_word_break_characters = breaks;
  rl_completer_word_break_characters = breaks;
  using_history();
  stifle_history(kMostHistoryLines);
  if (!history_file_.empty()) read_history(history_file_.c_str());
}

LineEditor::~LineEditor() {
  if (history_file_.empty()) return;
  const mode_t before = umask(077);
  write_history(history_file_.c_str());
  umask(before);
}

LineEditor::Line LineEditor::read(const std::string& prompt) {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, &before);
  Line line{End::kInterrupted, {}};
  if (sigsetjmp(out_of_readline, 1) == 0) {
    may_jump = 1;
    char* const text = readline(prompt.c_str());
    may_jump = 0;
    line.end = text != nullptr ? End::kLine : End::kEndOfFile;
    if (text != nullptr) line.text = text;
    std::free(text);
  }
  may_jump = 0;
  sigaction(SIGINT, &before, nullptr);
  return line;
}

void LineEditor::remember(const std::string& statement) {
  std::string line = statement;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  if (!line.empty()) add_history(line.c_str());
}

}  // namespace armature::cmd
