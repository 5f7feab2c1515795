#include "cmd/connector/line_editor.h"

#include <editline/readline.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <cwchar>

namespace armature::cmd {
namespace {

constexpr int kMostHistoryLines = 2000;

LineEditor::Complete complete_line;
std::vector<std::string> candidates;

// Ctrl+C leaves readline() by a jump, as it has no other way out. A jump out of the handler might leave locks of output
// and memory taken, so the signal is held back while readline() works and let through only while it waits for a
// character, and whoever waits jumps.
sigjmp_buf out_of_readline;
pthread_t reading_thread;
volatile std::sig_atomic_t interrupted = 0;

// Any thread may get the signal, and hands it on to the one that reads.
void on_interrupt(int signal) {
  if (pthread_equal(pthread_self(), reading_thread) == 0) {
    pthread_kill(reading_thread, signal);
  } else {
    interrupted = 1;
  }
}

// -1: the end of the input, or none that can be read. One at a time, as what follows may be for another program.
int read_byte() {
  sigset_t while_waiting;
  pthread_sigmask(SIG_SETMASK, nullptr, &while_waiting);
  sigdelset(&while_waiting, SIGINT);
  while (true) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = ppoll(&input, 1, nullptr, &while_waiting);
    if (interrupted != 0) siglongjmp(out_of_readline, 1);
    if (ready < 0 && errno != EINTR) return -1;
    if (ready <= 0) continue;
    unsigned char byte = 0;
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    return got == 1 ? byte : -1;
  }
}

// A character in the encoding of the locale; -1 at the end of the input.
int read_character(FILE*) {
  std::mbstate_t state{};
  while (true) {
    const int byte = read_byte();
    if (byte < 0) return -1;
    const char text = static_cast<char>(byte);
    wchar_t character = 0;
    const std::size_t read = std::mbrtowc(&character, &text, 1, &state);
    if (read == static_cast<std::size_t>(-2)) continue;  // Not whole yet.
    return read == static_cast<std::size_t>(-1) ? byte : static_cast<int>(character);
  }
}

char* next_candidate(const char*, int state) {
  const auto at = static_cast<std::size_t>(state);
  return at < candidates.size() ? strdup(candidates[at].c_str()) : nullptr;
}

// What follows a word that was completed as a whole: the quote that ends it, a blank, nothing after "size(".
int character_behind(std::string_view before) {
  if (std::count(before.begin(), before.end(), '"') % 2 == 1) return rl_line_buffer[rl_point] == '"' ? '\0' : '"';
  return candidates.size() == 1 && candidates[0].ends_with('(') ? '\0' : ' ';
}

char** complete(const char* word, int start, int) {
  rl_attempted_completion_over = 1;  // File names are no answer here.
  const std::string_view before = std::string_view(rl_line_buffer).substr(0, static_cast<std::size_t>(start));
  candidates = complete_line(before, word);
  rl_completion_append_character = character_behind(before);
  return candidates.empty() ? nullptr : rl_completion_matches(word, next_candidate);
}

}  // namespace

LineEditor::LineEditor(std::string history_file, Complete complete_with) : history_file_(std::move(history_file)) {
  std::setlocale(LC_CTYPE, "");
  complete_line = std::move(complete_with);
  rl_readline_name = "armature";
  rl_getc_function = read_character;
  rl_attempted_completion_function = complete;
  static char breaks[] = " \t\n,;()[]{}=<>'\"";
  rl_basic_word_break_characters = breaks;
  rl_completer_word_break_characters = breaks;
  using_history();
  stifle_history(kMostHistoryLines);
  if (!history_file_.empty()) read_history(history_file_.c_str());
  const HIST_ENTRY* const newest = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
  if (newest != nullptr) newest_ = newest->line;
}

// The file grows with every statement, by several shells side by side; now and then it is cut to what is kept.
LineEditor::~LineEditor() {
  if (history_file_.empty() || remembered_ == 0) return;
  clear_history();
  read_history(history_file_.c_str());
  if (history_length < kMostHistoryLines) return;
  const mode_t before = umask(077);
  write_history(history_file_.c_str());
  umask(before);
}

LineEditor::Line LineEditor::read(const std::string& prompt) {
  reading_thread = pthread_self();
  interrupted = 0;
  sigset_t interrupt;
  sigset_t mask_before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_BLOCK, &interrupt, &mask_before);
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, &before);
  Line line{End::kInterrupted, {}};
  if (sigsetjmp(out_of_readline, 1) == 0) {
    char* const text = readline(prompt.c_str());
    line.end = text != nullptr ? End::kLine : End::kEndOfFile;
    if (text != nullptr) line.text = text;
    std::free(text);
  }
  sigaction(SIGINT, &before, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  return line;
}

void LineEditor::remember(const std::string& statement) {
  std::string line = statement;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  if (line.empty() || line == newest_) return;
  add_history(line.c_str());
  append_to_file(line);
  newest_ = std::move(line);
}

// As write_history() would: a first line of its own, then lines with blanks and what is not printable as \ooo.
void LineEditor::append_to_file(const std::string& line) {
  if (history_file_.empty()) return;
  const int file = open(history_file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  struct stat status {};
  std::string text = fstat(file, &status) == 0 && status.st_size == 0 ? "_HiStOrY_V2_\n" : "";
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '\\') {
      text += c;
    } else {
      text += fmt::format("\\{:03o}", byte);
    }
  }
  text += '\n';
  if (write(file, text.data(), text.size()) > 0) ++remembered_;
  close(file);
}

}  // namespace armature::cmd
