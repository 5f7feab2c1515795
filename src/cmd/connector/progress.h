// A line of progress on a terminal; nothing where standard error is none.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace armature::cmd {

class Progress {
 public:
  // `what`: "copied"; `total`: what done will be at the end, 0 when nobody knows; `unit`: "items".
  Progress(std::string what, std::uint64_t total, std::string unit);
  // Draws at most ten times a second. `fraction`: from 0 to 1, instead of done/total; negative: take that.
  void update(std::uint64_t done, double fraction = -1);
  // Draws the last state and ends the line. `complete`: done is all there was.
  void finish(std::uint64_t done, bool complete = true);

 private:
  void draw(std::uint64_t done, double fraction);

  const std::string what_;
  std::uint64_t total_;
  const std::string unit_;
  const bool shown_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_{};
  std::uint64_t first_ = 0;  // Done before this run.
  bool any_ = false;
};

}  // namespace armature::cmd
