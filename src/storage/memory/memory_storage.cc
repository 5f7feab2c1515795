#include "storage/memory/memory_storage.h"

#include <mutex>
#include <unordered_map>

#include "storage/memory/entries.h"
#include "storage/stamp_clock.h"

namespace armature::storage {
namespace {

struct KeySpace {
  EntrySpaces spaces;
  KeySpaceStats stats;
};

class MemoryStorage final : public Storage {
 public:
  Task<StorageResult<Versioned>> get(ReadKey key, ReadMode mode) override {
    const std::lock_guard lock(mutex_);
    co_return read(key, mode);
  }

  Task<StorageResult<std::vector<Versioned>>> get_many(std::span<const ReadKey> keys, ReadMode mode) override {
    std::vector<Versioned> results;
    results.reserve(keys.size());
    const std::lock_guard lock(mutex_);
    for (const ReadKey& key : keys) results.push_back(read(key, mode));
    co_return results;
  }

  Task<StorageResult<RangePage>> range(RangeRequest request) override {
    const bool in_one_partition =
        request.space == Space::kStream || request.space == Space::kTtl || request.space == Space::kOutbox;
    // A key space has one partition here; any other one is empty.
    if (in_one_partition && request.partition != request.key_space) co_return RangePage{};
    PageBuilder page(request);
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = key_spaces_.find(request.key_space); found != key_spaces_.end()) {
        page.add(space_of(found->second.spaces, request.space));
      }
    }
    co_return std::move(page).take();
  }

  Task<StorageResult<CommitVersion>> commit(Batch batch, Durability) override {
    const std::lock_guard lock(mutex_);
    for (const ReadCheck& read : batch.reads) {
      if (versions_.version(read.home.key_space, read.space, read.key) != read.version) {
        co_return Unexpected(StorageError{StorageErrorCode::kConflict, "conflict"});
      }
    }
    const Stamp stamp = has_stamped_write(batch) ? stamps_.next() : 0;
    for (const Write& write : batch.writes) apply(write, stamp);
    for (const Write& write : batch.follow_ups) apply(write, stamp);
    for (const StatsDelta& delta : batch.stats) {
      KeySpaceStats& stats = key_spaces_[delta.key_space].stats;
      stats.entries += delta.entries;
      stats.bytes += delta.bytes;
    }
    co_return ++last_commit_;
  }

  Task<StorageResult<Stamp>> stamp(KeySpaceId) override {
    const std::lock_guard lock(mutex_);
    co_return stamps_.last();
  }

  Task<StorageResult<std::vector<Partition>>> partitions(KeySpaceId key_space) override {
    co_return std::vector<Partition>{Partition{.id = key_space}};
  }

  Task<StorageResult<KeySpaceStats>> stats(KeySpaceId key_space) override {
    const std::lock_guard lock(mutex_);
    const auto found = key_spaces_.find(key_space);
    co_return found == key_spaces_.end() ? KeySpaceStats{} : found->second.stats;
  }

  Task<StorageResult<void>> drop_key_space(KeySpaceId key_space, Drop drop) override {
    const std::lock_guard lock(mutex_);
    if (const auto found = key_spaces_.find(key_space); found != key_spaces_.end()) {
      drop_spaces(drop, &found->second.spaces);
      found->second.stats = {};
      if (drop == Drop::kEverything) key_spaces_.erase(found);
    }
    co_return StorageResult<void>();
  }

  Task<StorageResult<void>> erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin,
                                         BytesView end) override {
    const std::lock_guard lock(mutex_);
    const auto found = key_spaces_.find(key_space);
    if (partition == key_space && found != key_spaces_.end()) {
      erase_range(begin, end, &space_of(found->second.spaces, Space::kStream));
    }
    co_return StorageResult<void>();
  }

 private:
  Versioned read(const ReadKey& key, ReadMode mode) {
    Versioned result;
    if (mode == ReadMode::kForUpdate) result.version = versions_.version(key.home.key_space, key.space, key.key);
    const auto key_space = key_spaces_.find(key.home.key_space);
    if (key_space == key_spaces_.end()) return result;
    const EntryMap& entries = space_of(key_space->second.spaces, key.space);
    const auto entry = entries.find(key.key);
    if (entry == entries.end()) return result;
    result.found = true;
    result.value = entry->second.value;
    return result;
  }

  void apply(const Write& write, Stamp stamp) {
    if (!write.is_stamped()) versions_.change(write.home.key_space, write.space, write.key);
    apply_write(write, stamp, &space_of(key_spaces_[write.home.key_space].spaces, write.space));
  }

  // No method suspends, so none holds the lock across a suspension.
  std::mutex mutex_;
  std::unordered_map<KeySpaceId, KeySpace> key_spaces_;  // Guarded by mutex_, as is all below.
  KeyVersions versions_;
  CommitVersion last_commit_ = 0;
  StampClock stamps_;
};

}  // namespace

std::unique_ptr<Storage> make_memory_storage() { return std::make_unique<MemoryStorage>(); }

}  // namespace armature::storage
