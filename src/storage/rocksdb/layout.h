// Where entries are inside RocksDB.
//
// One column family per Space ("items", "lsi", "stream", "ttl", "outbox"). A key in it:
//
//   offset  size  content
//   0       8     key space id, big-endian
//   8       n     key of the space, as the caller gave it
//
// The family "default" holds what the engine keeps for itself:
//
//   key                                   value
//   's' | key space id, 8, big-endian     entries, 8, big-endian two's complement | bytes, 8, the same
//   'm'                                   empty; see Database::mark_memtable()
//   't'                                   the last stamp given, 8, big-endian; absent before the first
//
// The values of the five spaces are the caller's bytes, untouched. A change of this page is a new kDataFormat in
// data_directory.h.
#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "storage/storage.h"

namespace armature::storage {

inline constexpr std::array<Space, 5> kSpaces = {Space::kItems, Space::kLsi, Space::kStream, Space::kTtl,
                                                 Space::kOutbox};
inline constexpr std::array<const char*, 5> kSpaceNames = {"items", "lsi", "stream", "ttl", "outbox"};

inline constexpr std::size_t kKeySpacePrefixBytes = 8;

// A key as RocksDB sees it. Keys of common length cost no allocation. Not movable: a slice points into it.
class PhysicalKey {
 public:
  PhysicalKey(KeySpaceId key_space, BytesView key) : size_(kKeySpacePrefixBytes + key.size()) {
    if (size_ > inline_.size()) {
      heap_ = std::make_unique<char[]>(size_);
      data_ = heap_.get();
    }
    const std::uint64_t prefix = __builtin_bswap64(key_space);
    std::memcpy(data_, &prefix, sizeof prefix);
    if (!key.empty()) std::memcpy(data_ + kKeySpacePrefixBytes, key.data(), key.size());
  }
  PhysicalKey(const PhysicalKey&) = delete;
  PhysicalKey& operator=(const PhysicalKey&) = delete;

  rocksdb::Slice slice() const { return {data_, size_}; }

 private:
  std::size_t size_;
  std::array<char, 184> inline_;
  std::unique_ptr<char[]> heap_;
  char* data_ = inline_.data();
};

inline rocksdb::Slice as_slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
inline BytesView as_view(rocksdb::Slice slice) { return {slice.data(), slice.size()}; }

// The key space a physical key belongs to, and the caller's part of it; nullopt if it is too short to be one.
struct LogicalKey {
  KeySpaceId key_space;
  BytesView key;
};
inline std::optional<LogicalKey> split_physical_key(rocksdb::Slice slice) {
  if (slice.size() < kKeySpacePrefixBytes) return std::nullopt;
  return LogicalKey{read_u64_be(slice.data()), as_view(slice).substr(kKeySpacePrefixBytes)};
}

inline constexpr BytesView kMarkerKey = "m";
inline constexpr BytesView kStampKey = "t";
inline constexpr char kStatsPrefix = 's';

inline Bytes stats_key(KeySpaceId key_space) {
  Bytes key(1, kStatsPrefix);
  append_u64_be(&key, key_space);
  return key;
}
inline Bytes encode_stats(const KeySpaceStats& stats) {
  Bytes value;
  append_u64_be(&value, static_cast<std::uint64_t>(stats.entries));
  append_u64_be(&value, static_cast<std::uint64_t>(stats.bytes));
  return value;
}
inline std::optional<KeySpaceStats> decode_stats(BytesView value) {
  if (value.size() != 16) return std::nullopt;
  return KeySpaceStats{static_cast<std::int64_t>(read_u64_be(value.data())),
                       static_cast<std::int64_t>(read_u64_be(value.data() + 8))};
}

}  // namespace armature::storage
