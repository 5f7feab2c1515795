// Ctrl+C as a wish to end well: the first one sets a flag, the second ends the program as usual.
#pragma once

#include <atomic>

namespace armature::cmd {

class CatchInterrupt {
 public:
  CatchInterrupt();
  ~CatchInterrupt();
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;

  static const std::atomic<bool>& flag();
  // Until `file` has something to read, or has come to its end: true. False once the flag is set, also before the call.
  static bool wait_for_input(int file);
};

}  // namespace armature::cmd
