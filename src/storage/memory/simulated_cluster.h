// The state of the simulated engine: partitioned key spaces, outstanding follow-ups, versions. Every call is one step
// that happens at once; simulated_storage.cc puts time between the steps. Thread-safe.
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "storage/memory/entries.h"
#include "storage/memory/simulated_storage.h"
#include "storage/stamp_clock.h"

namespace armature::storage {

class SimulatedCluster {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit SimulatedCluster(const SimulatedOptions& options) : options_(options), random_(options.seed) {}

  // How long the next message takes.
  std::chrono::nanoseconds next_delay();

  // The partition a client takes to be the one of `position`: the right one, or what an older map says.
  PartitionId route(KeySpaceId key_space, BytesView position);
  // The partition to ask after `partition` turned out not to cover `position`.
  PartitionId follow_link(KeySpaceId key_space, BytesView position);

  // nullopt: `partition` does not cover the key's home (any more); ask another.
  std::optional<Versioned> read(PartitionId partition, const ReadKey& key, ReadMode mode);

  // Adds to the page what the partition that covers `position` has of the range, and returns the position where the
  // walk goes on: the partition's end (reverse: its begin). nullopt: the walk is over. A reverse walk starts with
  // nullopt: the last partition, and takes `position` as exclusive.
  struct Step {
    bool complete = false;
    Bytes next;
  };
  Step read_range(const RangeRequest& request, const std::optional<Bytes>& position, PageBuilder* page);
  // The whole of a partition-scoped range. An unknown partition is empty.
  void read_partition(const RangeRequest& request, PageBuilder* page);

  StorageResult<CommitVersion> commit(const Batch& batch);
  Stamp stamp();
  std::vector<Partition> partitions(KeySpaceId key_space);
  KeySpaceStats stats(KeySpaceId key_space);
  void drop(KeySpaceId key_space, Drop drop);
  void erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin, BytesView end);
  void settle();

 private:
  struct PartitionState {
    Partition bounds;
    EntrySpaces spaces;
    std::size_t calls = 0;

    bool covers(BytesView position) const {
      return position >= bounds.begin && (bounds.end.empty() || position < bounds.end);
    }
    std::size_t entry_count() const;
  };
  struct KeySpaceState {
    std::vector<PartitionState> partitions;  // In order; never empty.
    std::vector<Partition> old_map;          // As it was before the last split.
    KeySpaceStats stats;
  };
  struct OwnedWrite {
    Write write;
    Bytes position;  // What write.home.position points at.
  };
  struct FollowUp {
    Time due;
    std::vector<OwnedWrite> writes;
  };

  // All of these expect mutex_ to be held.
  KeySpaceState& key_space(KeySpaceId id);
  PartitionState& covering(KeySpaceState& space, BytesView position);
  void apply(const Write& write, Stamp stamp);
  void split_if_needed(KeySpaceState* space, std::size_t index);
  std::optional<Bytes> split_point(const PartitionState& partition) const;
  void queue_follow_ups(const std::vector<Write>& writes);
  void deliver_due();
  void deliver_those_of(const std::vector<Write>& writes);
  void deliver(std::list<FollowUp>::iterator follow_up);

  const SimulatedOptions options_;
  std::mutex mutex_;
  SeededRandom random_;  // Guarded by mutex_, as is all below.
  std::unordered_map<KeySpaceId, KeySpaceState> key_spaces_;
  KeyVersions versions_;
  std::list<FollowUp> follow_ups_;  // In the order of their commits.
  PartitionId last_partition_ = 0;
  CommitVersion last_commit_ = 0;
  StampClock stamps_;
};

}  // namespace armature::storage
