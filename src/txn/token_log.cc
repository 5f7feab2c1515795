#include "txn/token_log.h"

#include <utility>
#include <vector>

namespace armature {
namespace {

storage::Write write_of(BytesView key, Bytes value) {
  return {.home = {storage::kTransactionKeySpace, key},
          .space = storage::Space::kItems,
          .key = Bytes(key),
          .erase = false,
          .value = std::move(value)};
}

storage::Write erasure_of(BytesView key) {
  storage::Write write = write_of(key, {});
  write.erase = true;
  return write;
}

storage::ReadCheck check_of(BytesView key, storage::Version version) {
  return {{storage::kTransactionKeySpace, key}, storage::Space::kItems, key, version};
}

}  // namespace

TokenRows::TokenRows(BytesView key, const storage::Versioned& found, Clock::Millis now_ms)
    : key_(key), version_(found.version) {
  if (!found.found) return;
  std::optional<TokenRecord> record = decode_token_record(found.value);
  if (!record) return;
  if (record->expired(now_ms)) {
    expired_row_ = expiry_key(record->finished_at_ms, key);
  } else {
    finished_ = std::move(record);
  }
}

void TokenRows::add_read(storage::Batch* batch) const { batch->reads.push_back(check_of(key_, version_)); }

void TokenRows::add_writes(const TokenRecord& record, storage::Batch* batch) {
  expiry_row_ = expiry_key(record.finished_at_ms, key_);
  if (!expired_row_.empty()) batch->writes.push_back(erasure_of(expired_row_));
  batch->writes.push_back(write_of(key_, encode_token_record(record)));
  batch->writes.push_back(write_of(expiry_row_, {}));
}

Task<void> TokenLog::sweep_now_and_then() {
  if (transactions_.fetch_add(1, std::memory_order_relaxed) % kTransactionsPerSweep == kTransactionsPerSweep - 1) {
    co_await sweep();
  }
}

Task<void> TokenLog::sweep() {
  const Bytes begin = expiry_begin();
  const Bytes end = expiry_end(clock_->now_ms() - kTokenLifetimeMs);
  const auto expired = co_await storage_->range({.key_space = storage::kTransactionKeySpace,
                                                 .space = storage::Space::kItems,
                                                 .begin = begin,
                                                 .end = end,
                                                 .limit_entries = kMostSweptTokens});
  if (!expired || expired->entries.empty()) co_return;

  std::vector<storage::ReadKey> tokens;
  tokens.reserve(expired->entries.size());
  for (const storage::Entry& entry : expired->entries) tokens.push_back(token_read_key(token_key_of(entry.key)));
  const auto found = co_await storage_->get_many(tokens, storage::ReadMode::kForUpdate);
  if (!found) co_return;

  // A token that is in use again has a newer row, which stays; the commit makes sure that it is still so.
  storage::Batch batch;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const BytesView expiry_row = expired->entries[i].key;
    const auto record = (*found)[i].found ? decode_token_record((*found)[i].value) : std::nullopt;
    batch.reads.push_back(check_of(tokens[i].key, (*found)[i].version));
    batch.writes.push_back(erasure_of(expiry_row));
    if (record && record->finished_at_ms == finished_at_of(expiry_row)) {
      batch.writes.push_back(erasure_of(tokens[i].key));
    }
  }
  // Losing this costs nothing but doing it again.
  (void)co_await storage_->commit(std::move(batch), storage::Durability::kBuffered);
}

}  // namespace armature
