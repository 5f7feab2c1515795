// The two calls of STS a connector needs. Source: STS API Reference, "GetCallerIdentity", "AssumeRole".
#pragma once

#include <cstdint>
#include <string>

#include "auth/credentials.h"
#include "base/task.h"
#include "connector/client.h"
#include "connector/credentials_provider.h"

namespace armature::connector {

struct CallerIdentity {
  std::string arn;
  std::string account;
  std::string user_id;
};
Task<CallResult<CallerIdentity>> get_caller_identity(Client* client);

struct RoleSession {
  auth::AccessKey key;
  std::int64_t expires_at_s = 0;
  std::string arn;            // Of the assumed role.
  bool without_tags = false;  // The trust policy does not allow sts:TagSession, so none were sent.
};
Task<CallResult<RoleSession>> assume_role(Client* client, const RoleToAssume& role);

}  // namespace armature::connector
