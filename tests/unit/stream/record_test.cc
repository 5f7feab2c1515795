#include "stream/record.h"

#include <gtest/gtest.h>

#include "support/values.h"

namespace armature::stream {
namespace {

using namespace armature::test;

const KeySchema kSchema{{{"p", Type::kString}}, {{"s", Type::kNumber}}};
constexpr BytesView kItemKey("\x12\x34\x56\x78rest of the token and the key", 20);

Bytes item(std::initializer_list<Attribute> attributes) { return encode_item(test::attributes(attributes)); }

struct Stored {
  EncodedRecord encoded;
  RecordView view;
};

Stored stored(StreamViewType type, const Bytes& before, const Bytes& after, bool by_time_to_live = false) {
  const ItemView before_view(before.empty() ? after : before);
  const ItemView after_view(after.empty() ? before : after);
  Stored result{encode_record(kSchema, type, kItemKey, 3,
                              {.before = before.empty() ? nullptr : &before_view,
                               .after = after.empty() ? nullptr : &after_view,
                               .by_time_to_live = by_time_to_live}),
                {}};
  const auto view = decode_record(result.encoded.value);
  EXPECT_TRUE(view.has_value());
  if (view) result.view = *view;
  EXPECT_EQ(verify_record(result.encoded.key, result.encoded.value), "");
  return result;
}

std::string text(BytesView encoded) { return encoded.empty() ? "none" : test::to_text(ItemView(encoded)); }

const Bytes kOld = item({{"p", S("a")}, {"s", N(1)}, {"x", S("old")}});
const Bytes kNew = item({{"p", S("a")}, {"s", N(1)}, {"x", S("new")}});

TEST(StreamRecord, NamesTheEvent) {
  EXPECT_EQ(stored(StreamViewType::kKeysOnly, {}, kNew).view.event, EventName::kInsert);
  EXPECT_EQ(stored(StreamViewType::kKeysOnly, kOld, kNew).view.event, EventName::kModify);
  EXPECT_EQ(stored(StreamViewType::kKeysOnly, kOld, {}).view.event, EventName::kRemove);
}

TEST(StreamRecord, ShowsWhatItsViewTypeWants) {
  const auto show = [](StreamViewType type) {
    const Stored record = stored(type, kOld, kNew);
    return text(record.view.keys) + " / " + text(record.view.new_image) + " / " + text(record.view.old_image);
  };
  const std::string keys = "{p: S \"a\", s: N 1}";
  EXPECT_EQ(show(StreamViewType::kKeysOnly), keys + " / none / none");
  EXPECT_EQ(show(StreamViewType::kNewImage), keys + " / " + text(kNew) + " / none");
  EXPECT_EQ(show(StreamViewType::kOldImage), keys + " / none / " + text(kOld));
  EXPECT_EQ(show(StreamViewType::kNewAndOldImages), keys + " / " + text(kNew) + " / " + text(kOld));
}

TEST(StreamRecord, HasNoImageOfAnItemThatWasNot) {
  EXPECT_EQ(text(stored(StreamViewType::kNewAndOldImages, {}, kNew).view.old_image), "none");
  EXPECT_EQ(text(stored(StreamViewType::kNewAndOldImages, kOld, {}).view.new_image), "none");
}

TEST(StreamRecord, RemembersThatTheItemExpired) {
  EXPECT_TRUE(stored(StreamViewType::kKeysOnly, kOld, {}, true).view.by_time_to_live);
  EXPECT_FALSE(stored(StreamViewType::kKeysOnly, kOld, {}).view.by_time_to_live);
}

// As the service was seen to answer.
TEST(StreamRecord, WeighsItsKeysAndImages) {
  const KeySchema schema{{{"Username", Type::kString}}, {}};
  const Bytes fred = item({{"Username", S("Fred")}});
  const ItemView view(fred);
  const auto size = [&](StreamViewType type) {
    const EncodedRecord record = encode_record(schema, type, kItemKey, 0, {.after = &view});
    return decode_record(record.value)->size_bytes();
  };
  EXPECT_EQ(size(StreamViewType::kKeysOnly), 12u);
  EXPECT_EQ(size(StreamViewType::kNewImage), 24u);
}

TEST(StreamRecord, KeyOrdersByNumberAndTellsTheToken) {
  Bytes key = stored(StreamViewType::kKeysOnly, {}, kNew).encoded.key;
  const auto decoded = decode_record_key(key);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->number, (SequenceNumber{0, 3}));
  EXPECT_EQ(decoded->token, 0x12345678u);
  EXPECT_LE(records_begin({0, 3}), key);
  EXPECT_GT(records_begin({0, 4}), key);
  EXPECT_GT(records_end(0), key);
  EXPECT_LT(records_end(0), records_begin({1, 1}));
}

TEST(StreamRecord, DamageIsSeen) {
  const Stored record = stored(StreamViewType::kNewImage, {}, kNew);
  EXPECT_NE(verify_record(record.encoded.key.substr(1), record.encoded.value), "");
  for (std::size_t length = 0; length < record.encoded.value.size(); ++length) {
    EXPECT_NE(verify_record(record.encoded.key, record.encoded.value.substr(0, length)), "") << length;
  }
  EXPECT_NE(verify_record(record.encoded.key, record.encoded.value + "x"), "");
  Bytes other_type = record.encoded.value;
  other_type[1] = static_cast<char>(static_cast<unsigned>(StreamViewType::kOldImage) << 2);
  EXPECT_NE(verify_record(record.encoded.key, other_type), "");
}

TEST(StreamRecord, IdsDifferByNumberAndTable) {
  EXPECT_EQ(event_id(1024, {5, 0}).size(), 32u);
  EXPECT_NE(event_id(1024, {5, 0}), event_id(1024, {5, 1}));
  EXPECT_NE(event_id(1024, {5, 0}), event_id(1025, {5, 0}));
  EXPECT_NE(event_id(1024, {5, 0}), event_id(1024, {6, 0}));
}

}  // namespace
}  // namespace armature::stream
