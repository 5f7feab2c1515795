#include "table/expiry_entry.h"

namespace armature {

std::optional<std::int64_t> expiry_s(const ItemView& item, std::string_view attribute) {
  const std::optional<EncodedValue> value = item.find(attribute);
  if (!value || value->type() != Type::kNumber) return std::nullopt;
  const Number number = value->number();
  const std::int64_t whole = number.floor_int64();
  if (whole < 0 || whole > kLatestExpiry_s) return std::nullopt;
  const std::int64_t rounded_up = whole + (Number::from_int(whole) < number ? 1 : 0);
  if (rounded_up < 1 || rounded_up > kLatestExpiry_s) return std::nullopt;
  return rounded_up;
}

Bytes expiry_position(std::int64_t expiry_s) {
  Bytes key;
  append_u64_be(&key, static_cast<std::uint64_t>(expiry_s));
  return key;
}

Bytes expiry_entry_key(std::int64_t expiry_s, BytesView item_key) { return expiry_position(expiry_s).append(item_key); }

std::optional<ExpiryEntry> parse_expiry_entry(BytesView key) {
  constexpr std::size_t kTimeBytes = sizeof(std::uint64_t);
  if (key.size() <= kTimeBytes) return std::nullopt;
  const std::uint64_t time = read_u64_be(key.data());
  if (time < 1 || time > static_cast<std::uint64_t>(kLatestExpiry_s)) return std::nullopt;
  return ExpiryEntry{static_cast<std::int64_t>(time), key.substr(kTimeBytes)};
}

}  // namespace armature
