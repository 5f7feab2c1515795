#include "connector/client_loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>

#include "base/assert.h"

namespace armature::connector {

ClientLoop::ClientLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  ARMATURE_ASSERT(epoll_ >= 0 && wake_ >= 0);
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = nullptr}};
  ARMATURE_ASSERT(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0);
}

ClientLoop::~ClientLoop() {
  close(wake_);
  close(epoll_);
}

void ClientLoop::post(std::coroutine_handle<> handle) {
  const std::lock_guard lock(mutex_);
  ready_.push_back(handle);
  if (Executor::current() == this || ready_.size() > 1) return;
  const std::uint64_t one = 1;
  // A full counter wakes the loop just as well, so the result does not matter.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void ClientLoop::post_after(std::chrono::nanoseconds delay, std::function<void()> work) {
  const Time when = std::chrono::steady_clock::now() + delay;
  const std::lock_guard lock(mutex_);
  timers_.emplace(when, std::move(work));
  if (Executor::current() == this) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void ClientLoop::watch(int socket, SocketWatcher* watcher) {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = watcher}};
  ARMATURE_ASSERT(epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0);
}

void ClientLoop::run(Task<void> task) {
  const Scope scope(this);
  bool done = false;
  start(std::move(task), [&] { done = true; });
  while (!done) {
    run_ready();
    run_timers();
    if (!done) wait_for_events();
  }
}

bool ClientLoop::has_ready() {
  const std::lock_guard lock(mutex_);
  return !ready_.empty();
}

void ClientLoop::run_ready() {
  {
    const std::lock_guard lock(mutex_);
    batch_.swap(ready_);
  }
  for (const auto handle : batch_) handle.resume();
  batch_.clear();
}

void ClientLoop::run_timers() {
  while (true) {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (timers_.empty() || timers_.begin()->first > std::chrono::steady_clock::now()) return;
      work = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
    }
    work();
  }
}

void ClientLoop::wait_for_events() {
  std::optional<std::chrono::nanoseconds> wait;
  {
    const std::lock_guard lock(mutex_);
    if (!ready_.empty()) {
      wait = std::chrono::nanoseconds(0);
    } else if (!timers_.empty()) {
      wait = std::max(std::chrono::nanoseconds(0), timers_.begin()->first - std::chrono::steady_clock::now());
    }
  }
  std::array<epoll_event, 64> events;
  const int count = wait_for_events(events, wait);
  for (int i = 0; i < count; ++i) {
    if (auto* watcher = static_cast<SocketWatcher*>(events[i].data.ptr)) {
      watcher->on_events(events[i].events);
    } else {
      std::uint64_t value = 0;
      [[maybe_unused]] const ssize_t got = read(wake_, &value, sizeof value);
    }
  }
}

int ClientLoop::wait_for_events(std::span<epoll_event> events, std::optional<std::chrono::nanoseconds> longest) {
  const int most = static_cast<int>(events.size());
  if (waits_by_the_nanosecond_) {
    timespec timeout{};
    if (longest) timeout = {.tv_sec = longest->count() / 1'000'000'000, .tv_nsec = longest->count() % 1'000'000'000};
    const int count = epoll_pwait2(epoll_, events.data(), most, longest ? &timeout : nullptr, nullptr);
    if (count >= 0 || errno != ENOSYS) return count;
    waits_by_the_nanosecond_ = false;  // Linux before 5.11.
  }
  const auto milliseconds = longest ? std::chrono::ceil<std::chrono::milliseconds>(*longest).count() : -1;
  return epoll_wait(epoll_, events.data(), most, static_cast<int>(std::min<std::int64_t>(milliseconds, INT_MAX)));
}

}  // namespace armature::connector
