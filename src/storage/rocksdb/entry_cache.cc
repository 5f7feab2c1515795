#include "storage/rocksdb/entry_cache.h"

#include <algorithm>
#include <functional>

namespace armature::storage {
namespace {

// Small, so that what a shard holds on to without need is small too; a sixteenth of it at most, so that the hand of the
// log has somewhere to go.
constexpr std::size_t kLargestSegmentBytes = 64 * 1024;
constexpr std::size_t kSmallestSegmentBytes = 1024;

EntryLog::Key key_of(KeySpaceId key_space, BytesView key) {
  const std::uint64_t hash = std::hash<BytesView>()(key) ^ (key_space * 0x9e3779b97f4a7c15ULL);
  return {.key_space = key_space, .key = key, .hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9ULL};
}

}  // namespace

EntryCache::EntryCache(std::size_t capacity_bytes)
    : segment_bytes_(std::clamp(capacity_bytes / kShards / 16, kSmallestSegmentBytes, kLargestSegmentBytes)),
      capacity_bytes_(capacity_bytes) {
  for (Shard& shard : shards_) shard.log = EntryLog(capacity_bytes / kShards, segment_bytes_);
}

bool EntryCache::find(KeySpaceId key_space, BytesView key, Bytes* value) {
  const EntryLog::Key wanted = key_of(key_space, key);
  Shard& shard = shard_of(wanted);
  const std::lock_guard lock(shard.mutex);
  return shard.log.find(wanted, value);
}

void EntryCache::insert(KeySpaceId key_space, BytesView key, BytesView value) {
  if (value.size() > kLargestWrittenBytes) return erase(key_space, key);
  const EntryLog::Key kept = key_of(key_space, key);
  Shard& shard = shard_of(kept);
  const std::lock_guard lock(shard.mutex);
  shard.log.keep(kept, value);
}

bool EntryCache::offer(KeySpaceId key_space, BytesView key, BytesView value) {
  const EntryLog::Key offered = key_of(key_space, key);
  Shard& shard = shard_of(offered);
  const std::lock_guard lock(shard.mutex);
  return shard.log.offer(offered, value);
}

void EntryCache::erase(KeySpaceId key_space, BytesView key) {
  const EntryLog::Key erased = key_of(key_space, key);
  Shard& shard = shard_of(erased);
  const std::lock_guard lock(shard.mutex);
  shard.log.erase(erased);
}

void EntryCache::erase_key_space(KeySpaceId key_space) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.log.erase_key_space(key_space);
  }
}

void EntryCache::set_capacity(std::size_t capacity_bytes) {
  capacity_bytes_.store(capacity_bytes, std::memory_order_relaxed);
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.log.set_capacity(capacity_bytes / kShards);
  }
}

std::size_t EntryCache::used_bytes() const {
  std::size_t used = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    used += shard.log.used_bytes();
  }
  return used;
}

}  // namespace armature::storage
