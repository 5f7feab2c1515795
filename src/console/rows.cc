#include "console/rows.h"

#include "base/log.h"

namespace armature::console {
namespace {

// How often a change is tried against other servers of the same storage before it gives up.
constexpr int kMostAttempts = 100;
constexpr std::size_t kPageEntries = 500;

storage::ReadKey read_key(BytesView key) { return {{storage::kIdentityKeySpace, key}, storage::Space::kItems, key}; }

Unexpected<connector::StoreError> failed(std::string_view doing, const storage::StorageError& error) {
  log(LogLevel::kError, "the console's storage failed", {{"doing", doing}, {"engine", error.message}});
  if (error.code == storage::StorageErrorCode::kNoSpace) {
    return Unexpected(connector::StoreError{"The disk is full; nothing was saved."});
  }
  return Unexpected(connector::StoreError{"The storage does not answer; the server's log says why."});
}

}  // namespace

Task<RowResult<std::optional<Bytes>>> Rows::get(Bytes key) {
  auto found = co_await storage_->get(read_key(key), storage::ReadMode::kCommitted);
  if (!found) co_return failed("reading", found.error());
  if (!found->found) co_return std::optional<Bytes>();
  co_return std::optional<Bytes>(std::move(found->value));
}

Task<RowResult<std::vector<Row>>> Rows::with_prefix(Bytes prefix) {
  std::vector<Row> rows;
  Bytes begin = prefix;
  const Bytes end = prefix_successor(prefix);
  for (bool more = true; more;) {
    const storage::RangeRequest request{
        .key_space = storage::kIdentityKeySpace, .begin = begin, .end = end, .limit_entries = kPageEntries};
    auto page = co_await storage_->range(request);
    if (!page) co_return failed("listing", page.error());
    for (const storage::Entry& entry : page->entries) rows.push_back({Bytes(entry.key), Bytes(entry.value)});
    more = page->more;
    if (more) begin = rows.back().key + '\0';
  }
  co_return std::move(rows);
}

Task<RowResult<void>> Rows::change(Bytes key, Change change) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto now = co_await storage_->get(read_key(key), storage::ReadMode::kForUpdate);
    if (!now) co_return failed("changing", now.error());
    std::optional<Bytes> before;
    if (now->found) before = std::move(now->value);
    std::optional<Bytes> after = change(before);
    if (before == after) co_return RowResult<void>();

    storage::Batch batch;
    batch.reads.push_back({{storage::kIdentityKeySpace, key}, storage::Space::kItems, key, now->version});
    storage::Write write{{storage::kIdentityKeySpace, key}, storage::Space::kItems, key, !after.has_value(), {}};
    if (after) write.value = std::move(*after);
    batch.writes.push_back(std::move(write));
    auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (committed) co_return RowResult<void>();
    if (committed.error().code != storage::StorageErrorCode::kConflict) co_return failed("changing", committed.error());
  }
  co_return Unexpected(connector::StoreError{"Others change the same thing all the time; nothing was saved."});
}

}  // namespace armature::console
