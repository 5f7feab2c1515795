// What a client signs with, now: fixed keys, or those of an assumed role, renewed before they expire.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "auth/credentials.h"
#include "base/async_mutex.h"
#include "base/clock.h"
#include "base/expected.h"
#include "base/task.h"

namespace armature::connector {

class Client;
struct CallError;

// Safe from any thread and executor.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  virtual Task<Expected<auth::AccessKey, CallError>> credentials() = 0;
  // The service said that `refused` is no longer good. True when asking again may give other ones.
  virtual bool invalidate(const auth::AccessKey& refused) {
    static_cast<void>(refused);
    return false;
  }
};

class FixedCredentials final : public CredentialsProvider {
 public:
  explicit FixedCredentials(auth::AccessKey key) : key_(std::move(key)) {}
  Task<Expected<auth::AccessKey, CallError>> credentials() override;

 private:
  const auth::AccessKey key_;
};

struct RoleToAssume {
  std::string arn;
  std::string external_id;   // Empty: none.
  std::string session_name;  // 2 to 64 characters of [\w+=,.@-].
  int duration_s = 3600;
  std::vector<std::pair<std::string, std::string>> session_tags;
};

// Calls AssumeRole with `sts` (a client of the keys that may assume it) when first asked, and again from
// kRenewBeforeExpiry on. While the old keys are good, a failure to renew them is not reported.
// A role whose trust policy does not allow sts:TagSession is assumed without tags.
// Source: STS API Reference, "AssumeRole"; IAM User Guide, "Pass session tags in AWS STS".
class AssumedRoleCredentials final : public CredentialsProvider {
 public:
  static constexpr std::int64_t kRenewBeforeExpiryS = 300;

  // Both pointers must outlive the provider.
  AssumedRoleCredentials(Client* sts, RoleToAssume role, const Clock* clock);
  Task<Expected<auth::AccessKey, CallError>> credentials() override;
  bool invalidate(const auth::AccessKey& refused) override;

 private:
  // nullptr when there is none that is good for so long.
  std::shared_ptr<const auth::AccessKey> key_good_for(std::int64_t seconds);

  Client* const sts_;
  const RoleToAssume role_;
  const Clock* const clock_;
  AsyncMutex mutex_;        // Held while a role is assumed, so that it is assumed once.
  std::mutex state_mutex_;  // Of what follows; never held across a suspension.
  std::shared_ptr<const auth::AccessKey> key_;
  std::int64_t expires_at_s_ = 0;
};

}  // namespace armature::connector
