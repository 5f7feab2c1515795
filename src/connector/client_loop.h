// ClientLoop: an executor for clients: one thread, one epoll, timers to the microsecond. Small enough that a load
// generator on the server's own cores measures the server.
#pragma once

#include <sys/epoll.h>

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/executor.h"
#include "base/task.h"

namespace armature::connector {

// Whoever waits for a socket. on_events() runs on the loop's thread with epoll's event bits.
class SocketWatcher {
 public:
  virtual ~SocketWatcher() = default;
  virtual void on_events(std::uint32_t events) = 0;
};

class ClientLoop final : public Executor {
 public:
  ClientLoop();
  ~ClientLoop() override;

  void post(std::coroutine_handle<> handle) override;
  void post_after(std::chrono::nanoseconds delay, std::function<void()> work) override;

  // Watches `socket`, edge-triggered, for reading and writing until it is closed. From the loop's thread, or before it
  // runs.
  void watch(int socket, SocketWatcher* watcher);

  // Runs until `task` is done.
  void run(Task<void> task);

 private:
  using Time = std::chrono::steady_clock::time_point;

  bool has_ready();
  void run_ready();
  void run_timers();
  void wait_for_events();
  int wait_for_events(std::span<epoll_event> events, std::optional<std::chrono::nanoseconds> longest);

  int epoll_ = -1;
  int wake_ = -1;  // An eventfd.
  bool waits_by_the_nanosecond_ = true;
  std::mutex mutex_;
  std::vector<std::coroutine_handle<>> ready_;         // Guarded by mutex_.
  std::multimap<Time, std::function<void()>> timers_;  // Guarded by mutex_.
  std::vector<std::coroutine_handle<>> batch_;
};

}  // namespace armature::connector
