#include "model/item.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/values.h"

namespace armature {
namespace {

using namespace test;

Bytes order_item() {
  return item({{"id", S("7")},
               {"price", N("1.5")},
               {"data", B("\x01\x02")},
               {"tags", SS({"b", "a"})},
               {"sizes", NS({"10", "-2"})},
               {"blobs", BS({"y", "x"})},
               {"lines", L({M({{"sku", S("k1")}, {"count", N(3)}}), S("note")})},
               {"open", BOOL(true)},
               {"closed", BOOL(false)},
               {"gone", Null()}});
}

TEST(StoredItem, DecodesToWhatWasEncoded) {
  const Bytes encoded = order_item();
  EXPECT_EQ(to_text(ItemView(encoded)),
            "{blobs: BS {\"x\", \"y\"}, closed: false, data: B \"\x01\x02\", gone: NULL, id: S \"7\", "
            "lines: [{count: N 3, sku: S \"k1\"}, S \"note\"], open: true, price: N 1.5, sizes: NS {-2, 10}, "
            "tags: SS {\"a\", \"b\"}}");
}

TEST(StoredItem, HasTheLayoutThatIsDrawn) {
  // -1.5 costs 4 bytes, [""] 4, the names 2. The number: negative, with an exponent, one byte; 15; 2 * 1 - 1.
  const Bytes encoded = item({{"b", L({S("")})}, {"a", N("-1.5")}});
  const Bytes layout(
      "\x01\x0a\0\0\0\x02\x01"
      "a\x01\xa1\x0f\x01\x01"
      "b\x07\x03\0\0\0\x01\0\0",
      22);
  EXPECT_EQ(encoded, layout);
}

TEST(StoredItem, HasTheSameBytesHoweverItsNamesAndSetsWereOrdered) {
  EXPECT_EQ(item({{"b", SS({"x", "y"})}, {"a", M({{"p", N("1.0")}, {"o", N(2)}})}}),
            item({{"a", M({{"o", N(2)}, {"p", N("1")}})}, {"b", SS({"y", "x"})}}));
  EXPECT_EQ(item({{"n", NS({"10", "9", "-1"})}}), item({{"n", NS({"-1", "10", "9"})}}));
}

TEST(StoredItem, SortsUnorderedMapsInsideUnorderedMaps) {
  const Value inner_sorted = M({{"a", N(1)}, {"b", N(2)}});
  const Value inner_unsorted = M({{"b", N(2)}, {"a", N(1)}});
  EXPECT_EQ(item({{"z", inner_unsorted}, {"y", M({{"q", inner_unsorted}, {"p", inner_unsorted}})}}),
            item({{"y", M({{"p", inner_sorted}, {"q", inner_sorted}})}, {"z", inner_sorted}}));
}

TEST(StoredItem, SortsMoreNamesThanTheBufferHoldsAtFirst) {
  std::vector<Attribute> entries;
  for (int i = 0; i < 300; ++i)
    entries.push_back({S("name" + std::to_string(i * 7919 % 1000)).bytes(), M({{"b", N(i)}, {"a", N(i)}})});
  const Bytes encoded = encode_item(entries);
  EXPECT_TRUE(is_valid_item(encoded));
  for (const Attribute& entry : entries) EXPECT_EQ(ItemView(encoded).find(entry.name)->decode(arena()), entry.value);
}

TEST(StoredItem, KnowsItsDynamoDbSize) {
  const auto list = attributes({{"id", S("7")}, {"price", N("1.5")}, {"list", L({S("ab")})}});
  EXPECT_EQ(item_size_bytes(list), (2u + 1) + (5 + 3) + (4 + 3 + 1 + 2));
  const Bytes encoded = encode_item(list);
  EXPECT_EQ(ItemView(encoded).size_bytes(), item_size_bytes(list));
  EXPECT_EQ(ItemView(encoded).attribute_count(), 3u);
}

TEST(StoredItem, MayHaveNoAttributes) {
  const Bytes encoded = item({});
  EXPECT_EQ(ItemView(encoded).attribute_count(), 0u);
  EXPECT_EQ(ItemView(encoded).size_bytes(), 0u);
  EXPECT_FALSE(ItemView(encoded).find("a").has_value());
  EXPECT_TRUE(is_valid_item(encoded));
}

TEST(StoredItem, IsAppendedToWhatIsThere) {
  Bytes out = "before";
  encode_item(attributes({{"a", N(1)}}), &out);
  EXPECT_EQ(out, "before" + item({{"a", N(1)}}));
}

TEST(StoredItemFind, GivesOneAttributeOrNothing) {
  const Bytes encoded = order_item();
  const ItemView view(encoded);
  EXPECT_EQ(view.find("id")->bytes(), "7");
  EXPECT_EQ(view.find("price")->number(), number("1.5"));
  EXPECT_TRUE(view.find("open")->boolean());
  EXPECT_FALSE(view.find("closed")->boolean());
  EXPECT_EQ(view.find("gone")->type(), Type::kNull);
  EXPECT_FALSE(view.find("a").has_value());
  EXPECT_FALSE(view.find("i").has_value());
  EXPECT_FALSE(view.find("zzz").has_value());
}

TEST(StoredItemFind, StepsIntoMapsAndLists) {
  const Bytes encoded = order_item();
  const EncodedValue lines = *ItemView(encoded).find("lines");
  EXPECT_EQ(lines.at(0)->find("sku")->bytes(), "k1");
  EXPECT_EQ(lines.at(1)->bytes(), "note");
  EXPECT_FALSE(lines.at(2).has_value());
  EXPECT_FALSE(lines.find("sku").has_value());
  EXPECT_FALSE(lines.at(0)->at(0).has_value());
  EXPECT_FALSE(lines.at(0)->find("nothing").has_value());
}

TEST(StoredItemFind, CountsMembersAndBytes) {
  const Bytes encoded = order_item();
  const ItemView view(encoded);
  EXPECT_EQ(view.find("data")->count(), 2u);
  EXPECT_EQ(view.find("tags")->count(), 2u);
  EXPECT_EQ(view.find("sizes")->count(), 2u);
  EXPECT_EQ(view.find("lines")->count(), 2u);
  EXPECT_EQ(view.find("lines")->at(0)->count(), 2u);
}

TEST(StoredItemFind, EqualValuesHaveEqualRawBytes) {
  const Bytes encoded =
      item({{"a", M({{"x", N(1)}, {"y", SS({"p", "q"})}})}, {"b", M({{"y", SS({"q", "p"})}, {"x", N("1.0")}})}});
  EXPECT_EQ(ItemView(encoded).find("a")->raw(), ItemView(encoded).find("b")->raw());
}

TEST(StoredItemWalk, VisitsMembersInOrder) {
  const Bytes encoded = order_item();
  const ItemView view(encoded);
  std::string seen;
  view.for_each([&](const EncodedAttribute& attribute) { seen += std::string(attribute.name) + " "; });
  view.find("tags")->for_each_byte_member([&](BytesView member) { seen += std::string(member) + " "; });
  view.find("sizes")->for_each_number_member([&](const Number& member) { seen += member.text() + " "; });
  view.find("lines")->for_each_element(
      [&](const EncodedValue& element) { seen += std::string(type_name(element.type())) + " "; });
  view.find("lines")->at(0)->for_each_entry(
      [&](const EncodedAttribute& entry) { seen += std::string(entry.name) + " "; });
  EXPECT_EQ(seen, "blobs closed data gone id lines open price sizes tags a b -2 10 M S count sku ");
}

TEST(ItemValidation, AcceptsEveryTypeOfValue) { EXPECT_TRUE(is_valid_item(order_item())); }

TEST(ItemValidation, RefusesBytesThatAreCutOffOrContinue) {
  const Bytes encoded = order_item();
  for (std::size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(is_valid_item(BytesView(encoded).substr(0, length))) << length;
  }
  EXPECT_FALSE(is_valid_item(encoded + '\0'));
}

TEST(ItemValidation, RefusesAnUnknownVersion) {
  Bytes encoded = order_item();
  encoded[0] = 2;
  EXPECT_FALSE(is_valid_item(encoded));
}

TEST(ItemValidation, RefusesAWrongStoredSize) {
  Bytes encoded = order_item();
  ++encoded[1];
  EXPECT_FALSE(is_valid_item(encoded));
}

// An item with one attribute "a" whose value has the bytes `value` and counts `size` bytes.
Bytes handmade(std::string_view value, char size) {
  return Bytes("\x01", 1) + Bytes(1, static_cast<char>(size + 1)) +
         Bytes(
             "\0\0\0\x01\x01"
             "a",
             6) +
         Bytes(value);
}

TEST(ItemValidation, RefusesNumbersThatAreNotCanonical) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(is_valid_item(handmade("\x01\x01\x05"sv, 2)));           // 5
  EXPECT_FALSE(is_valid_item(handmade("\x01\x02\x05\x00"sv, 2)));      // A zero byte at the high end.
  EXPECT_FALSE(is_valid_item(handmade("\x01\x01\x0a"sv, 2)));          // 10 must be 1E1.
  EXPECT_FALSE(is_valid_item(handmade("\x01\x21\x05\x00"sv, 2)));      // An exponent of zero.
  EXPECT_FALSE(is_valid_item(handmade("\x01\x80"sv, 1)));              // Minus zero.
  EXPECT_FALSE(is_valid_item(handmade("\x01\x41\x05"sv, 2)));          // An unknown bit.
  EXPECT_FALSE(is_valid_item(handmade("\x01\x21\x05\xff\x07"sv, 2)));  // Out of range.
}

TEST(ItemValidation, RefusesSetsThatAreEmptyUnsortedOrRepeat) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(
      is_valid_item(handmade("\x03\x05\0\0\0\x02\x01"
                             "a\x01"
                             "b"sv,
                             2)));
  EXPECT_FALSE(
      is_valid_item(handmade("\x03\x05\0\0\0\x02\x01"
                             "b\x01"
                             "a"sv,
                             2)));
  EXPECT_FALSE(
      is_valid_item(handmade("\x03\x05\0\0\0\x02\x01"
                             "a\x01"
                             "a"sv,
                             2)));
  EXPECT_FALSE(is_valid_item(handmade("\x03\x01\0\0\0\x00"sv, 0)));
}

TEST(ItemValidation, RefusesUnknownTagsAndLongVarints) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(is_valid_item(handmade("\x09"sv, 1)));
  EXPECT_TRUE(is_valid_item(handmade("\x19"sv, 1)));
  EXPECT_FALSE(is_valid_item(handmade("\x0a"sv, 1)));
  EXPECT_FALSE(is_valid_item(handmade("\x18"sv, 1)));
  EXPECT_FALSE(is_valid_item(handmade("\x29"sv, 1)));
  EXPECT_FALSE(is_valid_item(handmade("\x00\x81\x00x"sv, 1)));
}

TEST(ItemValidation, RefusesNestingDeeperThanItemsGo) {
  Value value = S("x");
  for (int i = 0; i < 31; ++i) value = L({value});
  EXPECT_TRUE(is_valid_item(item({{"a", value}})));
  for (int i = 0; i < 200; ++i) value = L({value});
  EXPECT_FALSE(is_valid_item(item({{"a", value}})));
}

}  // namespace
}  // namespace armature
