// The deletion of expired items: the write path of a request, decided by the item's own expiry instead of a condition.
// Many items make one commit, for nobody waits for any of them alone.
// Source: Developer Guide, "Using time to live (TTL) in DynamoDB".
#include <algorithm>
#include <utility>
#include <vector>

#include "table/change.h"
#include "table/expiry_entry.h"
#include "table/item_store.h"
#include "table/retry.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

// Entries that are due, each item once: of two entries of one item the other is left for another time.
std::vector<ExpiryEntry> entries_to_expire(std::span<const Bytes> keys, std::int64_t due_s) {
  std::vector<ExpiryEntry> entries;
  for (const Bytes& key : keys) {
    const std::optional<ExpiryEntry> entry = parse_expiry_entry(key);
    if (!entry || entry->expiry_s > due_s) continue;
    const auto same_item = [&](const ExpiryEntry& other) { return other.item_key == entry->item_key; };
    if (std::none_of(entries.begin(), entries.end(), same_item)) entries.push_back(*entry);
  }
  return entries;
}

}  // namespace

Task<Result<ExpiryOutcome>> ItemStore::expire(const TableDefinition& table, std::span<const Bytes> entry_keys,
                                              std::int64_t due_s, Arena* arena) {
  const std::vector<ExpiryEntry> entries = entries_to_expire(entry_keys, due_s);
  std::vector<storage::ReadKey> reads;
  reads.reserve(entries.size());
  for (const ExpiryEntry& entry : entries) reads.push_back(item_read_key(table, entry.item_key));

  for (Retry retry(&turns_, reads, options_.conflict_patience);;) {
    if (retry.must_wait()) co_await retry.wait();
    const auto found = co_await storage_->get_many(reads, storage::ReadMode::kForUpdate);
    if (!found) co_return Unexpected(storage_failure(found.error()));

    ExpiryOutcome outcome;
    ChangeSet changes(arena);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const storage::Versioned& item = (*found)[i];
      const std::optional<ItemView> before = item.found ? std::optional(ItemView(item.value)) : std::nullopt;
      changes.add_read(table, entries[i].item_key, item.version);
      if (before && expiry_s(*before, table.time_to_live.attribute) == entries[i].expiry_s) {
        changes.append(
            table,
            {.key = entries[i].item_key, .before = before, .after = std::nullopt, .origin = ChangeOrigin::kTimeToLive});
        ++outcome.deleted;
      } else {
        // The item has changed since the entry was read, and its entry with it. Erased all the same: whatever led to
        // an entry that belongs to no item, it does not come up again and again.
        changes.erase_expiry_entry(table, entries[i].expiry_s, entries[i].item_key);
        ++outcome.changed;
      }
    }
    CO_TRY(co_await changes.settle(storage_, options_.collection_limit_bytes));
    // Nobody was promised these deletions: what a power loss undoes is still due afterwards.
    const auto committed = co_await storage_->commit(changes.take_batch(), storage::Durability::kBuffered);
    if (committed) co_return outcome;
    if (committed.error().code != storage::StorageErrorCode::kConflict) {
      co_return Unexpected(storage_failure(committed.error()));
    }
    const bool again = co_await retry.again();
    if (!again) co_return ExpiryOutcome{};
  }
}

}  // namespace armature
