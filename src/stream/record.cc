#include "stream/record.h"

#include <fmt/format.h>

#include <vector>

namespace armature::stream {
namespace {

// The key of a record:
//
//   offset  size  content
//   0       1     'r'
//   1       8     stamp of the commit, big-endian; the engine fills it in
//   9       2     ordinal within the commit, big-endian
//   11      4     first bytes of the item's token
//
// Its value:
//
//   offset  size  content
//   0       1     version, 0x01
//   1       1     bits 0-1 EventName, bits 2-3 StreamViewType, bit 4 expired by time to live
//   2       …     length, varint | keys, an encoded item
//           …     length, varint | new image, an encoded item; length 0: none
//           …     length, varint | old image, the same
constexpr char kRecordPrefix = 'r';
constexpr std::uint32_t kStampAt = 1;
constexpr std::size_t kOrdinalAt = kStampAt + storage::kStampBytes;
constexpr std::size_t kTokenAt = kOrdinalAt + 2;
constexpr std::size_t kKeyBytes = kTokenAt + 4;

constexpr char kVersion = 1;
constexpr unsigned kEventMask = 0x03;
constexpr unsigned kViewTypeShift = 2;
constexpr unsigned kViewTypeMask = 0x03;
constexpr unsigned kByTimeToLive = 0x10;
constexpr unsigned kKnownBits = 0x1f;

EventName event_of(const RecordedChange& change) {
  if (change.before == nullptr) return EventName::kInsert;
  return change.after == nullptr ? EventName::kRemove : EventName::kModify;
}

bool shows_new(StreamViewType type) {
  return type == StreamViewType::kNewImage || type == StreamViewType::kNewAndOldImages;
}
bool shows_old(StreamViewType type) {
  return type == StreamViewType::kOldImage || type == StreamViewType::kNewAndOldImages;
}

Bytes keys_of(const ItemView& item, const KeySchema& schema) {
  Arena arena;
  std::vector<Attribute> keys;
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      if (const auto value = item.find(attribute.name)) keys.push_back({attribute.name, value->decode(&arena)});
    }
  }
  return encode_item(keys);
}

void append_part(BytesView part, Bytes* out) {
  append_varint(out, part.size());
  out->append(part);
}

bool read_part(const char** cursor, const char* end, BytesView* part) {
  std::uint64_t length = 0;
  if (!read_varint(cursor, end, &length) || length > static_cast<std::uint64_t>(end - *cursor)) return false;
  *part = {*cursor, static_cast<std::size_t>(length)};
  *cursor += length;
  return true;
}

std::size_t size_of(BytesView item) { return item.empty() ? 0 : ItemView(item).size_bytes(); }

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdULL;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

Bytes number_key(const SequenceNumber& number) {
  Bytes key(1, kRecordPrefix);
  append_u64_be(&key, number.stamp);
  key.push_back(static_cast<char>(number.ordinal >> 8));
  key.push_back(static_cast<char>(number.ordinal & 0xff));
  return key;
}

}  // namespace

std::size_t RecordView::size_bytes() const { return size_of(keys) + size_of(new_image) + size_of(old_image); }

EncodedRecord encode_record(const KeySchema& schema, StreamViewType view_type, BytesView item_key,
                            std::uint16_t ordinal, const RecordedChange& change) {
  EncodedRecord record{.key = number_key({0, ordinal}), .stamp_at = kStampAt, .value = {}};
  const std::uint32_t token = token_of(item_key);
  for (const int shift : {24, 16, 8, 0}) record.key.push_back(static_cast<char>(token >> shift & 0xff));

  const EventName event = event_of(change);
  const BytesView new_image = change.after != nullptr && shows_new(view_type) ? change.after->encoded() : BytesView();
  const BytesView old_image = change.before != nullptr && shows_old(view_type) ? change.before->encoded() : BytesView();
  const Bytes keys = keys_of(change.after != nullptr ? *change.after : *change.before, schema);
  record.value.reserve(2 + 3 * 5 + keys.size() + new_image.size() + old_image.size());
  record.value.push_back(kVersion);
  record.value.push_back(static_cast<char>(static_cast<unsigned>(event) |
                                           static_cast<unsigned>(view_type) << kViewTypeShift |
                                           (change.by_time_to_live ? kByTimeToLive : 0u)));
  append_part(keys, &record.value);
  append_part(new_image, &record.value);
  append_part(old_image, &record.value);
  return record;
}

std::optional<RecordKey> decode_record_key(BytesView key) {
  if (key.size() != kKeyBytes || key[0] != kRecordPrefix) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(key[at])); };
  return RecordKey{
      {read_u64_be(key.data() + kStampAt), static_cast<std::uint16_t>(byte(kOrdinalAt) << 8 | byte(kOrdinalAt + 1))},
      token_of(key.substr(kTokenAt))};
}

std::optional<RecordView> decode_record(BytesView value) {
  if (value.size() < 2 || value[0] != kVersion) return std::nullopt;
  const auto bits = static_cast<unsigned>(static_cast<unsigned char>(value[1]));
  if ((bits & ~kKnownBits) != 0 || (bits & kEventMask) > static_cast<unsigned>(EventName::kRemove)) return std::nullopt;
  RecordView record{.event = static_cast<EventName>(bits & kEventMask),
                    .view_type = static_cast<StreamViewType>(bits >> kViewTypeShift & kViewTypeMask),
                    .by_time_to_live = (bits & kByTimeToLive) != 0};
  const char* cursor = value.data() + 2;
  const char* const end = value.data() + value.size();
  if (!read_part(&cursor, end, &record.keys) || record.keys.empty() || !read_part(&cursor, end, &record.new_image) ||
      !read_part(&cursor, end, &record.old_image) || cursor != end) {
    return std::nullopt;
  }
  return record;
}

Bytes records_begin(const SequenceNumber& from) { return number_key(from); }

Bytes records_end(storage::Stamp last) {
  if (last == std::numeric_limits<storage::Stamp>::max()) return prefix_successor(Bytes(1, kRecordPrefix));
  return number_key({last + 1, 0});
}

std::string verify_record(BytesView key, BytesView value) {
  if (!decode_record_key(key)) return "the key is not that of a stream record";
  const std::optional<RecordView> record = decode_record(value);
  if (!record) return "the stream record is damaged";
  if (!is_valid_item(record->keys)) return "the keys in the stream record are damaged";
  for (const BytesView image : {record->new_image, record->old_image}) {
    if (!image.empty() && !is_valid_item(image)) return "an image in the stream record is damaged";
  }
  const bool has_new = shows_new(record->view_type) && record->event != EventName::kRemove;
  const bool has_old = shows_old(record->view_type) && record->event != EventName::kInsert;
  if (record->new_image.empty() == has_new || record->old_image.empty() == has_old) {
    return "the stream record has other images than its view type wants";
  }
  return {};
}

std::string event_id(storage::KeySpaceId key_space, const SequenceNumber& number) {
  return fmt::format("{:016x}{:016x}", mix(number.stamp), mix(key_space << 16 | number.ordinal));
}

}  // namespace armature::stream
