// The console's rows in storage: small values under text keys, beside the identities they belong to.
//
// | key                        | value                                                     |
// | "cc" name                  | a saved connection (stored_connections.cc)                |
// | "cq" id                    | a saved query, JSON                                       |
// | "cv" id '/' number, 8 big-endian | a version of it before, JSON                        |
// | "cx" session id, 16 bytes  | when the ended session would have expired, 8 big-endian   |
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/expected.h"
#include "base/task.h"
#include "connector/connection_store.h"
#include "storage/storage.h"

namespace armature::console {

struct Row {
  Bytes key;
  Bytes value;
};

template <class T>
using RowResult = Expected<T, connector::StoreError>;

// Thread-safe. What the engine says goes to the log; the errors are sentences for people.
class Rows {
 public:
  // `storage` must outlive the rows.
  explicit Rows(storage::Storage* storage) : storage_(storage) {}

  Task<RowResult<std::optional<Bytes>>> get(Bytes key);
  // Every row whose key begins with `prefix`, in order.
  Task<RowResult<std::vector<Row>>> with_prefix(Bytes prefix);

  // Replaces the row by what `change` makes of the newest value; nullopt stands for no row, both ways. `change` may run
  // more than once. Durable when it returns.
  using Change = std::function<std::optional<Bytes>(const std::optional<Bytes>& now)>;
  Task<RowResult<void>> change(Bytes key, Change change);

 private:
  storage::Storage* const storage_;
};

}  // namespace armature::console
