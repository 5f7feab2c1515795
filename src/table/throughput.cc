#include "table/throughput.h"

#include <algorithm>
#include <string>
#include <utility>

namespace armature {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

Unexpected<Error> exceeded(const TableDefinition& table, const IndexDefinition* index, Direction direction,
                           bool on_demand) {
  ThrottlingReason reason{.reason = index != nullptr ? "Index" : "Table", .resource_arn = table.arn};
  reason.reason += direction == Direction::kRead ? "Read" : "Write";
  reason.reason += on_demand ? "MaxOnDemandThroughputExceeded" : "ProvisionedThroughputExceeded";
  if (index != nullptr) reason.resource_arn += "/index/" + index->name;

  Error error{ErrorCode::kProvisionedThroughputExceeded, {}, {}};
  error.message =
      index == nullptr
          ? "The level of configured provisioned throughput for the table was exceeded. Consider increasing "
            "your provisioning level with the UpdateTable API."
          : "The level of configured provisioned throughput for one or more global secondary indexes of the "
            "table was exceeded. Consider increasing your provisioning level for the under-provisioned "
            "global secondary indexes with the UpdateTable API";
  error.detail = std::vector<ThrottlingReason>{std::move(reason)};
  return Unexpected(std::move(error));
}

const IndexDefinition* if_global(const IndexDefinition* index) {
  return index != nullptr && index->global ? index : nullptr;
}

storage::KeySpaceId key_space_of(const TableDefinition& table, const IndexDefinition* global_index) {
  return global_index != nullptr ? global_index->key_space : table.key_space;
}

}  // namespace

Throughput::Limit Throughput::limit(const TableDefinition& table, const IndexDefinition* global_index,
                                    Direction direction) {
  const bool read = direction == Direction::kRead;
  if (table.billing == BillingMode::kProvisioned) {
    const ProvisionedThroughput& given = global_index != nullptr ? global_index->throughput : table.throughput;
    return {read ? given.read_units : given.write_units, kProvisionedBurstSeconds};
  }
  const OnDemandThroughput& given = global_index != nullptr ? global_index->on_demand : table.on_demand;
  return {(read ? given.max_read_units : given.max_write_units).value_or(0), kOnDemandBurstSeconds};
}

Result<void> Throughput::admit(const TableDefinition& table, const IndexDefinition* index, Direction direction) {
  const IndexDefinition* const global_index = if_global(index);
  if (limit(table, global_index, direction).units_per_second <= 0) return {};

  const storage::KeySpaceId key_space = key_space_of(table, global_index);
  Shard& shard = this->shard(key_space);
  {
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.buckets.find(key_space);
    if (found == shard.buckets.end()) return {};
    const EmptyAt empty_at = direction == Direction::kRead ? found->second.read : found->second.write;
    if (empty_at < now_ns()) return {};
  }
  table.usage->count_throttle(direction == Direction::kRead ? UsageKind::kRead : UsageKind::kWrite);
  return exceeded(table, global_index, direction, table.billing == BillingMode::kPayPerRequest);
}

void Throughput::charge(const TableDefinition& table, const ConsumedCapacity& consumed) {
  const auto charge_one = [&](const IndexDefinition* global_index, const CapacityAmount& amount) {
    const storage::KeySpaceId key_space = key_space_of(table, global_index);
    spend(key_space, limit(table, global_index, Direction::kRead), Direction::kRead, amount.read_half_units);
    spend(key_space, limit(table, global_index, Direction::kWrite), Direction::kWrite, amount.write_half_units);
  };
  charge_one(nullptr, consumed.table);
  for (const IndexCapacity& index : consumed.indexes) {
    charge_one(index.global ? table.find_index(index.index_name) : nullptr, index.amount);
  }
}

void Throughput::spend(storage::KeySpaceId key_space, const Limit& limit, Direction direction,
                       std::int64_t half_units) {
  if (limit.units_per_second <= 0 || half_units == 0) return;
  // Rounded up, so that no rate ever yields a unit more than it should.
  const std::int64_t spent_ns =
      (half_units * (kNanosPerSecond / 2) + limit.units_per_second - 1) / limit.units_per_second;
  const EmptyAt full = now_ns() - limit.burst_seconds * kNanosPerSecond;

  Shard& shard = this->shard(key_space);
  const std::lock_guard lock(shard.mutex);
  if (shard.buckets.size() >= shard.sweep_at) sweep(&shard);
  Buckets& buckets = shard.buckets[key_space];
  EmptyAt& empty_at = direction == Direction::kRead ? buckets.read : buckets.write;
  empty_at = std::max(empty_at, full) + spent_ns;
}

// Forgets buckets that are full again: those of idle and of dropped tables.
void Throughput::sweep(Shard* shard) {
  const EmptyAt full = now_ns() - kProvisionedBurstSeconds * kNanosPerSecond;
  std::erase_if(shard->buckets,
                [full](const auto& entry) { return entry.second.read <= full && entry.second.write <= full; });
  shard->sweep_at = std::max<std::size_t>(64, 2 * shard->buckets.size());
}

}  // namespace armature
