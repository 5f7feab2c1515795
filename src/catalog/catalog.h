// Catalog: which tables exist. Definitions live in storage and, all of them, in memory: looking one up costs a hash and
// no lock. Changes are serialized and durable before they show.
//
// Names are per account and region, as on AWS. Which access key asks never matters.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async_mutex.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "storage/storage.h"

namespace armature {

// Whether a key of Space::kItems in storage::kCatalogKeySpace is that of a definition (decode_definition()), and
// whether it is that of a deleted table whose streams are kept; for tools that read a storage no catalog is loaded
// from.
bool is_definition_key(BytesView key);
bool is_retired_definition_key(BytesView key);

// A stream, and its table as it is now or, when it was deleted, as it was last.
struct StreamRef {
  TableRef table;
  const StreamDefinition* stream = nullptr;  // In `table`.
};

// `table`, for data calls: kResourceNotFound `Requested resource not found` when it is nullptr, or is neither ACTIVE
// nor UPDATING.
Result<TableRef> active_table(TableRef table);

// Thread-safe.
class Catalog {
 public:
  Catalog(storage::Storage* storage, const Clock* clock, std::string account_id);
  ~Catalog();

  // Reads every definition from storage. Call once, before anything else.
  Task<Result<void>> load();

  // The table, in whatever status; nullptr when there is none. `table` may carry account and region of an ARN; where it
  // does not, the catalog's account and `region` hold. Never blocks.
  TableRef find(std::string_view region, const TableName& table) const;
  // For control-plane calls: `Requested resource not found: Table: t not found`.
  Result<TableRef> described_table(std::string_view region, const TableName& table) const;

  // Names in byte order, at most `limit`, behind `after` (exclusive; need not exist). `*more` says whether some are
  // left.
  std::vector<std::string> list(std::string_view region, std::string_view after, std::size_t limit, bool* more) const;
  std::size_t table_count(std::string_view region) const;

  // Threads keep the newest snapshot they saw, and with it what it holds. Lets go of this thread's if it is old.
  void refresh() const { static_cast<void>(snapshot()); }

  // Every table of every region, for background work and metrics.
  std::vector<TableRef> all() const;

  // Streams by table name and label, of tables that exist and of deleted ones that are kept.
  std::vector<StreamRef> streams(std::string_view region) const;
  // nullopt: there is none of that name.
  std::optional<StreamRef> find_stream(std::string_view region, const StreamName& name) const;
  // Deleted tables of every region whose streams are kept.
  std::vector<TableRef> retired() const;

  // Adds a table. Fills in account, ARN, id, key spaces, index ids, revision and creation time; everything else comes
  // from `draft`. `extend`, if given, adds to the commit what has to be there from the table's first moment. What its
  // writes point at outlives the call. kResourceInUse `Table already exists: t`.
  using Extend = std::function<void(const TableDefinition& table, storage::Batch* batch)>;
  Task<Result<TableRef>> create(TableDefinition draft, const Extend& extend = {});

  // Replaces the definition of `name` by what `change` makes of the newest one; `change` may run more than once and
  // says no by returning an error. New global indexes in the result get their id and key space here.
  using Change = std::function<Result<TableDefinition>(const TableDefinition& current)>;
  Task<Result<TableRef>> update(std::string_view region, const TableName& table, const Change& change);

  // Whether requests that began before the last change of `table` may still be working with the definition of then.
  // Whoever changed a definition and needs every write to follow it waits until this is false (table/builder.h,
  // streams). Servers that share one storage would have to ask each other here.
  bool is_in_use_by_older(const TableDefinition& table);

  // Removes the table and drops its key spaces; returns its last definition. `check` may refuse. From the moment the
  // removal is durable nobody finds it; requests that hold a TableRef may finish first. If it has streams, they and the
  // definition, the streams disabled, are kept (retired()) until forget().
  using Check = std::function<Result<void>(const TableDefinition& current)>;
  Task<Result<TableRef>> remove(std::string_view region, const TableName& table, const Check& check);

  // Drops what is left of a retired table. It is no error if that has been done.
  Task<Result<void>> forget(const TableDefinition& retired);

  const std::string& account_id() const { return account_id_; }

 private:
  struct Snapshot;

  // The newest snapshot; valid on this thread until the next call.
  const Snapshot& snapshot() const;
  TableRef find(std::string_view region, std::string_view name) const;
  // Replaces the entry `key` of the snapshot; nullptr removes it. The same of a retired table.
  void publish(const std::string& key, TableRef table);
  void publish_retired(const std::string& key, TableRef table);
  bool is_newest(std::uint64_t number) const;
  void forget_unused_definitions();  // Expects snapshot_mutex_ to be held.
  Task<Result<storage::KeySpaceId>> allocate_key_spaces(std::size_t count);

  storage::Storage* const storage_;
  const Clock* const clock_;
  const std::string account_id_;

  AsyncMutex changes_;  // Held by the one change in progress.

  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> snapshot_;    // Guarded by snapshot_mutex_.
  std::atomic<std::uint64_t> snapshot_number_;  // Changes with snapshot_: threads keep a copy of the newest they saw.
  // Definitions that were replaced and may still be in use, by key space; guarded by snapshot_mutex_.
  std::unordered_map<storage::KeySpaceId, std::vector<std::shared_ptr<const TableRef>>> replaced_;
};

}  // namespace armature
