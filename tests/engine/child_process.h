// A second process for tests: this program again, started afresh, because a fork of a process with threads is good for
// little.
#pragma once

#include <sys/types.h>

#include <string>

namespace armature::storage {

// What the other process does with a data directory; child_process.cc has each.
inline constexpr const char* kChildOpens = "DISABLED_OpensTheDirectory";
inline constexpr int kRefusedAsInUse = 3;  // Its exit code when it is told that another process has the directory.
inline constexpr const char* kChildWrites = "DISABLED_WritesUntilItIsKilled";

class ChildProcess {
 public:
  // Runs `what` on `directory`.
  ChildProcess(const char* what, const std::string& directory);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next number the child reports; -1 when it has ended.
  int next_report();
  void kill();
  // Its exit code; -1 if a signal ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int reports_ = -1;
};

}  // namespace armature::storage
