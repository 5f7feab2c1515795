// What the console's endpoints work with. Built once by the handler; outlives every request, shared by all event loops.
#pragma once

#include <string>

#include "api/audit_log.h"
#include "api/authorizer.h"
#include "api/services.h"
#include "auth/authenticator.h"
#include "auth/credentials.h"
#include "base/metrics.h"
#include "console/ended_sessions.h"
#include "console/health.h"
#include "console/metrics_history.h"
#include "console/rows.h"
#include "console/session.h"
#include "console/sign_in_delay.h"
#include "console/stored_connections.h"
#include "console/stored_queries.h"
#include "console/targets.h"

namespace armature::console {

struct ConsoleOptions {
  bool dev = false;    // Signing in takes no credentials.
  std::string engine;  // "RocksDB in ./armature-data", for people.
  SessionLimits session_limits;
  HealthFacts health;
  api::AuditLog* audit_log = nullptr;  // Gets every sign-in; nullptr: there is none.
};

struct Services {
  http::Handler& dispatcher;
  api::Services& database;
  const auth::Authenticator& authenticator;
  const auth::CredentialStore& credentials;
  const api::Authorizer& authorizer;
  const ConsoleOptions& options;

  SessionSeal seal;
  SignInDelay delay;
  MetricsHistory history;
  Rows rows;
  StoredConnections connections;
  StoredQueries queries;
  EndedSessions ended;
  OpenConnections open_connections;
};

}  // namespace armature::console
