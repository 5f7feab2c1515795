// Time as an injected dependency, so that tests decide what time it is.
#pragma once

#include <cstdint>

namespace armature {

// Thread-safe.
class Clock {
 public:
  using Millis = std::int64_t;  // Since 1970-01-01T00:00:00Z.
  virtual ~Clock() = default;
  virtual Millis now_ms() const = 0;
  std::int64_t now_s() const { return now_ms() / 1000; }
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Millis now_ms() const override;
};

// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Millis now_ms) : now_ms_(now_ms) {}
  Millis now_ms() const override { return __atomic_load_n(&now_ms_, __ATOMIC_RELAXED); }
  void advance_ms(Millis by_ms) { __atomic_fetch_add(&now_ms_, by_ms, __ATOMIC_RELAXED); }

 private:
  Millis now_ms_;
};

}  // namespace armature
