// Throughput limits: token buckets of provisioned tables and indexes, and of the ceilings of on-demand ones. Reads and
// writes of every key space have their own.
//
// A bucket lets work begin while anything is left in it and is charged afterwards with what the work really cost, so it
// may go below nothing and has to recover first: one large item on a small table waits once instead of for ever.
//
// Source: Developer Guide, "Provisioned capacity mode" (burst capacity), "On-demand maximum throughput",
// "Troubleshooting throttling". Thread-safe. A table without limits costs two comparisons and no lookup.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "catalog/table_definition.h"
#include "model/error.h"
#include "storage/storage.h"
#include "table/consumed_capacity.h"

namespace armature {

enum class Direction : std::uint8_t { kRead, kWrite };

// Unused capacity is kept for this long.
inline constexpr std::int64_t kProvisionedBurstSeconds = 300;
// Ceilings of on-demand tables keep a second's worth, or they would not be ceilings.
inline constexpr std::int64_t kOnDemandBurstSeconds = 1;

class Throughput {
 public:
  explicit Throughput(const Clock* clock) : clock_(clock) {}
  Throughput(const Throughput&) = delete;
  Throughput& operator=(const Throughput&) = delete;

  // Whether work on the table (`index` null or local: local indexes share the table's capacity) or on a global index
  // may begin now. The error is ProvisionedThroughputExceededException with its reason.
  Result<void> admit(const TableDefinition& table, const IndexDefinition* index, Direction direction);

  // What the work cost. May come before the work as an advance.
  void charge(const TableDefinition& table, const ConsumedCapacity& consumed);

 private:
  struct Limit {
    std::int64_t units_per_second = 0;  // 0: none.
    std::int64_t burst_seconds = 0;
  };

  // When a bucket was empty. It holds what has flowed in since, so a new rate needs no conversion, and a bucket that
  // was last empty a burst ago is full: the same as none.
  using EmptyAt = std::int64_t;  // Nanoseconds on the clock.
  struct Buckets {
    EmptyAt read = 0;
    EmptyAt write = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<storage::KeySpaceId, Buckets> buckets;  // Guarded by mutex.
    std::size_t sweep_at = 64;                                 // Guarded by mutex.
  };

  static Limit limit(const TableDefinition& table, const IndexDefinition* index, Direction direction);

  std::int64_t now_ns() const { return clock_->now_ms() * 1'000'000; }
  Shard& shard(storage::KeySpaceId key_space) { return shards_[key_space % shards_.size()]; }
  void spend(storage::KeySpaceId key_space, const Limit& limit, Direction direction, std::int64_t half_units);
  void sweep(Shard* shard);

  const Clock* const clock_;
  std::array<Shard, 16> shards_;
};

}  // namespace armature
