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
  return 0;
}
