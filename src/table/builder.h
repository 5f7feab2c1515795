// Builder: gives tables that have items what they were asked to keep from now on, a global index or expiry entries, and
// takes away what they no longer keep, while they are read and written. docs/adr/0007 tells why nothing is missed and
// nothing left over; in short:
//
//   phase       writers                                        the builder
//   kErasing    erase the entries of what they replace         waits until all do
//   kFilling    keep entries, and look for those not yet made  waits until all do; makes the missing ones
//   kSettling   keep entries, all of which are there           waits until nobody looks any more
//   kDone       as ever                                        says ACTIVE, or ENABLED
//
// "All" are those who hold a definition of the table (Catalog::is_in_use_by_older()). An index that goes is left alone
// by writers at once, and dropped when nobody knows it any more.
//
// Every step is in storage before the next begins, so that a restart goes on where it stopped.
// Source: Developer Guide, "Managing Global Secondary Indexes in DynamoDB", "Using time to live (TTL) in DynamoDB".
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/background.h"
#include "base/bytes.h"
#include "base/metrics.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "model/error.h"
#include "storage/storage.h"

namespace armature {

struct BuilderOptions {
  // How often the place a table's walk has come to is stored.
  std::chrono::milliseconds save_every{2000};
  // Called before asking who still holds old definitions: makes every thread let go of the ones it only keeps
  // (Catalog::refresh()), now or soon. Empty: this thread alone uses the catalog.
  std::function<void()> refresh_threads;
};

class Builder {
 public:
  // All outlive the builder; `metrics` may be nullptr.
  Builder(Catalog* catalog, storage::Storage* storage, BuilderOptions options, MetricsRegistry* metrics);

  // A step of a background job: advances every table that has work by one phase or some items. One at a time.
  Task<StepResult> step();

 private:
  using Steady = std::chrono::steady_clock;

  // What one table gets or loses: an index, by its id, or expiry entries.
  struct Target {
    std::string table_id;
    std::uint32_t index_id = 0;  // 0: expiry entries.
    auto operator<=>(const Target&) const = default;
  };
  // A walk over the items of a table, in this process.
  struct Walk {
    Bytes position;  // Items below it are done.
    Steady::time_point saved{};
    std::uint64_t items = 0;
  };
  enum class Advance { kNothingToDo, kWaiting, kWorked };
  using Apply = std::function<void(TableDefinition*)>;

  Task<Result<Advance>> advance(const TableDefinition& table);
  Task<Result<Advance>> enter_phase(const TableDefinition& table, std::uint32_t index_id, BuildPhase phase);
  Task<Result<Advance>> advance_index(const TableDefinition& table, const IndexDefinition& index);
  Task<Result<Advance>> advance_expiry(const TableDefinition& table);
  Task<Result<Advance>> fill(const TableDefinition& table, const IndexDefinition* index);
  Task<Result<Advance>> erase_expiry_entries(const TableDefinition& table);

  Task<Result<bool>> walk_on(const TableDefinition& table, const IndexDefinition* index, Walk* walk);
  Task<Result<void>> make_entries(const TableDefinition& table, const IndexDefinition* index,
                                  std::vector<Bytes> item_keys);
  Task<Result<bool>> try_make_entries(const TableDefinition& table, const IndexDefinition* index,
                                      std::span<const Bytes> item_keys);

  // Whether nobody works by an older definition of the table.
  bool is_drained(const TableDefinition& table);
  // Changes the definition by `apply`, which outlives the task, if it is still the one of that revision, and reports
  // kWorked; kWaiting if it is not.
  Task<Result<Advance>> change(const TableDefinition& table, const Apply& apply);

  Catalog& catalog_;
  storage::Storage& storage_;
  const BuilderOptions options_;
  std::map<Target, Walk> walks_;
  std::map<std::string, Steady::time_point> waiting_since_;  // By table id; to tell of waits that are long.
  Counter* made_ = nullptr;                                  // Metrics, if there are any.
};

}  // namespace armature
