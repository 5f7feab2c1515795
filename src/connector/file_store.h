// The command line's stores: files in one directory of the user's.
//
//   connector.key      32 random bytes, made on first use, readable by its owner alone
//   connections        every saved connection, a sealed box (sealed_box.h) of JSON
//   queries.json       saved queries; they hold no secrets
//
// Files are replaced whole, under a lock, so that programs may use them at the same time and none is ever half written.
#pragma once

#include <functional>
#include <string>

#include "connector/connection_store.h"
#include "connector/saved_query.h"

namespace armature::connector {

// ARMATURE_CONFIG_DIR, else XDG_CONFIG_HOME/armature, else ~/.config/armature. The error says which variables are
// missing.
Expected<std::string, StoreError> config_directory();

class FileConnectionStore final : public ConnectionStore {
 public:
  // The directory is made when something is stored.
  explicit FileConnectionStore(std::string directory) : directory_(std::move(directory)) {}

  Task<Expected<std::vector<SavedConnection>, StoreError>> list() override;
  Task<Expected<std::optional<SavedConnection>, StoreError>> find(std::string name) override;
  Task<Expected<void, StoreError>> put(SavedConnection connection) override;
  Task<Expected<bool, StoreError>> remove(std::string name) override;

 private:
  Expected<std::vector<SavedConnection>, StoreError> read() const;
  Expected<void, StoreError> write(const std::vector<SavedConnection>& connections) const;

  const std::string directory_;
};

class FileQueryStore final : public QueryStore {
 public:
  explicit FileQueryStore(std::string directory) : directory_(std::move(directory)) {}

  Task<Expected<std::vector<SavedQuery>, StoreError>> list() override;
  Task<Expected<std::optional<SavedQuery>, StoreError>> find(std::string id) override;
  Task<Expected<SavedQuery, StoreError>> put(SavedQuery query) override;
  Task<Expected<bool, StoreError>> remove(std::string id) override;

 private:
  Expected<std::vector<SavedQuery>, StoreError> read() const;
  Expected<void, StoreError> write(const std::vector<SavedQuery>& queries) const;

  const std::string directory_;
};

}  // namespace armature::connector
