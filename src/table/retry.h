// How often, and after which pauses, a commit that met a conflict is decided again.
#pragma once

#include "base/task.h"

namespace armature {

class Retry {
 public:
  // Whether to try once more. Conflicts end quickly, for somebody's commit went through each time; whoever still
  // conflicts after all these tries should tell its client.
  bool again() { return ++conflicts_ < kMostTries; }
  // Lets others go first: one turn of the event loop at the beginning, then longer and longer, up to some milliseconds.
  Task<void> pause() const;

 private:
  static constexpr int kMostTries = 100;

  int conflicts_ = 0;
};

}  // namespace armature
