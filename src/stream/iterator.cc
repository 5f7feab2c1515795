#include "stream/iterator.h"

#include "base/bytes.h"
#include "wire/base64.h"

namespace armature::stream {
namespace {

// The position, before base64; numbers are big-endian:
//
//   offset  size  content
//   0       1     version, 0x01
//   1       1     Kind
//   2       8     stamp of the shard's id
//   10      4     token of the shard's id
//   14      8     stamp of the position
//   22      2     ordinal of the position
//   24      8     when it was made, in milliseconds
constexpr std::string_view kSeparator = "|1|";
constexpr char kVersion = 1;
constexpr std::size_t kPositionBytes = 32;

}  // namespace

std::string encode_iterator(const Iterator& iterator) {
  Bytes position;
  position.push_back(kVersion);
  position.push_back(static_cast<char>(iterator.kind));
  append_u64_be(&position, iterator.shard.begin);
  for (const int shift : {24, 16, 8, 0}) position.push_back(static_cast<char>(iterator.shard.token >> shift & 0xff));
  append_u64_be(&position, iterator.position.stamp);
  position.push_back(static_cast<char>(iterator.position.ordinal >> 8));
  position.push_back(static_cast<char>(iterator.position.ordinal & 0xff));
  append_u64_be(&position, static_cast<std::uint64_t>(iterator.made_at_ms));

  std::string text(iterator.stream_arn);
  text.append(kSeparator);
  wire::append_base64(position, &text);
  return text;
}

std::optional<Iterator> decode_iterator(std::string_view text, Arena* arena) {
  const std::size_t separator = text.rfind(kSeparator);
  if (separator == std::string_view::npos) return std::nullopt;
  const auto position = wire::decode_base64(text.substr(separator + kSeparator.size()), arena);
  if (!position || position->size() != kPositionBytes || (*position)[0] != kVersion) return std::nullopt;
  const char* const bytes = position->data();
  if (static_cast<unsigned char>(bytes[1]) > static_cast<unsigned>(Iterator::Kind::kCaughtUp)) return std::nullopt;
  Iterator iterator{.stream_arn = text.substr(0, separator), .kind = static_cast<Iterator::Kind>(bytes[1])};
  iterator.shard = {read_u64_be(bytes + 2), token_of(position->substr(10))};
  iterator.position.stamp = read_u64_be(bytes + 14);
  iterator.position.ordinal =
      static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[22]) << 8 | static_cast<unsigned char>(bytes[23]));
  iterator.made_at_ms = static_cast<Clock::Millis>(read_u64_be(bytes + 24));
  // Times no clock shows would overflow when compared.
  constexpr Clock::Millis kLatest = Clock::Millis{1} << 52;
  if (iterator.made_at_ms < 0 || iterator.made_at_ms > kLatest) return std::nullopt;
  return iterator;
}

}  // namespace armature::stream
