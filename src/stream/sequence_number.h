// Where a record stands in its stream: the stamp of the commit that made it (storage/storage.h), then its place among
// the records of that commit. On the wire 26 decimal digits, always as many, so that they compare as numbers and as
// text:
//
//   '1' | stamp, 20 digits | ordinal, 5 digits
//
// Source: API Reference, "StreamRecord" (SequenceNumber), "SequenceNumberRange".
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "storage/storage.h"

namespace armature::stream {

struct SequenceNumber {
  storage::Stamp stamp = 0;
  std::uint16_t ordinal = 0;

  friend auto operator<=>(const SequenceNumber&, const SequenceNumber&) = default;

  // The smallest larger one.
  SequenceNumber next() const {
    if (ordinal == std::numeric_limits<std::uint16_t>::max()) return {stamp + 1, 0};
    return {stamp, static_cast<std::uint16_t>(ordinal + 1)};
  }
  // The largest smaller one; not of {0, 0}.
  SequenceNumber previous() const {
    if (ordinal == 0) return {stamp - 1, std::numeric_limits<std::uint16_t>::max()};
    return {stamp, static_cast<std::uint16_t>(ordinal - 1)};
  }
};

std::string to_text(const SequenceNumber& number);

// Clients may ask for any number of 21 to 40 digits. Those that no record has are taken as the nearest one above, or
// the largest of all. False: not a decimal number.
bool parse_sequence_number(std::string_view text, SequenceNumber* number);

// The first stamp of a moment, and the moment of a stamp.
inline storage::Stamp stamp_of_ms(Clock::Millis ms) { return ms <= 0 ? 0 : static_cast<storage::Stamp>(ms) * 1000; }
inline Clock::Millis ms_of_stamp(storage::Stamp stamp) { return static_cast<Clock::Millis>(stamp / 1000); }

}  // namespace armature::stream
