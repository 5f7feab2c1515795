#include "auth/identity/credential_store.h"

#include <unordered_map>

#include "auth/identity/principal.h"
#include "auth/sts/session_token.h"

namespace armature::auth {
namespace {

// What this thread found last, for as long as nothing changes. Bounded: it starts over when it is full.
struct Cache {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Entry {
    std::string session_token;
    std::shared_ptr<const Identity> identity;
  };
  static constexpr std::size_t kMostEntries = 4096;

  std::uint64_t state_number = 0;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries;
};

}  // namespace

IdentityCredentialStore::IdentityCredentialStore(AccessKey root, const IdentityStore& identities)
    : identities_(identities), root_(root_identity(std::move(root), identities.account_id())) {}

std::shared_ptr<const Identity> IdentityCredentialStore::find(std::string_view access_key_id,
                                                              std::string_view session_token) const {
  if (access_key_id == root_->access_key_id) return root_;
  thread_local Cache cache;
  const std::uint64_t state_number = identities_.state_number();
  if (cache.state_number != state_number || cache.entries.size() >= Cache::kMostEntries) {
    cache.entries.clear();
    cache.state_number = state_number;
  }
  const auto found = cache.entries.find(access_key_id);
  // A user's key has no token. One that was sent all the same is the verifier's to refuse.
  const bool usable = found != cache.entries.end() && (found->second.identity->kind != PrincipalKind::kSession ||
                                                       found->second.session_token == session_token);
  if (usable) return found->second.identity;
  std::shared_ptr<const Identity> identity = make(access_key_id, session_token);
  // Unknown keys are not remembered: strangers could fill the cache with them.
  if (identity != nullptr) {
    cache.entries.insert_or_assign(std::string(access_key_id), Cache::Entry{std::string(session_token), identity});
  }
  return identity;
}

std::shared_ptr<const Identity> IdentityCredentialStore::make(std::string_view access_key_id,
                                                              std::string_view session_token) const {
  const IdentitiesRef identities = identities_.identities();
  if (const UserRef user = identities->user_of_key(access_key_id)) {
    for (const UserAccessKey& key : user->access_keys) {
      if (key.id == access_key_id) return user_identity(*identities, *user, key);
    }
  }
  if (session_token.empty()) return nullptr;
  auto session = sts::open_session(session_token, access_key_id, identities_.keys());
  if (!session) return nullptr;
  return session_identity(*identities, std::move(*session), root_->access_key_id);
}

}  // namespace armature::auth
