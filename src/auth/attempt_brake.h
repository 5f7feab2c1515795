// AttemptBrake: holds back addresses that keep sending signatures that do not hold. An address may fail kFailures times
// in a row and once a second from then on; whoever exceeds that has its requests let through kAttempts a second, valid
// ones among them, and the others are refused before any work is done on them. Loopback is never held back.
//
// Bounded memory: addresses share a fixed number of slots, newer ones take over those of older ones. IPv6 addresses are
// counted by their /64, the least one subscriber has.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "auth/authenticator.h"
#include "base/clock.h"
#include "base/ip_address.h"

namespace armature::auth {

// Thread-safe.
class AttemptBrake {
 public:
  static constexpr double kFailures = 50;
  static constexpr double kFailuresPerSecond = 1;
  static constexpr double kAttempts = 20;
  static constexpr double kAttemptsPerSecond = 20;

  explicit AttemptBrake(const Clock& clock, std::size_t slots = 16384);

  // Nobody has failed yet, so every address is admitted.
  bool idle() const { return slots_in_use_.load(std::memory_order_relaxed) == 0; }
  // Whether a request from this address is looked at now.
  bool admits(const IpAddress& address);
  // Its signature did not hold.
  void failed(const IpAddress& address);
  // How many requests have been refused, for the metrics.
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    std::uint64_t address = 0;  // Hashed; 0: free.
    double failures = 0;        // What is left of either bucket, at `at_ms`.
    double attempts = 0;
    Clock::Millis at_ms = 0;
  };
  std::uint64_t hash(const IpAddress& address) const;
  void refill(Slot* slot, Clock::Millis now_ms) const;

  const Clock& clock_;
  const std::uint64_t seed_;
  static constexpr std::size_t kLocks = 16;
  std::array<std::mutex, kLocks> mutexes_;  // Slot i is guarded by mutexes_[i % kLocks].
  std::vector<Slot> slots_;
  std::atomic<std::uint64_t> slots_in_use_{0};
  std::atomic<std::uint64_t> refused_{0};
};

// Asks the brake before, and tells it after, another authenticator.
class BrakedAuthenticator final : public Authenticator {
 public:
  // Both must outlive this.
  BrakedAuthenticator(const Authenticator& behind, AttemptBrake* brake) : behind_(behind), brake_(brake) {}
  Result<Authenticated> authenticate(const SignedRequest& request, std::string_view service,
                                     Arena* arena) const override;

 private:
  const Authenticator& behind_;
  AttemptBrake* const brake_;
};

}  // namespace armature::auth
