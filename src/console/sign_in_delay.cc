#include "console/sign_in_delay.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace armature::console {
namespace {

std::array<std::string, 2> keys(std::string_view peer, std::string_view name) {
  return {"peer " + std::string(peer), "name " + std::string(name)};
}

}  // namespace

Clock::Millis SignInDelay::delay_after(int failures) {
  if (failures < kFreeFailures) return 0;
  return std::min(kLongestDelayMs, kFirstDelayMs << std::min(failures - kFreeFailures, 10));
}

std::optional<Clock::Millis> SignInDelay::admit(std::string_view peer, std::string_view name) {
  const Clock::Millis now_ms = clock_->now_ms();
  const std::lock_guard guard(mutex_);
  Clock::Millis attempt_ms = now_ms;
  const auto wanted = keys(peer, name);
  for (const std::string& key : wanted) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end() || now_ms - entry->second.last_failure_ms > kForgetAfterMs) continue;
    attempt_ms = std::max(attempt_ms, entry->second.next_attempt_ms);
  }
  if (attempt_ms - now_ms > kLongestWaitMs) return std::nullopt;
  for (const std::string& key : wanted) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) continue;
    entry->second.next_attempt_ms = attempt_ms + delay_after(entry->second.failures);
  }
  return attempt_ms - now_ms;
}

void SignInDelay::failed(std::string_view peer, std::string_view name) {
  const Clock::Millis now_ms = clock_->now_ms();
  const std::lock_guard guard(mutex_);
  if (entries_.size() >= kMostEntries) forget_old(now_ms);
  for (const std::string& key : keys(peer, name)) {
    Entry& entry = entries_[key];
    if (now_ms - entry.last_failure_ms > kForgetAfterMs) entry = {};
    ++entry.failures;
    entry.last_failure_ms = now_ms;
    entry.next_attempt_ms = std::max(entry.next_attempt_ms, now_ms + delay_after(entry.failures));
  }
}

void SignInDelay::succeeded(std::string_view peer, std::string_view name) {
  const std::lock_guard guard(mutex_);
  for (const std::string& key : keys(peer, name)) entries_.erase(key);
}

std::size_t SignInDelay::size() {
  const std::lock_guard guard(mutex_);
  return entries_.size();
}

// What is old goes; when nothing is, the oldest tenth.
void SignInDelay::forget_old(Clock::Millis now_ms) {
  std::erase_if(entries_, [&](const auto& e) { return now_ms - e.second.last_failure_ms > kForgetAfterMs; });
  if (entries_.size() < kMostEntries) return;
  std::vector<Clock::Millis> times;
  for (const auto& [key, entry] : entries_) times.push_back(entry.last_failure_ms);
  const auto tenth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10);
  std::nth_element(times.begin(), tenth, times.end());
  std::erase_if(entries_, [&](const auto& e) { return e.second.last_failure_ms <= *tenth; });
}

}  // namespace armature::console
