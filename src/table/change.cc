#include "table/change.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.h"
#include "index/entry_key.h"
#include "index/projection.h"
#include "model/capacity.h"
#include "stream/record.h"
#include "table/collection_size.h"
#include "table/expiry_entry.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

std::size_t size_bytes(const std::optional<ItemView>& item) { return item ? item->size_bytes() : 0; }

CapacityAmount write_cost(std::uint64_t units) { return {.write_half_units = static_cast<std::int64_t>(2 * units)}; }

// Entries are looked for before they are erased or replaced.
bool may_lack_entries(const IndexDefinition& index) {
  return index.build == BuildPhase::kErasing || index.build == BuildPhase::kFilling;
}

const ItemView* pointer(const std::optional<ItemView>& item) { return item ? &*item : nullptr; }

}  // namespace

CapacityAmount item_write_cost(std::size_t size_before_bytes, std::size_t size_after_bytes) {
  return write_cost(write_units(std::max(size_before_bytes, size_after_bytes)));
}

void ChangeSet::add_read(const TableDefinition& table, BytesView item_key, storage::Version version) {
  batch_.reads.push_back({{table.key_space, item_key}, storage::Space::kItems, item_key, version});
}

ConsumedCapacity ChangeSet::append(const TableDefinition& table, const ItemChange& change) {
  ConsumedCapacity consumed;
  consumed.table = item_write_cost(size_bytes(change.before), size_bytes(change.after));
  if (Collection* const collection = collection_of(table, change.key)) {
    collection->growth +=
        static_cast<std::int64_t>(size_bytes(change.after)) - static_cast<std::int64_t>(size_bytes(change.before));
  }
  if (change.is_silent()) return consumed;
  append_item(table, change);
  if (keeps_expiry_entries(table.time_to_live)) append_expiry_writes(table, change);
  if (table.has_enabled_stream()) append_stream_record(table, change);
  append_index_writes(table, change, &consumed);
  return consumed;
}

void ChangeSet::append_item(const TableDefinition& table, const ItemChange& change) {
  batch_.writes.push_back({.home = {table.key_space, change.key},
                           .space = storage::Space::kItems,
                           .key = BytesOrView::borrowed(change.key),
                           .erase = !change.after,
                           .value = change.after ? BytesOrView::borrowed(change.after->encoded()) : BytesOrView()});
  count(table.key_space, size_bytes(change.before), size_bytes(change.after));
}

void ChangeSet::append_expiry_writes(const TableDefinition& table, const ItemChange& change) {
  const auto expiry_of = [&table](const std::optional<ItemView>& item) {
    return item ? expiry_s(*item, table.time_to_live.attribute) : std::nullopt;
  };
  const std::optional<std::int64_t> before_s = expiry_of(change.before);
  if (before_s == expiry_of(change.after)) return;
  if (before_s) erase_expiry_entry(table, *before_s, change.key);
  if (change.after && table.time_to_live.build != BuildPhase::kErasing) {
    append_expiry_entry(table, change.key, *change.after);
  }
}

void ChangeSet::append_expiry_entry(const TableDefinition& table, BytesView item_key, const ItemView& item) {
  const std::optional<std::int64_t> expires_s = expiry_s(item, table.time_to_live.attribute);
  if (!expires_s) return;
  batch_.writes.push_back({.home = {table.key_space, item_key},
                           .space = storage::Space::kTtl,
                           .key = expiry_entry_key(*expires_s, item_key),
                           .value = Bytes(1, kExpiryEntryFormat)});
}

void ChangeSet::erase_expiry_entry(const TableDefinition& table, std::int64_t expiry_s, BytesView item_key) {
  batch_.writes.push_back({.home = {table.key_space, item_key},
                           .space = storage::Space::kTtl,
                           .key = expiry_entry_key(expiry_s, item_key),
                           .erase = true,
                           .value = {}});
}

