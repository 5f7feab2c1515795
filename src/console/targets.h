// Where a call goes: this server as the signed-in principal, or a saved connection.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "connector/loop_thread.h"
#include "connector/open_connection.h"
#include "console/api_call.h"

namespace armature::console {

struct Services;

using Target = std::shared_ptr<connector::OpenConnection>;

// Saved connections that are open: their sockets and the keys of their roles serve the next call too. Thread-safe.
class OpenConnections {
 public:
  static constexpr std::size_t kMostOpen = 50;
  static constexpr Clock::Millis kCloseAfterMs = 15 * 60'000;  // Unused.

  // Both must outlive this.
  OpenConnections(connector::LoopThread* loop, const Clock* clock) : loop_(loop), clock_(clock) {}

  // The error says which field is wrong.
  Expected<Target, std::string> open(const connector::SavedConnection& connection);
  connector::LoopThread* loop() { return loop_; }

 private:
  struct Entry {
    Target target;
    Clock::Millis used_at_ms = 0;
  };

  connector::LoopThread* const loop_;
  const Clock* const clock_;
  std::mutex mutex_;
  // Guarded by mutex_. By the whole form, secrets included: whatever changes makes another connection.
  std::map<std::string, Entry> entries_;
};

// What the console calls this server among its connections, in logs.
inline constexpr std::string_view kThisServer = "this server";

// This server, as the principal of `call`, whose request must outlive the target. A role that was given by a tag
// restrains it as a connection's user role would.
ApiResult<Target> local_target(Services& services, const ApiCall& call, std::string_view region);

// Nothing when the signed-in principal may use the connection: its role must be at least the connection's, and its
// address one of those the connection allows. Pure.
ApiResult<void> may_use(const connector::SavedConnection& connection, const SignedIn& who,
                        std::string_view peer_address);
ConsoleRole required_role(const connector::SavedConnection& connection);

// The saved connection of that name, if it may be used. 404 NotFound, 403 NotAllowed.
Task<ApiResult<connector::SavedConnection>> usable_connection(Services& services, const ApiCall& call,
                                                              std::string name);

// `connection` empty: this server. `region` empty: the server's default, or the connection's own.
Task<ApiResult<Target>> find_target(Services& services, const ApiCall& call, std::string connection,
                                    std::string region);

bool is_region(std::string_view text);

}  // namespace armature::console
