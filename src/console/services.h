// What the console's endpoints work with. Built once by the handler; outlives every request, shared by all event loops.
#pragma once

#include <string>

#include "api/authorizer.h"
#include "api/services.h"
#include "auth/authenticator.h"
#include "auth/credentials.h"
#include "base/metrics.h"
#include "console/local_calls.h"
#include "console/session.h"
#include "console/sign_in_delay.h"

namespace armature::console {

struct ConsoleOptions {
  bool dev = false;    // Signing in takes no credentials.
  std::string engine;  // "RocksDB in ./armature-data", for people.
  SessionLimits session_limits;
};

struct Services {
  api::Services& database;
  const auth::Authenticator& authenticator;
  const auth::CredentialStore& credentials;
  const api::Authorizer& authorizer;
  MetricsRegistry& metrics;
  const ConsoleOptions& options;

  LocalCalls local;
  SessionSeal seal;
  SignInDelay delay;
};

}  // namespace armature::console
