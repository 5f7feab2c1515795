// Stream records as they are stored, beside the items they tell of. Pure functions; safe from any thread.
// Source: Developer Guide, "Change data capture for DynamoDB Streams"; API Reference, "Record", "StreamRecord".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "catalog/table_definition.h"
#include "model/item.h"
#include "storage/storage.h"
#include "stream/sequence_number.h"
#include "stream/token_range.h"

namespace armature::stream {

enum class EventName : std::uint8_t { kInsert, kModify, kRemove };

// What a record is made of: an item before and after, not both absent.
struct RecordedChange {
  const ItemView* before = nullptr;  // nullptr: there was no item.
  const ItemView* after = nullptr;   // nullptr: there is none any more.
  bool by_time_to_live = false;
};

// A stored record. Views borrow from the bytes it was read from.
struct RecordView {
  EventName event = EventName::kInsert;
  StreamViewType view_type = StreamViewType::kKeysOnly;
  bool by_time_to_live = false;
  BytesView keys;       // Encoded items (model/item.h).
  BytesView new_image;  // Empty: the record has none.
  BytesView old_image;

  // The record's SizeBytes: of its keys and images.
  std::size_t size_bytes() const;
};

// The record's key in Space::kStream, with room for the stamp that the engine fills in, and its value. The layouts are
// drawn in record.cc.
struct EncodedRecord {
  Bytes key;
  std::uint32_t stamp_at = 0;
  Bytes value;
};
// `item_key` is the key of the item in Space::kItems; `ordinal` tells apart the records of one commit.
EncodedRecord encode_record(const KeySchema& schema, StreamViewType view_type, BytesView item_key,
                            std::uint16_t ordinal, const RecordedChange& change);

// What the key of a stored record says; nullopt: it is not the key of a record.
struct RecordKey {
  SequenceNumber number;
  std::uint32_t token = 0;  // Of its item; see token_range.h.
};
std::optional<RecordKey> decode_record_key(BytesView key);
// nullopt: the value is damaged. Looks at the frame; verify_record() looks inside too.
std::optional<RecordView> decode_record(BytesView value);

// The bounds of the records from one number on, and up to and including all of a stamp.
Bytes records_begin(const SequenceNumber& from);
Bytes records_end(storage::Stamp last);

// For `armature check`: what is wrong with a record; empty: nothing.
std::string verify_record(BytesView key, BytesView value);

// 32 hexadecimal digits, another for every record of every table.
std::string event_id(storage::KeySpaceId key_space, const SequenceNumber& number);

}  // namespace armature::stream
