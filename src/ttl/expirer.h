// Expirer: deletes items some time after they expired. It reads the expiry entries of each partition in order
// (table/expiry_entry.h), so what has not expired costs nothing, and never scans a table.
//
// It is meant not to be noticed: small commits, spread evenly over time, that wait for no sync.
// Source: Developer Guide, "Using time to live (TTL) in DynamoDB", "How it works".
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/background.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "model/error.h"
#include "storage/storage.h"
#include "table/item_store.h"

namespace armature {

struct ExpirerOptions {
  std::int64_t delay_s = 60;               // From an item's expiry to its deletion, at least.
  std::int64_t deletes_per_second = 2000;  // At most, over all tables.
};

// The longest ago an item may have expired and still be deleted. Source: Developer Guide, "Using time to live (TTL) in
// DynamoDB", "Formatting an item's TTL attribute".
inline constexpr std::int64_t kLongestExpired_s = std::int64_t{5} * 365 * 24 * 3600;

class Expirer {
 public:
  // All outlive the expirer; `metrics` may be nullptr.
  Expirer(Catalog* catalog, ItemStore* items, storage::Storage* storage, const Clock* clock, ExpirerOptions options,
          MetricsRegistry* metrics);

  // A step of a background job: deletes a few items, or looks whether some are due. One at a time.
  Task<StepResult> step();

 private:
  using Steady = std::chrono::steady_clock;

  // Names a table. Between steps no definition is held: changes of the table wait for those who do.
  struct Table {
    std::string region;
    std::string name;
    std::string id;
    storage::KeySpaceId key_space = 0;
  };
  // Where the look through a table's entries has come to.
  struct Place {
    Table table;
    storage::PartitionId partition = 0;
    Bytes position;  // Empty: not looked at yet in this round.
  };
  using PlaceId = std::pair<storage::KeySpaceId, storage::PartitionId>;
  // How far a partition was read in the last round, and when it was last read from the beginning. Deleted entries leave
  // marks that later reads step over until the engine has compacted them, so a beginning that is slow to read is read
  // seldom: an item that is written when it has long expired waits a little longer then.
  struct Progress {
    Bytes position;
    Steady::time_point began{};
    Steady::duration cost{0};
  };

  Task<Result<void>> look_for_due(std::int64_t due_s);
  Task<Result<void>> list_places();
  Task<Result<void>> read_due(Place place, std::int64_t due_s);
  // nullptr: the table is gone, another one by now, or does not expire its items any more.
  TableRef expiring(const Table& table) const;
  Bytes begin_of_round(const Place& place);
  Task<Result<void>> delete_some(std::int64_t due_s);
  std::size_t batch_size() const;
  std::chrono::nanoseconds time_of(std::size_t deletes) const;

  Catalog& catalog_;
  ItemStore& items_;
  storage::Storage& storage_;
  const Clock& clock_;
  const ExpirerOptions options_;

  std::vector<Place> places_;  // Still to look at in this round, the next one last.
  std::map<PlaceId, Progress> progress_;

  Table table_;             // Of due_.
  std::vector<Bytes> due_;  // Keys of entries that are due, read and not yet deleted; the next ones last.
  Gauge* lag_ = nullptr;    // Metrics, if there are any.
  Counter* deleted_ = nullptr;
  Counter* changed_ = nullptr;
};

}  // namespace armature
