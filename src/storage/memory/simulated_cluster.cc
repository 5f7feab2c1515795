#include "storage/memory/simulated_cluster.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/assert.h"

namespace armature::storage {
namespace {

// Items of one partition key stay together, so that their LSI entries have the order of their homes: partitions are cut
// between tokens, the first bytes of a position.
constexpr std::size_t kTokenBytes = 8;

bool same_key(const Write& a, const Write& b) {
  return a.home.key_space == b.home.key_space && a.space == b.space && a.key.view() == b.key.view();
}

}  // namespace

std::size_t SimulatedCluster::PartitionState::entry_count() const {
  std::size_t count = 0;
  for (const EntryMap& entries : spaces) count += entries.size();
  return count;
}

SimulatedCluster::KeySpaceState& SimulatedCluster::key_space(KeySpaceId id) {
  KeySpaceState& space = key_spaces_[id];
  if (space.partitions.empty()) {
    space.partitions.push_back({.bounds = {.id = ++last_partition_}});
    space.old_map = {space.partitions.front().bounds};
  }
  return space;
}

SimulatedCluster::PartitionState& SimulatedCluster::covering(KeySpaceState& space, BytesView position) {
  for (PartitionState& partition : space.partitions) {
    if (partition.covers(position)) return partition;
  }
  ARMATURE_ASSERT(!"the partitions of a key space cover every position");
  std::abort();
}

std::chrono::nanoseconds SimulatedCluster::next_delay() {
  const std::lock_guard lock(mutex_);
  const auto longest = std::chrono::nanoseconds(options_.longest_delay).count();
  return std::chrono::nanoseconds(random_.below(static_cast<std::uint64_t>(longest) + 1));
}

PartitionId SimulatedCluster::route(KeySpaceId id, BytesView position) {
  const std::lock_guard lock(mutex_);
  KeySpaceState& space = key_space(id);
  if (random_.below(1000) < static_cast<std::uint64_t>(options_.stale_maps_per_mille)) {
    for (const Partition& old : space.old_map) {
      if (position >= old.begin && (old.end.empty() || position < old.end)) return old.id;
    }
  }
  return covering(space, position).bounds.id;
}

PartitionId SimulatedCluster::follow_link(KeySpaceId id, BytesView position) {
  const std::lock_guard lock(mutex_);
  return covering(key_space(id), position).bounds.id;
}

std::optional<Versioned> SimulatedCluster::read(PartitionId partition, const ReadKey& key, ReadMode mode) {
  const std::lock_guard lock(mutex_);
  deliver_due();
  KeySpaceState& space = key_space(key.home.key_space);
  PartitionState& home = covering(space, key.home.position);
  if (home.bounds.id != partition) return std::nullopt;
  ++home.calls;

  Versioned result;
  if (mode == ReadMode::kForUpdate) result.version = versions_.version(key.home.key_space, key.space, key.key);
  const EntryMap& entries = space_of(home.spaces, key.space);
  if (const auto entry = entries.find(key.key); entry != entries.end()) {
    result.found = true;
    result.value = entry->second.value;
  }
  return result;
}

SimulatedCluster::Step SimulatedCluster::read_range(const RangeRequest& request, const std::optional<Bytes>& position,
                                                    PageBuilder* page) {
  const std::lock_guard lock(mutex_);
  deliver_due();
  KeySpaceState& space = key_space(request.key_space);
  PartitionState* partition = &space.partitions.back();
  if (position.has_value()) {
    for (PartitionState& candidate : space.partitions) {
      // Going down, the partition that ends at the position or contains what lies just before it.
      const bool wanted = request.reverse ? candidate.bounds.begin < *position &&
                                                (candidate.bounds.end.empty() || candidate.bounds.end >= *position)
                                          : candidate.covers(*position);
      if (wanted) partition = &candidate;
    }
  }
  ++partition->calls;
  if (!page->add(space_of(partition->spaces, request.space))) return {.complete = true};

  const Partition& bounds = partition->bounds;
  const bool last = request.reverse ? bounds.begin.empty() || bounds.begin <= request.begin
                                    : bounds.end.empty() || (!request.end.empty() && bounds.end >= request.end);
  return {.complete = last, .next = request.reverse ? bounds.begin : bounds.end};
}

void SimulatedCluster::read_partition(const RangeRequest& request, PageBuilder* page) {
  const std::lock_guard lock(mutex_);
  deliver_due();
  for (PartitionState& partition : key_space(request.key_space).partitions) {
    if (partition.bounds.id != request.partition) continue;
    ++partition.calls;
    page->add(space_of(partition.spaces, request.space));
  }
}

StorageResult<CommitVersion> SimulatedCluster::commit(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  deliver_due();
  const auto conflict = [](const char* why) { return Unexpected(StorageError{StorageErrorCode::kConflict, why}); };
  if (!batch.reads.empty() && random_.below(1000) < static_cast<std::uint64_t>(options_.spurious_conflicts_per_mille)) {
    return conflict("conflict for no visible reason");
  }
  // A commit that writes a key lands behind the follow-ups of earlier ones, before its own reads are compared.
  deliver_those_of(batch.writes);
  for (const ReadCheck& read : batch.reads) {
    if (versions_.version(read.home.key_space, read.space, read.key) != read.version) return conflict("conflict");
  }
  const Stamp stamp = has_stamped_write(batch) ? stamps_.next() : 0;
  for (const Write& write : batch.writes) apply(write, stamp);
  for (const StatsDelta& delta : batch.stats) {
    KeySpaceStats& stats = key_space(delta.key_space).stats;
    stats.entries += delta.entries;
    stats.bytes += delta.bytes;
  }
  if (!batch.follow_ups.empty()) queue_follow_ups(batch.follow_ups);
  return ++last_commit_;
}

Stamp SimulatedCluster::stamp() {
  const std::lock_guard lock(mutex_);
  return stamps_.last();
}

std::vector<Partition> SimulatedCluster::partitions(KeySpaceId id) {
  const std::lock_guard lock(mutex_);
  std::vector<Partition> result;
  for (const PartitionState& partition : key_space(id).partitions) result.push_back(partition.bounds);
  return result;
}

KeySpaceStats SimulatedCluster::stats(KeySpaceId id) {
  const std::lock_guard lock(mutex_);
  return key_space(id).stats;
}

void SimulatedCluster::drop(KeySpaceId id, Drop drop) {
  const std::lock_guard lock(mutex_);
  for (FollowUp& follow_up : follow_ups_) {
    std::erase_if(follow_up.writes, [&](const OwnedWrite& owned) { return owned.write.home.key_space == id; });
  }
  KeySpaceState& space = key_space(id);
  for (PartitionState& partition : space.partitions) drop_spaces(drop, &partition.spaces);
  space.stats = {};
  if (drop == Drop::kEverything) key_spaces_.erase(id);
}

void SimulatedCluster::erase_stream(KeySpaceId id, PartitionId partition, BytesView begin, BytesView end) {
  const std::lock_guard lock(mutex_);
  for (PartitionState& candidate : key_space(id).partitions) {
    if (candidate.bounds.id == partition) erase_range(begin, end, &space_of(candidate.spaces, Space::kStream));
  }
}

void SimulatedCluster::apply(const Write& write, Stamp stamp) {
  KeySpaceState& space = key_space(write.home.key_space);
  PartitionState& home = covering(space, write.home.position);
  ++home.calls;
  if (!write.is_stamped()) versions_.change(write.home.key_space, write.space, write.key);
  apply_write(write, stamp, &space_of(home.spaces, write.space));
  split_if_needed(&space, static_cast<std::size_t>(&home - space.partitions.data()));
}

// The left half keeps its id; the right half is a new partition, its child.
void SimulatedCluster::split_if_needed(KeySpaceState* space, std::size_t index) {
  PartitionState& left = space->partitions[index];
  if (left.entry_count() <= options_.split_entries && left.calls <= options_.split_calls) return;
  const std::optional<Bytes> point = split_point(left);
  if (!point.has_value()) return;

  space->old_map.clear();
  for (const PartitionState& partition : space->partitions) space->old_map.push_back(partition.bounds);

  PartitionState right;
  right.bounds = {.id = ++last_partition_, .begin = *point, .end = left.bounds.end, .parent = left.bounds.id};
  left.bounds.end = *point;
  left.calls = 0;
  for (std::size_t i = 0; i < kSpaceCount; ++i) {
    for (auto entry = left.spaces[i].begin(); entry != left.spaces[i].end();) {
      const auto next = std::next(entry);
      if (entry->second.position >= *point) right.spaces[i].insert(left.spaces[i].extract(entry));
      entry = next;
    }
  }
  space->partitions.insert(space->partitions.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(right));
}

// The token in the middle; nullopt if every entry has the same one.
std::optional<Bytes> SimulatedCluster::split_point(const PartitionState& partition) const {
  std::vector<Bytes> tokens;
  for (const EntryMap& entries : partition.spaces) {
    for (const auto& [key, entry] : entries) tokens.push_back(entry.position.substr(0, kTokenBytes));
  }
  std::sort(tokens.begin(), tokens.end());
  if (tokens.empty() || tokens.front() == tokens.back()) return std::nullopt;
  const Bytes& middle = tokens[tokens.size() / 2];
  return middle != tokens.front() ? middle : *std::upper_bound(tokens.begin(), tokens.end(), middle);
}

void SimulatedCluster::queue_follow_ups(const std::vector<Write>& writes) {
  const auto longest = static_cast<std::uint64_t>(std::chrono::nanoseconds(options_.longest_follow_up_delay).count());
  FollowUp queued{.due = std::chrono::steady_clock::now() + std::chrono::nanoseconds(random_.below(longest + 1))};
  for (const Write& write : writes) {
    queued.writes.push_back({write, Bytes(write.home.position)});
    // Not before an earlier commit's change of the same key.
    for (const FollowUp& earlier : follow_ups_) {
      for (const OwnedWrite& other : earlier.writes) {
        if (same_key(other.write, write)) queued.due = std::max(queued.due, earlier.due);
      }
    }
  }
  follow_ups_.push_back(std::move(queued));
}

void SimulatedCluster::deliver_due() {
  const Time now = std::chrono::steady_clock::now();
  for (auto it = follow_ups_.begin(); it != follow_ups_.end();) {
    const auto next = std::next(it);
    if (it->due <= now) deliver(it);
    it = next;
  }
}

void SimulatedCluster::deliver_those_of(const std::vector<Write>& writes) {
  auto last = follow_ups_.end();
  for (auto it = follow_ups_.begin(); it != follow_ups_.end(); ++it) {
    for (const OwnedWrite& owned : it->writes) {
      const auto same = [&](const Write& write) { return same_key(write, owned.write); };
      if (std::any_of(writes.begin(), writes.end(), same)) last = it;
    }
  }
  if (last == follow_ups_.end()) return;
  const auto end = std::next(last);
  for (auto it = follow_ups_.begin(); it != end;) deliver(it++);
}

void SimulatedCluster::deliver(std::list<FollowUp>::iterator follow_up) {
  for (OwnedWrite& owned : follow_up->writes) {
    owned.write.home.position = owned.position;
    ARMATURE_ASSERT(!owned.write.is_stamped());
    apply(owned.write, 0);
  }
  follow_ups_.erase(follow_up);
}

void SimulatedCluster::settle() {
  const std::lock_guard lock(mutex_);
  while (!follow_ups_.empty()) deliver(follow_ups_.begin());
}

}  // namespace armature::storage
