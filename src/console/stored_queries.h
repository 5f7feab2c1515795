// The queries saved in this server's storage, and what they were before they were changed.
#pragma once

#include <cstddef>

#include "base/clock.h"
#include "connector/saved_query.h"
#include "console/rows.h"

namespace armature::console {

class StoredQueries final : public connector::QueryStore {
 public:
  static constexpr std::size_t kVersionsKept = 20;

  // Both must outlive this.
  StoredQueries(Rows* rows, const Clock* clock) : rows_(rows), clock_(clock) {}

  Task<Expected<std::vector<connector::SavedQuery>, connector::StoreError>> list() override;
  Task<Expected<std::optional<connector::SavedQuery>, connector::StoreError>> find(std::string id) override;
  // Sets updated_at_s; what the query was before becomes a version.
  Task<Expected<connector::SavedQuery, connector::StoreError>> put(connector::SavedQuery query) override;
  // Its versions go with it.
  Task<Expected<bool, connector::StoreError>> remove(std::string id) override;

  // What the query was, newest first.
  Task<Expected<std::vector<connector::SavedQuery>, connector::StoreError>> versions(std::string id);

 private:
  Task<Expected<void, connector::StoreError>> keep_version(std::string id, Bytes value);

  Rows* const rows_;
  const Clock* const clock_;
};

}  // namespace armature::console
