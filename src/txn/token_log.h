// The idempotency tokens of finished transactions: looked up, added to the commit of their transaction, and forgotten
// after ten minutes. No timer runs for that: every few transactions one of them removes what has expired.
// Thread-safe.
#pragma once

#include <atomic>
#include <optional>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/task.h"
#include "storage/storage.h"
#include "txn/token_record.h"

namespace armature {

// Where a token's row is read. The key outlives the read.
inline storage::ReadKey token_read_key(BytesView key) {
  return {{storage::kTransactionKeySpace, key}, storage::Space::kItems, key};
}

// The rows of one token in one commit. Keeps the bytes a batch only refers to, so it must outlive the commit.
class TokenRows {
 public:
  // `found`: what a kForUpdate read of the token's row returned.
  TokenRows(BytesView key, const storage::Versioned& found, Clock::Millis now_ms);

  // The finished transaction, unless there is none or it is forgotten.
  const std::optional<TokenRecord>& finished() const { return finished_; }

  // The commit depends on the row as it was found.
  void add_read(storage::Batch* batch) const;
  // Replaces what is there.
  void add_writes(const TokenRecord& record, storage::Batch* batch);

 private:
  BytesView key_;
  storage::Version version_;
  std::optional<TokenRecord> finished_;
  Bytes expired_row_;  // Of a forgotten token that nobody has removed yet; may be empty.
  Bytes expiry_row_;
};

class TokenLog {
 public:
  // Of so many transactions one sweeps, and it removes more than they added.
  static constexpr std::uint64_t kTransactionsPerSweep = 16;
  static constexpr std::size_t kMostSweptTokens = 64;

  TokenLog(storage::Storage* storage, const Clock* clock) : storage_(storage), clock_(clock) {}

  // To be called after each transaction that added a token. Best effort: what fails is left to the next sweep.
  Task<void> sweep_now_and_then();
  // Removes up to kMostSweptTokens expired tokens.
  Task<void> sweep();

 private:
  storage::Storage* const storage_;
  const Clock* const clock_;
  std::atomic<std::uint64_t> transactions_ = 0;
};

}  // namespace armature
