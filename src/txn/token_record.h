// How the idempotency tokens of transactions are stored, in storage::kTransactionKeySpace. Two rows a token, written in
// the commit of its transaction: one to find it by name, one to find what has expired by time.
//
//   token row   key    't' | operation | region | 0x00 | token
//               value  0x01 | fingerprint, 32 bytes | finished, u64 BE ms | count, varint | read half units, varint
//               each
//   expiry row  key    'x' | finished, u64 BE ms | key of the token row
//               value  empty
//
// `operation` is one byte: TransactWriteItems and ExecuteTransaction have tokens of their own. Pure functions.
// Source: API Reference, "TransactWriteItems" (ClientRequestToken).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace armature {

enum class TransactOperation : char { kTransactWriteItems = 'w', kExecuteTransaction = 'e' };

// A token holds for ten minutes from the end of its transaction.
inline constexpr Clock::Millis kTokenLifetimeMs = 10 * 60 * 1000;

// `fingerprint` of a request is a SHA-256 digest of what it asks for.
inline constexpr std::size_t kFingerprintBytes = 32;

struct TokenRecord {
  Bytes fingerprint;
  Clock::Millis finished_at_ms = 0;
  // What a replay reports for each action, in their order: it is charged as if it read the item.
  std::vector<std::int64_t> read_half_units;

  bool expired(Clock::Millis now_ms) const { return now_ms - finished_at_ms >= kTokenLifetimeMs; }
};

Bytes token_key(TransactOperation operation, std::string_view region, std::string_view token);
Bytes expiry_key(Clock::Millis finished_at_ms, BytesView token_key);

Bytes encode_token_record(const TokenRecord& record);
// nullopt: not a record. What cannot be read is treated as absent, as if it had expired.
std::optional<TokenRecord> decode_token_record(BytesView encoded);

// Bounds of the expiry rows of everything that finished at or before a moment, [begin, end).
Bytes expiry_begin();
Bytes expiry_end(Clock::Millis finished_at_ms);
// The key of the token row that an expiry row names.
BytesView token_key_of(BytesView expiry_key);
Clock::Millis finished_at_of(BytesView expiry_key);

}  // namespace armature
