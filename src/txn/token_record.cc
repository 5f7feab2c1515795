#include "txn/token_record.h"

#include "base/assert.h"

namespace armature {
namespace {

constexpr char kTokenRow = 't';
constexpr char kExpiryRow = 'x';
constexpr char kFormat = 1;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kExpiryPrefixBytes = 1 + kTimeBytes;

}  // namespace

Bytes token_key(TransactOperation operation, std::string_view region, std::string_view token) {
  Bytes key{kTokenRow, static_cast<char>(operation)};
  key.append(region).push_back('\0');
  key.append(token);
  return key;
}

Bytes expiry_key(Clock::Millis finished_at_ms, BytesView token_key) {
  Bytes key{kExpiryRow};
  append_u64_be(&key, static_cast<std::uint64_t>(finished_at_ms));
  key.append(token_key);
  return key;
}

Bytes encode_token_record(const TokenRecord& record) {
  ARMATURE_ASSERT(record.fingerprint.size() == kFingerprintBytes);
  Bytes encoded{kFormat};
  encoded.append(record.fingerprint);
  append_u64_be(&encoded, static_cast<std::uint64_t>(record.finished_at_ms));
  append_varint(&encoded, record.read_half_units.size());
  for (const std::int64_t half_units : record.read_half_units) {
    append_varint(&encoded, static_cast<std::uint64_t>(half_units));
  }
  return encoded;
}

std::optional<TokenRecord> decode_token_record(BytesView encoded) {
  constexpr std::size_t kFixedBytes = 1 + kFingerprintBytes + kTimeBytes;
  if (encoded.size() <= kFixedBytes || encoded.front() != kFormat) return std::nullopt;
  TokenRecord record;
  record.fingerprint = encoded.substr(1, kFingerprintBytes);
  record.finished_at_ms = static_cast<Clock::Millis>(read_u64_be(encoded.data() + 1 + kFingerprintBytes));

  const char* cursor = encoded.data() + kFixedBytes;
  const char* const end = encoded.data() + encoded.size();
  std::uint64_t count = 0;
  // Each figure takes a byte at least, which bounds the count by what is there.
  if (!read_varint(&cursor, end, &count) || count > static_cast<std::uint64_t>(end - cursor)) return std::nullopt;
  record.read_half_units.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t half_units = 0;
    if (!read_varint(&cursor, end, &half_units)) return std::nullopt;
    record.read_half_units.push_back(static_cast<std::int64_t>(half_units));
  }
  if (cursor != end) return std::nullopt;
  return record;
}

Bytes expiry_begin() { return Bytes{kExpiryRow}; }

Bytes expiry_end(Clock::Millis finished_at_ms) { return expiry_key(finished_at_ms + 1, {}); }

BytesView token_key_of(BytesView expiry_key) {
  ARMATURE_ASSERT(expiry_key.size() > kExpiryPrefixBytes);
  return expiry_key.substr(kExpiryPrefixBytes);
}

Clock::Millis finished_at_of(BytesView expiry_key) {
  ARMATURE_ASSERT(expiry_key.size() > kExpiryPrefixBytes);
  return static_cast<Clock::Millis>(read_u64_be(expiry_key.data() + 1));
}

}  // namespace armature
