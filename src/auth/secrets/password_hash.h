// Passwords as they are stored: scrypt with a salt of their own. Slow on purpose (about 0.1 s of one core and 32 MB),
// so never on an event loop: base/worker_thread.h. Source: RFC 7914.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace armature::auth {

// "scrypt$15$8$1$<salt>$<hash>", both in base64.
std::string hash_password(const Secret& password);

// Whether `stored`, made by hash_password(), is of this password. What cannot be read matches nothing.
bool password_matches(const Secret& password, std::string_view stored);

}  // namespace armature::auth
