#include "cmd/connector/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <csignal>

namespace armature::cmd {
namespace {

std::atomic<bool> interrupted{false};

// Readable while `interrupted` is set. A flag alone could be set just before somebody begins to wait, and nothing would
// end that wait.
int wakeup() {
  static const int file = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return file;
}

void on_signal(int number) {
  const int error = errno;
  interrupted.store(true);
  eventfd_write(wakeup(), 1);
  std::signal(number, SIG_DFL);  // The next one ends us.
  errno = error;
}

}  // namespace

CatchInterrupt::CatchInterrupt() {
  eventfd_t count = 0;
  eventfd_read(wakeup(), &count);
  interrupted.store(false);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

CatchInterrupt::~CatchInterrupt() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& CatchInterrupt::flag() { return interrupted; }

bool CatchInterrupt::wait_for_input(int file) {
  pollfd files[] = {{file, POLLIN, 0}, {wakeup(), POLLIN, 0}};
  while (poll(files, 2, -1) < 0) {
    if (errno != EINTR || interrupted.load()) return false;
  }
  return files[1].revents == 0;
}

}  // namespace armature::cmd
