// The connections saved in this server's storage. Their secrets are sealed with the server's key file.
#pragma once

#include "auth/secrets/key_ring.h"
#include "connector/connection_store.h"
#include "console/rows.h"

namespace armature::console {

class StoredConnections final : public connector::ConnectionStore {
 public:
  // Both must outlive this.
  StoredConnections(Rows* rows, const auth::KeyRing* keys) : rows_(rows), keys_(keys) {}

  Task<Expected<std::vector<connector::SavedConnection>, connector::StoreError>> list() override;
  Task<Expected<std::optional<connector::SavedConnection>, connector::StoreError>> find(std::string name) override;
  Task<Expected<void, connector::StoreError>> put(connector::SavedConnection connection) override;
  // kExists: there is one of that name already, and it stays.
  enum class Added { kAdded, kExists };
  Task<Expected<Added, connector::StoreError>> add(connector::SavedConnection connection);
  Task<Expected<bool, connector::StoreError>> remove(std::string name) override;

 private:
  Bytes encode(const connector::SavedConnection& connection) const;
  Expected<connector::SavedConnection, connector::StoreError> decode(BytesView key, BytesView value) const;

  Rows* const rows_;
  const auth::KeyRing* const keys_;
};

}  // namespace armature::console
