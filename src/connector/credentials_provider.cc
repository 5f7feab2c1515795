#include "connector/credentials_provider.h"

#include <charconv>
#include <optional>

#include "connector/client.h"
#include "connector/sts.h"

namespace armature::connector {

Task<Expected<auth::AccessKey, CallError>> FixedCredentials::credentials() { co_return key_; }

AssumedRoleCredentials::AssumedRoleCredentials(Client* sts, RoleToAssume role, const Clock* clock)
    : sts_(sts), role_(std::move(role)), clock_(clock) {}

std::shared_ptr<const auth::AccessKey> AssumedRoleCredentials::key_good_for(std::int64_t seconds) {
  const std::lock_guard lock(state_mutex_);
  return key_ != nullptr && clock_->now_s() + seconds < expires_at_s_ ? key_ : nullptr;
}

Task<Expected<auth::AccessKey, CallError>> AssumedRoleCredentials::credentials() {
  if (const auto key = key_good_for(kRenewBeforeExpiryS)) co_return *key;
  const auto lock = co_await mutex_.lock();
  if (const auto key = key_good_for(kRenewBeforeExpiryS)) co_return *key;  // Somebody else renewed it meanwhile.
  auto session = co_await assume_role(sts_, role_);
  if (!session) {
    if (const auto key = key_good_for(0)) co_return *key;
    session.error().kind = CallError::Kind::kCredentials;
    co_return Unexpected(std::move(session.error()));
  }
  const std::lock_guard state_lock(state_mutex_);
  key_ = std::make_shared<const auth::AccessKey>(std::move(session->key));
  expires_at_s_ = session->expires_at_s;
  co_return *key_;
}

bool AssumedRoleCredentials::invalidate(const auth::AccessKey& refused) {
  const std::lock_guard lock(state_mutex_);
  if (key_ != nullptr && key_->id == refused.id) key_ = nullptr;
  return true;
}

}  // namespace armature::connector
