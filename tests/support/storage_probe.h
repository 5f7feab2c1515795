// The engine in memory behind a window: shows what was committed, and makes commits conflict or fail on demand.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/memory/memory_storage.h"
#include "storage/storage.h"

namespace armature::test {

class StorageProbe final : public storage::Storage {
 public:
  // "reads 1, writes 2, follow-ups 1, stats 2", tried commits included.
  std::vector<std::string> commits;
  // How many range reads, and of how many entries together.
  int ranges = 0;
  std::size_t range_entries = 0;

  int conflicts_to_report = 0;
  std::optional<storage::StorageError> failure;  // Of the next commits.
  std::function<void()> before_commit;           // Runs once, before the next commit.

  Task<storage::StorageResult<storage::Versioned>> get(storage::ReadKey key, storage::ReadMode mode) override {
    return engine_->get(key, mode);
  }
  Task<storage::StorageResult<std::vector<storage::Versioned>>> get_many(std::span<const storage::ReadKey> keys,
                                                                         storage::ReadMode mode) override {
    return engine_->get_many(keys, mode);
  }
  Task<storage::StorageResult<storage::RangePage>> range(storage::RangeRequest request) override {
    auto page = co_await engine_->range(request);
    ++ranges;
    if (page) range_entries += page->entries.size();
    co_return page;
  }
  Task<storage::StorageResult<storage::CommitVersion>> commit(storage::Batch batch,
                                                              storage::Durability durability) override {
    commits.push_back("reads " + std::to_string(batch.reads.size()) + ", writes " +
                      std::to_string(batch.writes.size()) + ", follow-ups " + std::to_string(batch.follow_ups.size()) +
                      ", stats " + std::to_string(batch.stats.size()));
    if (auto hook = std::exchange(before_commit, nullptr)) hook();
    if (failure) co_return Unexpected(*failure);
    if (conflicts_to_report > 0) {
      --conflicts_to_report;
      co_return Unexpected(storage::StorageError{storage::StorageErrorCode::kConflict, "told to"});
    }
    co_return co_await engine_->commit(std::move(batch), durability);
  }
  Task<storage::StorageResult<storage::Stamp>> stamp(storage::KeySpaceId key_space) override {
    return engine_->stamp(key_space);
  }
  Task<storage::StorageResult<std::vector<storage::Partition>>> partitions(storage::KeySpaceId key_space) override {
    return engine_->partitions(key_space);
  }
  Task<storage::StorageResult<storage::KeySpaceStats>> stats(storage::KeySpaceId key_space) override {
    return engine_->stats(key_space);
  }
  Task<storage::StorageResult<void>> drop_key_space(storage::KeySpaceId key_space, storage::Drop drop) override {
    return engine_->drop_key_space(key_space, drop);
  }
  Task<storage::StorageResult<void>> erase_stream(storage::KeySpaceId key_space, storage::PartitionId partition,
                                                  BytesView begin, BytesView end) override {
    return engine_->erase_stream(key_space, partition, begin, end);
  }

 private:
  std::unique_ptr<storage::Storage> engine_ = storage::make_memory_storage();
};

}  // namespace armature::test
