// When shards end and which begin then: pure decisions from what can be seen of a stream.
//
//   - A shard that has been open for four hours is followed by one child with the same range, as DynamoDB does it.
//   - A shard that spans a bound between partitions of the engine is split there: one line of shards a partition.
//   - A shard that took more than 5,000 records a second at five looks in a row, a second apart, is split in two at the
//     middle of what it took, while the stream has fewer than eight open shards: on one machine, where the engine has
//     one partition, this is what lets many readers share a hot table.
//
// Source: Developer Guide, "Change data capture for DynamoDB Streams" ("Reading and processing a stream"). The numbers
// are ours.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "storage/storage.h"
#include "stream/shard.h"

namespace armature::stream {

struct ShardRules {
  std::int64_t lifetime_ms = 4 * 60 * 60 * 1000;
  double hot_records_per_s = 5000;
  int hot_looks = 5;
  std::size_t most_shards_by_heat = 8;
};

// The youngest records of a stream, any order.
struct Sample {
  struct Record {
    storage::Stamp stamp = 0;
    std::uint32_t token = 0;
  };
  std::vector<Record> records;
  bool complete = false;  // There are no others within the last second.
};

// How often in a row each open shard was found hot.
using Heat = std::map<ShardId, int>;

// The shards of a stream that begins in the life of its table: one a partition.
std::vector<NewShard> first_shards(std::span<const storage::Partition> partitions);

// One look at the heat of the open shards of `lineage`.
void take_temperature(const Lineage& lineage, const Sample& sample, storage::Stamp now, const ShardRules& rules,
                      Heat* heat);

// The shards to begin now; each names the open shard it follows.
std::vector<NewShard> next_shards(const Lineage& lineage, std::span<const storage::Partition> partitions,
                                  const Sample& sample, const Heat& heat, storage::Stamp now, const ShardRules& rules);

}  // namespace armature::stream
