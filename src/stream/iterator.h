// Shard iterators: where to go on reading, as a text that clients hand back. They carry everything, so any server can
// take them, also after a restart:
//
//   <stream ARN>|1|<base64 of the position; drawn in iterator.cc>
//
// They are not secret and not sealed: whoever makes one up reads only what its permission on that stream lets it read.
// Pure functions. Source: API Reference, "GetShardIterator", "GetRecords".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/clock.h"
#include "stream/sequence_number.h"
#include "stream/shard.h"

namespace armature::stream {

inline constexpr Clock::Millis kIteratorLifetimeMs = 15 * 60 * 1000;

struct Iterator {
  // Why the position is what it is; decides what trimming does to it.
  enum class Kind : std::uint8_t {
    kOldest = 0,  // From the oldest record there is; the position says nothing.
    kRecord = 1,  // The next record is the one at the position, or the first behind it. If it is trimmed it was missed.
    kCaughtUp = 2,  // When the iterator was made, nothing was at or behind the position.
  };

  std::string_view stream_arn;
  ShardId shard;
  Kind kind = Kind::kOldest;
  SequenceNumber position;
  Clock::Millis made_at_ms = 0;

  bool expired(Clock::Millis now_ms) const { return now_ms - made_at_ms >= kIteratorLifetimeMs; }
};

std::string encode_iterator(const Iterator& iterator);
// nullopt: not one of ours. The ARN borrows from `text` and is not checked.
std::optional<Iterator> decode_iterator(std::string_view text, Arena* arena);

}  // namespace armature::stream