void ChangeSet::append_index_entry(const TableDefinition& table, const IndexDefinition& index, BytesView item_key,
                                   const ItemView& item) {
  const std::optional<Bytes> key = entry_key(table, index, item_key, item, arena_);
  if (!key) return;
  Bytes buffer;
  const BytesView entry = project_entry(table, index, item, arena_, &buffer);
  index_writes_.push_back({.table = &table,
                           .item_key = item_key,
                           .write = {.index = &index,
                                     .key = arena_->copy(*key),
                                     .entry = Bytes(entry),
                                     .size_after_bytes = ItemView(entry).size_bytes()}});
}

void ChangeSet::append_stream_record(const TableDefinition& table, const ItemChange& change) {
  ARMATURE_ASSERT(stream_records_ < std::numeric_limits<std::uint16_t>::max());
  stream::EncodedRecord record =
      stream::encode_record(table.key, table.stream->view_type, change.key, stream_records_++,
                            {.before = pointer(change.before),
                             .after = pointer(change.after),
                             .by_time_to_live = change.origin == ChangeOrigin::kTimeToLive});
  batch_.writes.push_back({.home = {table.key_space, change.key},
                           .space = storage::Space::kStream,
                           .key = std::move(record.key),
                           .value = std::move(record.value),
                           .stamp_at = record.stamp_at});
}

void ChangeSet::append_index_writes(const TableDefinition& table, const ItemChange& change,
                                    ConsumedCapacity* consumed) {
  if (table.local_indexes.empty() && table.global_indexes.empty()) return;
  std::vector<IndexWrite> writes;
  plan_writes(table, change.key, pointer(change.before), pointer(change.after), arena_, &writes);
  Collection* const collection = collection_of(table, change.key);
  for (IndexWrite& write : writes) {
    if (collection != nullptr && !write.index->global) {
      collection->growth +=
          static_cast<std::int64_t>(write.size_after_bytes) - static_cast<std::int64_t>(write.size_before_bytes);
    }
    consumed->add_index(write.index->name, write.index->global, write_cost(write_units(write)));
    index_writes_.push_back({&table, change.key, std::move(write)});
  }
}

Task<Result<void>> ChangeSet::settle(storage::Storage* storage, std::int64_t collection_limit_bytes) {
  CO_TRY(co_await settle_unbuilt_indexes(storage));
  co_return co_await settle_collections(storage, collection_limit_bytes);
}

Task<Result<void>> ChangeSet::settle_unbuilt_indexes(storage::Storage* storage) {
  for (PlannedIndexWrite& planned : index_writes_) {
    IndexWrite& write = planned.write;
    if (!may_lack_entries(*write.index)) continue;
    const storage::Home home{write.index->key_space, write.key};
    const auto entry = co_await storage->get({home, storage::Space::kItems, write.key}, storage::ReadMode::kForUpdate);
    if (!entry) co_return Unexpected(storage_failure(entry.error()));
    batch_.reads.push_back({home, storage::Space::kItems, write.key, entry->version});
    write.size_before_bytes = entry->found ? ItemView(entry->value).size_bytes() : 0;
  }
  co_return Result<void>();
}

Task<Result<void>> ChangeSet::settle_collections(storage::Storage* storage, std::int64_t limit_bytes) {
  for (Collection& collection : collections_) {
    const storage::Home home{collection.table->key_space, collection.prefix};
    const auto found =
        co_await storage->get({home, storage::Space::kLsi, collection.size_key}, storage::ReadMode::kForUpdate);
    if (!found) co_return Unexpected(storage_failure(found.error()));
    const std::optional<std::int64_t> before =
        found->found ? decode_collection_size(found->value) : std::optional(std::int64_t{0});
    if (!before) co_return fail(ErrorCode::kInternal, "the size of an item collection is damaged");
    batch_.reads.push_back({home, storage::Space::kLsi, collection.size_key, found->version});
    // The items were read a moment earlier, and may be gone from the collection by now: then this commit is refused.
    collection.size_bytes = std::max<std::int64_t>(*before + collection.growth, 0);
    collection.too_large = collection.growth > 0 && collection.size_bytes > limit_bytes;
    if (collection.growth == 0) continue;
    const bool is_empty = collection.size_bytes == 0;
    batch_.writes.push_back({.home = home,
                             .space = storage::Space::kLsi,
                             .key = Bytes(collection.size_key),
                             .erase = is_empty,
                             .value = is_empty ? Bytes() : encode_collection_size(collection.size_bytes)});
  }
  co_return Result<void>();
}

