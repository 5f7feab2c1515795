#include "table/change.h"

#include <algorithm>
#include <utility>

#include "index/entry_key.h"
#include "model/capacity.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

std::size_t size_bytes(const std::optional<ItemView>& item) { return item ? item->size_bytes() : 0; }

CapacityAmount write_cost(std::uint64_t units) { return {.write_half_units = static_cast<std::int64_t>(2 * units)}; }

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
  if (change.is_silent()) return consumed;
  append_item(table, change);
  append_index_writes(table, change, &consumed);
  return consumed;
}

void ChangeSet::append_item(const TableDefinition& table, const ItemChange& change) {
  batch_.writes.push_back({.home = {table.key_space, change.key},
                           .space = storage::Space::kItems,
                           .key = Bytes(change.key),
                           .erase = !change.after,
                           .value = change.after ? Bytes(change.after->encoded()) : Bytes()});
  count(table.key_space, size_bytes(change.before), size_bytes(change.after));
}

void ChangeSet::append_index_writes(const TableDefinition& table, const ItemChange& change,
                                    ConsumedCapacity* consumed) {
  if (table.local_indexes.empty() && table.global_indexes.empty()) return;
  std::vector<IndexWrite> writes;
  plan_writes(table, change.key, pointer(change.before), pointer(change.after), arena_, &writes);
  for (IndexWrite& write : writes) {
    consumed->add_index(write.index->name, write.index->global, write_cost(write_units(write)));
    index_writes_.push_back({&table, change.key, std::move(write)});
  }
}

Task<Result<void>> ChangeSet::settle_unbuilt_indexes(storage::Storage* storage) {
  for (PlannedIndexWrite& planned : index_writes_) {
    IndexWrite& write = planned.write;
    if (!write.index->backfilling) continue;
    const storage::Home home{write.index->key_space, write.key};
    const auto entry = co_await storage->get({home, storage::Space::kItems, write.key}, storage::ReadMode::kForUpdate);
    if (!entry) co_return Unexpected(storage_failure(entry.error()));
    batch_.reads.push_back({home, storage::Space::kItems, write.key, entry->version});
    write.size_before_bytes = entry->found ? ItemView(entry->value).size_bytes() : 0;
  }
  co_return Result<void>();
}

storage::Batch ChangeSet::take_batch() {
  for (PlannedIndexWrite& planned : index_writes_) commit_index_write(std::move(planned));
  index_writes_.clear();
  return std::exchange(batch_, {});
}

void ChangeSet::commit_index_write(PlannedIndexWrite planned) {
  IndexWrite& write = planned.write;
  const IndexDefinition& index = *write.index;
  if (write.erases() && write.size_before_bytes == 0) return;  // Nothing to erase in an index that is being built.

  // A global index has homes of its own, and its entries may follow after the acknowledgement.
  const BytesView position = index.global ? write.key : planned.item_key;
  auto& destination = index.global ? batch_.follow_ups : batch_.writes;
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
