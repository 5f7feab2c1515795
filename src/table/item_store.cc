#include "table/item_store.h"

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

}  // namespace armature
