// From credentials to a session, and from a session back to the principal it stands for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "console/api_call.h"
#include "console/services.h"

namespace armature::console {

// Verifies an access key pair by signing a request with it, as any client would; the identity behind it.
ApiResult<std::shared_ptr<const auth::Identity>> verify_key(const Services& services, ApiCall& call,
                                                            const auth::AccessKey& key);

// Verifies a user's password; the identity of the key its session acts with. Takes about a tenth of a second, on a
// thread of its own.
Task<ApiResult<std::shared_ptr<const auth::Identity>>> verify_password(Services& services, std::string user_name,
                                                                       Secret password);

// Begins a session of `key` and puts its cookie into the answer.
void start_session(const Services& services, ApiCall* call, std::shared_ptr<const auth::Identity> identity,
                   std::string session_token);

// The session of the request's cookie, with its principal as it is now; nullopt when there is none, it has expired or
// been ended, or its key does not work any more.
Task<std::optional<SignedIn>> find_session(Services& services, const ApiCall& call);

// Records that the session is in use.
void keep_session(const Services& services, ApiCall* call);

}  // namespace armature::console
