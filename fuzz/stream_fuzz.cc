// links: armature_stream
// Shard iterators and shard ids from clients, stream rows from disk: nothing crashes, and what is read is written the
// same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "stream/iterator.h"
#include "stream/record.h"
#include "stream/sequence_number.h"
#include "stream/shard.h"

using namespace armature;

namespace {

// A value from disk, all of the input, under a key that is whole: what a value's own checks let through is used.
void read_values(std::string_view value) {
  static const Bytes record_key = [] {
    static const Bytes stored = encode_item({});
    const ItemView none(stored);
    return stream::encode_record({}, StreamViewType::kKeysOnly, "item", 1, {.after = &none}).key;
  }();
  if (stream::verify_record(record_key, value).empty()) {
    const auto record = stream::decode_record(value);
    ARMATURE_ASSERT(record && stream::decode_record_key(record_key));
    ARMATURE_ASSERT(record->size_bytes() <= value.size() * 2);
    Arena arena;
    for (const BytesView item : {record->keys, record->new_image, record->old_image}) {
      if (!item.empty()) ARMATURE_ASSERT(encode_item(ItemView(item).decode(&arena)) == item);
    }
  }

  const Bytes first = stream::shard_key(1, {5, 0}), second = stream::shard_key(1, {9, 0x80000000});
  const std::size_t half = value.size() / 2;
  const storage::Entry rows[] = {{first, value.substr(0, half)}, {second, value.substr(half)}};
  if (const auto lineage = stream::decode_lineage(rows)) {
    ARMATURE_ASSERT(stream::is_valid_shard_row(first, rows[0].value) && lineage->shards.size() <= 2);
    for (const stream::Shard& shard : lineage->shards) ARMATURE_ASSERT(lineage->find(shard.id) == &shard);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  if (const auto iterator = stream::decode_iterator(text, &arena)) {
    ARMATURE_ASSERT(stream::encode_iterator(*iterator) == text);
  }
  if (const auto id = stream::parse_shard_id(text)) ARMATURE_ASSERT(to_text(*id) == text);
  stream::SequenceNumber number;
  if (stream::parse_sequence_number(text, &number)) {
    stream::SequenceNumber again;
    ARMATURE_ASSERT(stream::parse_sequence_number(to_text(number), &again) && again == number);
  }
  const std::size_t key_size = size > 0 ? std::min<std::size_t>(data[0], size - 1) : 0;
  const std::string_view key = size > 0 ? text.substr(1, key_size) : text;
  const std::string_view value = size > 0 ? text.substr(1 + key_size) : text;
  static_cast<void>(stream::verify_record(key, value));
  const storage::Entry row{key, value};
  static_cast<void>(stream::decode_lineage({&row, 1}));
  static_cast<void>(parse_stream_arn(text));
  read_values(text);
  return 0;
}
