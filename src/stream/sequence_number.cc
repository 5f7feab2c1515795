#include "stream/sequence_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace armature::stream {
namespace {

constexpr std::size_t kStampDigits = 20;
constexpr std::size_t kOrdinalDigits = 5;
constexpr std::size_t kDigits = 1 + kStampDigits + kOrdinalDigits;

constexpr SequenceNumber kLargest{std::numeric_limits<storage::Stamp>::max(),
                                  std::numeric_limits<std::uint16_t>::max()};

// nullopt-like: false when the digits are more than T holds.
template <class T>
bool read(std::string_view digits, T* value) {
  return std::from_chars(digits.data(), digits.data() + digits.size(), *value).ec == std::errc();
}

}  // namespace

std::string to_text(const SequenceNumber& number) { return fmt::format("1{:020}{:05}", number.stamp, number.ordinal); }

bool parse_sequence_number(std::string_view text, SequenceNumber* number) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return false;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  *number = {};
  if (text.size() < kDigits) return true;
  *number = kLargest;
  if (text.size() > kDigits || text[0] != '1') return true;

  SequenceNumber parsed;
  if (!read(text.substr(1, kStampDigits), &parsed.stamp)) return true;
  // An ordinal that no record can have lies behind all records of its commit.
  if (!read(text.substr(1 + kStampDigits), &parsed.ordinal)) {
    if (parsed.stamp == kLargest.stamp) return true;
    parsed = {parsed.stamp + 1, 0};
  }
  *number = parsed;
  return true;
}

}  // namespace armature::stream
