// The audit log: who asked for what, what was answered, and which statement decided. One line of JSON for every
// permission asked for by the control plane (tables' definitions and settings, identities, sessions, the allow-list),
// for every sign-in to the console, for every denial and for every signature that does not hold. Names and addresses
// alone: never secrets, never items.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace armature::api {

// Where the lines go. Thread-safe.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  // Takes one line, without its end. Never blocks.
  virtual void write(std::string line) = 0;
};

// One line; what is empty is left out of it.
struct AuditEvent {
  std::string_view event;  // "permission", "signature", "sign-in".
  std::string_view request_id = {};
  std::string_view principal = {};      // An ARN, or the name given at a sign-in.
  std::string_view access_key_id = {};  // Of a signature that does not hold: as claimed.
  std::string_view source = {};         // The client's address.
  std::string_view action = {};
  std::string_view resource = {};
  std::string_view outcome = {};  // "allowed" or "denied".
  std::string_view reason = {};
  std::string_view policy = {};  // What decided: a policy, and its statement by Sid or by position from 1.
  std::string_view statement = {};
};
void write_event(AuditLog* log, const Clock& clock, const AuditEvent& event);

}  // namespace armature::api
