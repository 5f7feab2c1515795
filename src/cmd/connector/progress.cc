#include "cmd/connector/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace armature::cmd {
namespace {

constexpr int kBarColumns = 30;

std::string bar(double fraction) {
  const int filled = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * kBarColumns);
  std::string text;
  for (int i = 0; i < kBarColumns; ++i) text += i < filled ? "█" : "░";
  return text;
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total, std::string unit)
    : what_(std::move(what)), total_(total), unit_(std::move(unit)), shown_(isatty(STDERR_FILENO) != 0) {}

void Progress::update(std::uint64_t done, double fraction) {
  if (!any_) first_ = done;
  any_ = true;
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  draw(done, fraction);
}

void Progress::draw(std::uint64_t done, double fraction) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const double rate = seconds > 0 ? static_cast<double>(done - std::min(first_, done)) / seconds : 0;
  // A table's own count may be behind, so what is known to be there counts as well.
  total_ = total_ > 0 ? std::max(total_, done) : 0;
  if (fraction < 0 && total_ > 0) fraction = static_cast<double>(done) / static_cast<double>(total_);
  std::string line = fmt::format("\r{} {} {}", what_, done, unit_);
  if (fraction >= 0) line = fmt::format("\r{} {:3.0f}%  {} {} {}", bar(fraction), fraction * 100, what_, done, unit_);
  if (fraction >= 0 && total_ > 0) line += fmt::format(" of {}", total_);
  line += fmt::format(", {:.0f}/s", rate);
  if (fraction > 0.01 && fraction < 1 && rate > 0 && total_ > 0)
    line += fmt::format(", {} left", duration(static_cast<double>(total_ - done) / rate));
  fmt::print(stderr, "{}\x1b[K", line);
  std::fflush(stderr);
}

void Progress::finish(std::uint64_t done, bool complete) {
  if (!shown_) return;
  if (complete && total_ > 0) total_ = done;
  draw(done, complete ? 1 : -1);
  fmt::print(stderr, "\n");
}

}  // namespace armature::cmd
