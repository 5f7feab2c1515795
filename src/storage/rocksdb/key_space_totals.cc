#include "storage/rocksdb/key_space_totals.h"

#include <memory>

#include "storage/rocksdb/layout.h"
#include "storage/rocksdb/status.h"

namespace armature::storage {

StorageResult<void> KeySpaceTotals::load(const Database& database) {
  const std::unique_ptr<rocksdb::Iterator> rows(
      database.rocksdb().NewIterator(rocksdb::ReadOptions(), database.meta()));
  const std::lock_guard lock(mutex_);
  for (rows->Seek(rocksdb::Slice(&kStatsPrefix, 1)); rows->Valid() && rows->key()[0] == kStatsPrefix; rows->Next()) {
    const auto total = decode_stats(as_view(rows->value()));
    if (rows->key().size() != 1 + sizeof(KeySpaceId) || !total.has_value()) {
      return Unexpected(StorageError{StorageErrorCode::kCorruption, "a row of key space statistics is malformed"});
    }
    totals_[read_u64_be(rows->key().data() + 1)] = *total;
  }
  if (!rows->status().ok()) return Unexpected(storage_error(rows->status(), "read statistics"));
  return {};
}

KeySpaceStats KeySpaceTotals::stats(KeySpaceId key_space) const {
  const std::lock_guard lock(mutex_);
  const auto found = totals_.find(key_space);
  return found == totals_.end() ? KeySpaceStats{} : found->second;
}

KeySpaceTotals::Change& KeySpaceTotals::change_of(KeySpaceId key_space) {
  for (Change& change : changes_) {
    if (change.key_space == key_space) return change;
  }
  return changes_.emplace_back(Change{key_space, false, stats(key_space)});
}

void KeySpaceTotals::add(const StatsDelta& delta) {
  Change& change = change_of(delta.key_space);
  change.dropped = false;
  change.total.entries += delta.entries;
  change.total.bytes += delta.bytes;
}

void KeySpaceTotals::drop(KeySpaceId key_space) {
  Change& change = change_of(key_space);
  change.dropped = true;
  change.total = {};
}

rocksdb::Status KeySpaceTotals::append_rows(const Database& database, rocksdb::WriteBatch* batch) const {
  for (const Change& change : changes_) {
    const Bytes key = stats_key(change.key_space);
    const rocksdb::Status status =
        change.dropped ? batch->Delete(database.meta(), as_slice(key))
                       : batch->Put(database.meta(), as_slice(key), as_slice(encode_stats(change.total)));
    if (!status.ok()) return status;
  }
  return rocksdb::Status::OK();
}

void KeySpaceTotals::keep() {
  const std::lock_guard lock(mutex_);
  for (const Change& change : changes_) {
    if (change.dropped) {
      totals_.erase(change.key_space);
    } else {
      totals_[change.key_space] = change.total;
    }
  }
  changes_.clear();
}

}  // namespace armature::storage
