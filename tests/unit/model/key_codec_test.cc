#include "model/key_codec.h"

#include <gtest/gtest.h>

#include "support/values.h"

namespace armature {
namespace {

using namespace std::string_view_literals;
using namespace test;

Bytes part(const Value& value) {
  Bytes out;
  append_key_part(value, &out);
  return out;
}

std::optional<Value> read_whole(Type type, BytesView bytes) {
  const char* cursor = bytes.data();
  const char* const end = cursor + bytes.size();
  const auto value = read_key_part(type, &cursor, end, arena());
  return cursor == end ? value : std::nullopt;
}

TEST(KeyPart, OfBytesIsEscapedAndEnded) {
  EXPECT_EQ(part(S("ab")), "ab\0\1"sv);
  EXPECT_EQ(part(B("a\0b"sv)),
            "a\0\xff"
            "b\0\1"sv);
  EXPECT_EQ(part(S("")), "\0\1"sv);
}

TEST(KeyPart, OfANumberHoldsSignMagnitudeAndDigitPairs) {
  EXPECT_EQ(part(N("0")), "\x80"sv);
  EXPECT_EQ(part(N("1")), "\x81\x82\x14"sv);  // 10 is the last pair.
  EXPECT_EQ(part(N("-1")), "\x7f\x7d\xeb"sv);
  EXPECT_EQ(part(N("123")), "\x81\x84\x19\x3c"sv);  // 12 with more to come, then 30.
  EXPECT_EQ(part(N("1e-130")), "\x81\x00\x14"sv);
  EXPECT_EQ(part(N("1e125")), "\x81\xff\x14"sv);
}

TEST(KeyPart, KeepsTheOrderOfStringsThatShareABeginning) {
  const std::string_view ascending[] = {""sv,    "\0"sv,   "\0\0"sv, "\0\1"sv, "\1"sv,   "a"sv,
                                        "a\0"sv, "a\0b"sv, "a\1"sv,  "ab"sv,   "\xff"sv, "\xff\xff"sv};
  for (std::size_t i = 1; i < std::size(ascending); ++i) EXPECT_LT(part(B(ascending[i - 1])), part(B(ascending[i])));
}

TEST(KeyPart, OfAShortStringDoesNotRunIntoTheNextPart) {
  EXPECT_LT(part(S("a")) + part(S("zzz")), part(S("ab")) + part(S("")));
  EXPECT_LT(part(S("a")) + part(S("\xff")), part(S(std::string_view("a\0", 2))) + part(S("")));
  EXPECT_LT(part(N("1")) + part(S("\xff")), part(N("1.01")) + part(S("")));
  EXPECT_LT(part(N("-1.01")) + part(S("\xff")), part(N("-1")) + part(S("")));
}

TEST(KeyPart, ReadsBackWhatWasWritten) {
  for (const Value& value : {S(""), S("abc"), S("a\0b\0"sv), N("0"), N("-12.5"), N("1e125"), N("-1e-130"),
                             N("99999999999999999999999999999999999999"), B("\xff\0"sv)}) {
    const Bytes encoded = part(value);
    const auto back = read_whole(value.type(), encoded);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, value);
  }
}

TEST(KeyPart, LeavesTheCursorBehindThePart) {
  const Bytes key = part(N("42")) + part(S("x")) + part(B("y"));
  const char* cursor = key.data();
  const char* const end = cursor + key.size();
  EXPECT_EQ(*read_key_part(Type::kNumber, &cursor, end, arena()), N("42"));
  EXPECT_EQ(*read_key_part(Type::kString, &cursor, end, arena()), S("x"));
  EXPECT_EQ(*read_key_part(Type::kBinary, &cursor, end, arena()), B("y"));
  EXPECT_EQ(cursor, end);
}

TEST(KeyPart, IsRefusedWhenTheBytesAreNotOne) {
  EXPECT_FALSE(read_whole(Type::kString, ""sv));
  EXPECT_FALSE(read_whole(Type::kString, "abc"sv));
  EXPECT_FALSE(read_whole(Type::kString, "abc\0"sv));
  EXPECT_FALSE(read_whole(Type::kString, "abc\0\2"sv));
  EXPECT_FALSE(read_whole(Type::kNumber, ""sv));
  EXPECT_FALSE(read_whole(Type::kNumber, "\x82"sv));
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81"sv));
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81\x82"sv));
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81\x82\x15"sv));      // More is announced and missing.
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81\x82\x02"sv));      // The first digit is a zero.
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81\x82\x15\x00"sv));  // The last pair is zero.
  EXPECT_FALSE(read_whole(Type::kNumber, "\x81\x82\xc8"sv));      // 100 is no pair.
}

TEST(KeyPrefix, BeginsExactlyTheValuesThatBeginWithIt) {
  const auto prefix = [](const Value& value) {
    Bytes out;
    append_key_part_prefix(value, &out);
    return out;
  };
  EXPECT_TRUE(part(S("abc")).starts_with(prefix(S("ab"))));
  EXPECT_TRUE(part(S("ab")).starts_with(prefix(S("ab"))));
  EXPECT_TRUE(part(B("a\0b"sv)).starts_with(prefix(B("a\0"sv))));
  EXPECT_FALSE(part(B("a"sv)).starts_with(prefix(B("a\0"sv))));
  EXPECT_TRUE(part(S("anything")).starts_with(prefix(S(""))));
}

TEST(ItemKey, IsTokenPartitionKeySortKey) {
  const Value partition_key = S("customer");
  const Value sort_key = N("3");
  const Bytes prefix = encode_collection_prefix(partition_key);
  EXPECT_EQ(prefix.substr(8), part(partition_key));
  EXPECT_EQ(read_u64_be(prefix.data()), partition_token(part(partition_key)));
  EXPECT_EQ(encode_item_key(partition_key, nullptr), prefix);
  EXPECT_EQ(encode_item_key(partition_key, &sort_key), prefix + part(sort_key));
}

TEST(ItemKey, IsTheSameForEqualNumbers) {
  EXPECT_EQ(encode_item_key(N("1000"), nullptr), encode_item_key(N("1e3"), nullptr));
}

// Tokens are stored: a change here makes every existing table unreadable.
TEST(PartitionToken, NeverChanges) {
  EXPECT_EQ(partition_token(""), 0x2d06800538d394c2u);
  EXPECT_EQ(partition_token(part(S("customer"))), 4723521284098961484u);
  EXPECT_EQ(partition_token(part(N("42"))), 12059930115203052194u);
}

}  // namespace
}  // namespace armature
