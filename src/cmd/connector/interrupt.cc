#include "cmd/connector/interrupt.h"

#include <csignal>

namespace armature::cmd {
namespace {

std::atomic<bool> interrupted{false};

void on_signal(int number) {
  interrupted.store(true);
  std::signal(number, SIG_DFL);  // The next one ends us.
}

}  // namespace

CatchInterrupt::CatchInterrupt() {
  interrupted.store(false);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

CatchInterrupt::~CatchInterrupt() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& CatchInterrupt::flag() { return interrupted; }

}  // namespace armature::cmd
