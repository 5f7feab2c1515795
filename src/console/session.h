// Sessions of the console. A session is a sealed cookie: any node with the same key can open it, and nothing is kept
// about it but, when it was ended early, that it was.
//
// The cookie names the access key that the session acts with; the secret stays where keys are kept, so a key that is
// deactivated or deleted ends its sessions with the next request.
// Source: OWASP, "Session Management Cheat Sheet".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secrets/key_ring.h"
#include "base/bytes.h"

namespace armature::console {

struct Session {
  Bytes id;                   // 16 random bytes.
  std::string access_key_id;  // Empty: the root principal of a server that asks for no credentials (--dev).
  std::string session_token;  // With a temporary key.
  std::string csrf_token;
  std::int64_t begun_at_s = 0;
  std::int64_t used_at_s = 0;  // When somebody last did something with it, to within kUseResolution.
};

struct SessionLimits {
  std::int64_t longest_s = 12 * 3600;
  std::int64_t idle_s = 2 * 3600;
  // A cookie is made anew when its use is recorded, at most this often.
  std::int64_t use_resolution_s = 60;
};

// When the session ends unless it is used again, in seconds since 1970.
std::int64_t expires_at_s(const Session& session, const SessionLimits& limits);

// Makes a session that begins now, with a fresh id and token.
Session begin_session(std::string access_key_id, std::string session_token, std::int64_t now_s);

// Turns sessions into cookie values and back, sealed with the server's key file: nodes that share it share sessions.
// Thread-safe.
class SessionSeal {
 public:
  // `keys` must outlive this.
  explicit SessionSeal(const auth::KeyRing* keys) : keys_(keys) {}

  std::string seal(const Session& session) const;
  // nullopt for what we did not seal. Says nothing about expiry.
  std::optional<Session> open(std::string_view cookie) const;

 private:
  const auth::KeyRing* const keys_;
};

// The value of a cookie in a Cookie header; nullopt when absent. Source: RFC 6265, section 4.2.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

// Header lines that set and remove the cookie.
std::string set_cookie_header(std::string_view value, std::int64_t lifetime_s, bool secure);
std::string remove_cookie_header(bool secure);

inline constexpr std::string_view kSessionCookie = "armature_session";

}  // namespace armature::console
