// OpenConnection: a saved connection made ready to call: its transport, its credentials, its client, and the rules that
// restrain it. One may serve many callers at once; a store's users keep it while the saved form does not change.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "connector/client.h"
#include "connector/connection.h"
#include "connector/connection_options.h"
#include "connector/loop_thread.h"
#include "connector/saved_connection.h"

namespace armature::connector {

// Safe from any thread and executor.
class OpenConnection {
 public:
  // Over sockets on `loop`, which must outlive it, as must `clock`. The error says which field is wrong.
  static Expected<std::unique_ptr<OpenConnection>, std::string> open(SavedConnection connection, LoopThread* loop,
                                                                     const Clock* clock);
  // Over a transport of the caller's: for a server that calls itself without a socket. Signs with the connection's own
  // keys.
  static Expected<std::unique_ptr<OpenConnection>, std::string> open(SavedConnection connection,
                                                                     std::unique_ptr<Transport> transport,
                                                                     const Clock* clock);
  ~OpenConnection();

  const SavedConnection& saved() const { return connection_; }
  const ConnectionSettings& settings() const { return settings_; }
  const Clock& clock() const { return *clock_; }

  // A call under the connection's rules: read-only, user role, table filter and table prefix (put before the names sent
  // and taken off those that come back). What they forbid is CallError::Kind::kNotSent.
  Task<CallResult<CallReply>> call(Service service, std::string operation, std::string body);

  // The client itself, without those rules.
  Client* client() { return role_client_ != nullptr ? role_client_.get() : &base_client_; }
  // Of the keys alone, before any role is assumed; the same as client() without a role.
  Client* base_client() { return &base_client_; }

 private:
  OpenConnection(SavedConnection connection, std::unique_ptr<Transport> transport, const Clock* clock);

  const SavedConnection connection_;
  const ConnectionSettings settings_;
  const Clock* const clock_;
  const std::unique_ptr<Transport> transport_;
  FixedCredentials fixed_;
  Client base_client_;
  std::unique_ptr<AssumedRoleCredentials> role_;  // Both only when there is a role to assume.
  std::unique_ptr<Client> role_client_;
};

// The parts, for those who test a connection rather than use it.
ConnectionOptions connection_options_of(const ConnectionSettings& settings);
RoleToAssume role_of(const SavedConnection& connection);
std::unique_ptr<Transport> socket_transport_of(const SavedConnection& connection, LoopThread* loop);

}  // namespace armature::connector