ChangeSet::Collection* ChangeSet::collection_of(const TableDefinition& table, BytesView item_key) {
  if (!table.keeps_collection_sizes) return nullptr;
  if (const std::size_t known = find_collection(table, item_key); known < collections_.size()) {
    return &collections_[known];
  }
  const BytesView prefix = item_collection_prefix(table, item_key, arena_);
  collections_.push_back({.table = &table, .prefix = prefix, .size_key = arena_->copy(collection_size_key(prefix))});
  return &collections_.back();
}

// No prefix is the beginning of another one: parts of keys end unambiguously.
std::size_t ChangeSet::find_collection(const TableDefinition& table, BytesView item_key) const {
  const auto found = std::ranges::find_if(collections_, [&](const Collection& collection) {
    return collection.table->key_space == table.key_space && item_key.starts_with(collection.prefix);
  });
  return static_cast<std::size_t>(found - collections_.begin());
}

std::optional<std::int64_t> ChangeSet::collection_size_bytes(const TableDefinition& table, BytesView item_key) const {
  const std::size_t found = find_collection(table, item_key);
  return found < collections_.size() ? std::optional(collections_[found].size_bytes) : std::nullopt;
}

bool ChangeSet::is_too_large(const TableDefinition& table, BytesView item_key) const {
  const std::size_t found = find_collection(table, item_key);
  return found < collections_.size() && collections_[found].too_large;
}

void ChangeSet::drop_writes() {
  batch_.writes.clear();
  batch_.follow_ups.clear();
  batch_.stats.clear();
  index_writes_.clear();
  collections_.clear();
}

storage::Batch ChangeSet::take_batch() {
  for (PlannedIndexWrite& planned : index_writes_) commit_index_write(std::move(planned));
  index_writes_.clear();
  collections_.clear();
  stream_records_ = 0;
  return std::exchange(batch_, {});
}

void ChangeSet::commit_index_write(PlannedIndexWrite planned) {
  IndexWrite& write = planned.write;
  const IndexDefinition& index = *write.index;
  if (write.erases() && write.size_before_bytes == 0) return;  // Nothing to erase in an index that is being built.

  // A global index has homes of its own, and its entries may follow after the acknowledgement. Not so while it is being
  // built: whoever looks for an entry must see what the last commit made of it.
  const BytesView position = index.global ? write.key : planned.item_key;
  const bool may_follow = index.global && index.build == BuildPhase::kDone;
  auto& destination = may_follow ? batch_.follow_ups : batch_.writes;
  destination.push_back({.home = {entry_key_space(*planned.table, index), position},
                         .space = entry_space(index),
                         .key = Bytes(write.key),
                         .erase = write.erases(),
                         .value = std::move(write.entry)});
  if (index.key_space != 0) count(index.key_space, write.size_before_bytes, write.size_after_bytes);
}

void ChangeSet::count(storage::KeySpaceId key_space, std::size_t size_before_bytes, std::size_t size_after_bytes) {
  const auto stored_bytes = [](std::size_t size_bytes) {
    return size_bytes == 0 ? 0 : static_cast<std::int64_t>(size_bytes) + kStorageOverheadBytes;
  };
  const storage::StatsDelta delta{.key_space = key_space,
                                  .entries = std::int64_t{size_after_bytes != 0} - std::int64_t{size_before_bytes != 0},
                                  .bytes = stored_bytes(size_after_bytes) - stored_bytes(size_before_bytes)};
  if (delta.entries == 0 && delta.bytes == 0) return;
  for (storage::StatsDelta& other : batch_.stats) {
    if (other.key_space != key_space) continue;
    other.entries += delta.entries;
    other.bytes += delta.bytes;
    return;
  }
  batch_.stats.push_back(delta);
}

}  // namespace armature
