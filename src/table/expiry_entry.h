// Expiry entries: which item of a table expires when, in that order. An entry lives in Space::kTtl of its table's key
// space, in the home of its item:
//
//   key
//   8 bytes   expiry      epoch seconds, big-endian; fractions rounded up, so that nothing goes early
//   n         item key    as in Space::kItems (model/key_codec.h)
//
//   value
//   1 byte    format      kExpiryEntryFormat
//
// An item has an entry exactly if its table keeps them and expiry_s() finds a time in it. Pure functions; safe from any
// thread. Source: Developer Guide, "Using time to live (TTL) in DynamoDB".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/item.h"

namespace armature {

inline constexpr char kExpiryEntryFormat = 1;

// 9999-12-31T23:59:59Z. Numbers beyond it are no times: milliseconds, most often.
inline constexpr std::int64_t kLatestExpiry_s = 253'402'300'799;

// When `item` expires by `attribute`, in epoch seconds from 1 to kLatestExpiry_s. nullopt: never, for the attribute is
// absent, no number, or out of this range.
std::optional<std::int64_t> expiry_s(const ItemView& item, std::string_view attribute);

// Whether writes of the table keep its entries: they do from the beginning of ENABLING to the end of DISABLING.
inline bool keeps_expiry_entries(const TimeToLive& time_to_live) {
  return time_to_live.status != TimeToLiveStatus::kDisabled;
}

Bytes expiry_entry_key(std::int64_t expiry_s, BytesView item_key);
// Below the keys of everything that expires at `expiry_s` or later, above all others.
Bytes expiry_position(std::int64_t expiry_s);

struct ExpiryEntry {
  std::int64_t expiry_s = 0;
  BytesView item_key;
};
// nullopt of a damaged key.
std::optional<ExpiryEntry> parse_expiry_entry(BytesView key);

}  // namespace armature
