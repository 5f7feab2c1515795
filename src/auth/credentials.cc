#include "auth/credentials.h"

namespace armature::auth {

std::string root_arn(std::string_view account_id) { return "arn:aws:iam::" + std::string(account_id) + ":root"; }

std::shared_ptr<const Identity> root_identity(AccessKey root, std::string_view account_id) {
  return std::make_shared<const Identity>(Identity{
      .access_key_id = std::move(root.id),
      .secret = std::move(root.secret),
      .account_id = std::string(account_id),
      .principal_arn = root_arn(account_id),
      .user_id = std::string(account_id),
      .kind = PrincipalKind::kRoot,
  });
}

RootCredentialStore::RootCredentialStore(AccessKey root, std::string_view account_id)
    : root_(root_identity(std::move(root), account_id)) {}

std::shared_ptr<const Identity> RootCredentialStore::find(std::string_view access_key_id, std::string_view) const {
  return access_key_id == root_->access_key_id ? root_ : nullptr;
}

}  // namespace armature::auth
