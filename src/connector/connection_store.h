// Where saved connections are kept. The command line's store is a file; the console's lies in the server's storage.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/task.h"
#include "connector/saved_connection.h"

namespace armature::connector {

// What went wrong with the store itself, for people.
struct StoreError {
  std::string message;
};

// Secrets are encrypted wherever a store puts them. Safe from any thread.
class ConnectionStore {
 public:
  virtual ~ConnectionStore() = default;
  // By name.
  virtual Task<Expected<std::vector<SavedConnection>, StoreError>> list() = 0;
  virtual Task<Expected<std::optional<SavedConnection>, StoreError>> find(std::string name) = 0;
  // Adds or replaces the one of that name. The caller has validated it.
  virtual Task<Expected<void, StoreError>> put(SavedConnection connection) = 0;
  // False: there was none.
  virtual Task<Expected<bool, StoreError>> remove(std::string name) = 0;
};

}  // namespace armature::connector
