#include "stream/iterator.h"

#include <gtest/gtest.h>

namespace armature::stream {
namespace {

constexpr std::string_view kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-11-22T17:37:33.256";

Iterator sample() {
  return {.stream_arn = kArn,
          .shard = {1'795'000'000'000'123, 0x80000000},
          .kind = Iterator::Kind::kRecord,
          .position = {1'795'000'000'777'777, 65535},
          .made_at_ms = 1'795'000'000'999};
}

TEST(ShardIterator, ReadsWhatItWrites) {
  Arena arena;
  const std::string text = encode_iterator(sample());
  EXPECT_TRUE(text.starts_with(std::string(kArn) + "|1|")) << text;
  const auto decoded = decode_iterator(text, &arena);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->stream_arn, kArn);
  EXPECT_EQ(decoded->shard, sample().shard);
  EXPECT_EQ(decoded->kind, sample().kind);
  EXPECT_EQ(decoded->position, sample().position);
  EXPECT_EQ(decoded->made_at_ms, sample().made_at_ms);
}

TEST(ShardIterator, RefusesOtherTexts) {
  Arena arena;
  const std::string whole = encode_iterator(sample());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(decode_iterator(whole.substr(0, length), &arena).has_value()) << length;
  }
  EXPECT_FALSE(decode_iterator(whole + "AAAA", &arena).has_value());
  EXPECT_FALSE(decode_iterator(std::string(kArn) + "|2|" + whole.substr(kArn.size() + 3), &arena).has_value());
}

TEST(ShardIterator, LivesFifteenMinutes) {
  const Iterator iterator = sample();
  EXPECT_FALSE(iterator.expired(iterator.made_at_ms + 15 * 60 * 1000 - 1));
  EXPECT_TRUE(iterator.expired(iterator.made_at_ms + 15 * 60 * 1000));
}

}  // namespace
}  // namespace armature::stream
