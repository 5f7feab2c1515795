// IdentityCredentialStore: whose key is it? The root key, the access keys of users, and the temporary keys of sessions,
// which are not stored anywhere: their token carries them (auth/sts/session_token.h).
#pragma once

#include <memory>
#include <string_view>

#include "auth/credentials.h"
#include "auth/identity/identity_store.h"

namespace armature::auth {

// Thread-safe; answers from memory and takes no lock.
class IdentityCredentialStore final : public CredentialStore {
 public:
  // `identities` must outlive this.
  IdentityCredentialStore(AccessKey root, const IdentityStore& identities);

  std::shared_ptr<const Identity> find(std::string_view access_key_id, std::string_view session_token) const override;

 private:
  std::shared_ptr<const Identity> make(std::string_view access_key_id, std::string_view session_token) const;

  const IdentityStore& identities_;
  const std::shared_ptr<const Identity> root_;
};

}  // namespace armature::auth
