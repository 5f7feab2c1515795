// How a commit that met a conflict is decided again: how often, after which pauses, and in which order among others.
//
//   for (Retry retry(turns, keys);;) {
//     if (retry.must_wait()) co_await retry.wait();
//     ... read, decide, commit; leave when done ...
//     const bool again = co_await retry.again();
//     if (!again) ... tell the client ...
//   }
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "base/task.h"
#include "storage/storage.h"
#include "table/turns.h"

namespace armature {

class Retry {
 public:
  // A commit that depends on `keys`, which outlive it, among others who take turns.
  Retry(Turns* turns, std::span<const storage::ReadKey> keys, std::chrono::milliseconds patience)
      : turns_(turns), keys_(keys), patience_(patience) {}
  // One that competes with few: without turns.
  Retry() = default;

  // Whether somebody else has to get through first; asked before every try.
  bool must_wait() const { return turns_ != nullptr && !turn_ && turns_->is_closed(keys_); }
  // Waits for the turn.
  Task<void> wait();

  // After a conflict: lets others go first for a moment. False: this went on for longer than anybody should wait, not
  // counting the time until it was this one's turn. Conflicts end quickly, for somebody's commit went through each
  // time.
  Task<bool> again();

 private:
  using Steady = std::chrono::steady_clock;

  Turns* const turns_ = nullptr;
  const std::span<const storage::ReadKey> keys_;
  const std::chrono::milliseconds patience_{10'000};

  int conflicts_ = 0;  // Since the beginning, or since the turn began.
  Steady::time_point first_conflict_{};
  std::optional<Turns::Turn> turn_;
};

}  // namespace armature
