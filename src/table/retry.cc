#include "table/retry.h"

#include <algorithm>
#include <chrono>

#include "base/executor.h"

namespace armature {
namespace {

constexpr int kTriesWithoutSleep = 8;
constexpr std::chrono::microseconds kFirstSleep{100};
constexpr int kMostDoublings = 6;

}  // namespace

Task<void> Retry::pause() const {
  if (conflicts_ <= kTriesWithoutSleep) {
    co_await Yield();
  } else {
    const int doublings = std::min(conflicts_ - kTriesWithoutSleep, kMostDoublings);
    co_await SleepFor(kFirstSleep * (1 << doublings));
  }
}

}  // namespace armature
