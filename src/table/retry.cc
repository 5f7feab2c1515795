#include "table/retry.h"

#include <algorithm>
#include <utility>

#include "base/executor.h"

namespace armature {
namespace {

// Losses before a turn is asked for, and losses in one's turn before the place is closed.
constexpr int kLossesBeforeTurn = 8;
constexpr int kLossesBeforeClosing = 4;

// Most conflicts are over after one turn of the event loop.
constexpr int kTriesWithoutSleep = 8;
constexpr std::chrono::microseconds kFirstSleep{100};
constexpr int kMostDoublings = 6;

}  // namespace

Task<void> Retry::wait() {
  std::vector<Turns::Place> places = Turns::places_of(keys_);
  Turns::Turn turn = co_await turns_->take(std::move(places));
  turn_.emplace(std::move(turn));
  conflicts_ = 0;
}

Task<bool> Retry::again() {
  if (++conflicts_ == 1) first_conflict_ = Steady::now();
  if (Steady::now() - first_conflict_ >= patience_) co_return false;
  if (turns_ != nullptr && !turn_ && conflicts_ >= kLossesBeforeTurn) {
    co_await wait();
    co_return true;
  }
  if (turn_ && conflicts_ >= kLossesBeforeClosing) turn_->close();
  if (conflicts_ <= kTriesWithoutSleep) {
    co_await Yield();
  } else {
    const int doublings = std::min(conflicts_ - kTriesWithoutSleep - 1, kMostDoublings);
    co_await SleepFor(kFirstSleep * (1 << doublings));
  }
  co_return true;
}

}  // namespace armature
