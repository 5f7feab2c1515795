// Makes guessing slow: after failures the next attempts from the same address, and for the same name, have to wait.
// Kept in memory, per node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace armature::console {

// Thread-safe.
class SignInDelay {
 public:
  explicit SignInDelay(const Clock* clock) : clock_(clock) {}

  // How long an attempt must wait before it is looked at; nullopt: too many wait already, refuse it. Attempts of one
  // key come one after the other, however many are sent at once.
  std::optional<Clock::Millis> admit(std::string_view peer, std::string_view name);
  void failed(std::string_view peer, std::string_view name);
  void succeeded(std::string_view peer, std::string_view name);
  std::size_t size();

  static constexpr int kFreeFailures = 3;
  static constexpr Clock::Millis kFirstDelayMs = 500;      // Doubled by each further failure,
  static constexpr Clock::Millis kLongestDelayMs = 4'000;  // up to this.
  static constexpr Clock::Millis kLongestWaitMs = 10'000;
  static constexpr Clock::Millis kForgetAfterMs = 15 * 60'000;
  static constexpr std::size_t kMostEntries = 10'000;

 private:
  struct Entry {
    int failures = 0;
    Clock::Millis last_failure_ms = 0;
    Clock::Millis next_attempt_ms = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  static Clock::Millis delay_after(int failures);
  void forget_old(Clock::Millis now_ms);

  const Clock* const clock_;
  std::mutex mutex_;
  Entries entries_;  // Guarded by mutex_. By "peer …" and "name …".
};

}  // namespace armature::console
