#include "auth/identity/credential_store.h"

#include <unordered_map>

namespace armature::auth {
namespace {

// What this thread found last, for as long as nothing changes. Bounded: it starts over when it is full.
struct Cache {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  static constexpr std::size_t kMostEntries = 4096;

  std::uint64_t state_number = 0;
  std::unordered_map<std::string, std::shared_ptr<const Identity>, Hash, std::equal_to<>> identities;
};

}  // namespace

IdentityCredentialStore::IdentityCredentialStore(AccessKey root, const IdentityStore& identities)
    : identities_(identities), root_(root_identity(std::move(root), identities.account_id())) {}

std::shared_ptr<const Identity> IdentityCredentialStore::find(std::string_view access_key_id, std::string_view) const {
  if (access_key_id == root_->access_key_id) return root_;
  thread_local Cache cache;
  const std::uint64_t state_number = identities_.state_number();
  if (cache.state_number != state_number || cache.identities.size() >= Cache::kMostEntries) {
    cache.identities.clear();
    cache.state_number = state_number;
  }
  const auto found = cache.identities.find(access_key_id);
  if (found != cache.identities.end()) return found->second;
  std::shared_ptr<const Identity> identity = make(access_key_id);
  // Unknown keys are not remembered: strangers could fill the cache with them.
  if (identity != nullptr) cache.identities.emplace(access_key_id, identity);
  return identity;
}

std::shared_ptr<const Identity> IdentityCredentialStore::make(std::string_view access_key_id) const {
  const UserRef user = identities_.identities()->user_of_key(access_key_id);
  if (user == nullptr) return nullptr;
  for (const UserAccessKey& key : user->access_keys) {
    if (key.id != access_key_id) continue;
    Identity identity;
    identity.access_key_id = key.id;
    identity.secret = key.secret;
    identity.account_id = identities_.account_id();
    identity.principal_arn = user_arn(identities_.account_id(), *user);
    identity.user_id = user->id;
    identity.user_name = user->name;
    identity.kind = PrincipalKind::kUser;
    identity.active = key.active;
    return std::make_shared<const Identity>(std::move(identity));
  }
  return nullptr;
}

}  // namespace armature::auth
