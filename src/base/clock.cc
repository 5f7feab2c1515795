#include "base/clock.h"

#include <ctime>

namespace armature {

Clock::Millis SystemClock::now_ms() const {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<Millis>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace armature
