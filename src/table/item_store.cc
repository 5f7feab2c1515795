#include "table/item_store.h"

#include <algorithm>

#include "index/entry_key.h"
#include "table/key_range.h"
#include "table/storage_failure.h"
#include "table/throughput.h"

namespace armature {

ItemStore::ItemStore(storage::Storage* storage, const Clock* clock, ItemStoreOptions options)
    : storage_(storage),
      options_(options),
      throughput_(options.enforce_throughput ? std::make_unique<Throughput>(clock) : nullptr) {}

ItemStore::~ItemStore() = default;

Task<Result<storage::KeySpaceStats>> ItemStore::stats(storage::KeySpaceId key_space) {
  const auto stats = co_await storage_->stats(key_space);
  if (!stats) co_return Unexpected(storage_failure(stats.error()));
  co_return *stats;
}

// Items and local index entries begin with the same bytes, so both are one range read.
Task<Result<std::int64_t>> ItemStore::measure_collection(const TableDefinition& table, const ItemKey& key) {
  const Bytes begin = collection_prefix(nullptr, {&key.attributes.front().value, 1});
  const Bytes end = prefix_successor(begin);
  std::int64_t size_bytes = 0;
  for (const storage::Space space : {storage::Space::kItems, storage::Space::kLsi}) {
    KeyRange range{begin, end};
    for (bool more = true; more && size_bytes < kLargestMeasuredCollectionBytes;) {
      const auto page = co_await storage_->range({.key_space = table.key_space,
                                                  .space = space,
                                                  .begin = range.begin,
                                                  .end = range.end,
                                                  .limit_entries = 4096,
                                                  .limit_bytes = 256 * 1024});
      if (!page) co_return Unexpected(storage_failure(page.error()));
      for (const storage::Entry& entry : page->entries) {
        size_bytes += static_cast<std::int64_t>(ItemView(entry.value).size_bytes());
      }
      more = page->more;
      if (more) continue_behind(page->entries.back().key, /*forward=*/true, &range);
    }
  }
  co_return std::min(size_bytes, kLargestMeasuredCollectionBytes);
}

}  // namespace armature
