// When to try again, and how long to wait before. Pure but for the budget.
// Source: SDKs and Tools Reference Guide, "Retry behavior" (standard and adaptive modes).
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "base/random.h"
#include "connector/transport.h"

namespace armature::connector {

struct CallError;

enum class RetryMode : std::uint8_t {
  kOff,
  kStandard,
  kAdaptive,  // Standard, and the sending rate sinks while the service throttles.
};

enum class RetryReason : std::uint8_t { kNone, kTransient, kThrottled };

// Why `error` is worth another attempt; kNone when it is not.
RetryReason retry_reason(const CallError& error);

// The wait after failed attempt `attempt` (the first one is 1): uniform in [0, min(20 s, 50 ms * 2^(attempt-1))].
std::chrono::nanoseconds backoff(int attempt, SeededRandom* random);

// A token bucket all calls of one client share: failures spend, successes refill, so that an outage is not answered
// with three times the load. And, in adaptive mode, the rate at which calls may go out. Thread-safe.
class RetryBudget {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit RetryBudget(bool adaptive) : adaptive_(adaptive) {}

  // False: no retry now.
  bool spend(const CallError& error);
  void succeeded(bool was_retry);

  // Adaptive mode: how long to wait before sending; zero otherwise.
  std::chrono::nanoseconds delay_before_send(Time now);
  void throttled(Time now);
  void not_throttled(Time now);

 private:
  static constexpr int kCapacity = 500;
  static constexpr int kRetryCost = 5;
  static constexpr int kTimeoutCost = 10;

  const bool adaptive_;
  std::mutex mutex_;
  int tokens_ = kCapacity;  // Guarded by mutex_, as all that follows.
  bool limiting_ = false;   // Set by the first throttled call.
  double rate_ = 0;         // Calls a second that may go out.
  double last_max_rate_ = 0;
  double measured_rate_ = 0;
  double sent_in_window_ = 0;
  Time window_began_{};
  Time last_throttle_{};
  Time next_send_{};
};

}  // namespace armature::connector
