#include "model/item.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "generators.h"

namespace armature {
namespace {

using namespace test;

TEST(StoredItemProperty, DecodingGivesBackWhatWasEncoded) {
  EXPECT_TRUE(rc::check([] {
    const auto attributes = *items();
    const Bytes encoded = encode_item(attributes);
    RC_ASSERT(Value::map(ItemView(encoded).decode(arena())) == Value::map(attributes));
    RC_ASSERT(encode_item(ItemView(encoded).decode(arena())) == encoded);
  }));
}

TEST(StoredItemProperty, EveryEncodingIsValidAndKnowsItsSize) {
  EXPECT_TRUE(rc::check([] {
    const auto attributes = *items();
    const Bytes encoded = encode_item(attributes);
    RC_ASSERT(is_valid_item(encoded));
    RC_ASSERT(ItemView(encoded).size_bytes() == item_size_bytes(attributes));
    RC_ASSERT(ItemView(encoded).attribute_count() == attributes.size());
  }));
}

TEST(StoredItemProperty, OrderOfNamesAndMembersLeavesNoTrace) {
  EXPECT_TRUE(rc::check([] {
    const auto attributes = *items();
    RC_ASSERT(Value::map(attributes) == Value::map(reversed(attributes)));
    RC_ASSERT(encode_item(attributes) == encode_item(reversed(attributes)));
  }));
}

TEST(StoredItemProperty, BytesAreEqualExactlyWhenValuesAre) {
  EXPECT_TRUE(rc::check([] {
    // Values of one type with few choices, so that both answers happen.
    const auto small = [] {
      return *rc::gen::element(N(1), N("1.0"), N("-1"), S("a"), B("a"), S(""), L({}), M({}), L({S("a")}),
                               SS({"a", "b"}), SS({"b", "a"}), SS({"a"}), BS({"a"}), NS({"1"}), NS({"1.0"}),
                               M({{"a", N(1)}, {"b", N(2)}}), M({{"b", N(2)}, {"a", N("1.0")}}),
                               M({{"a", N(2)}, {"b", N(1)}}), BOOL(true), BOOL(false), Null());
    };
    const Value a = L({small(), small()});
    const Value b = L({small(), small()});
    RC_ASSERT((item({{"v", a}}) == item({{"v", b}})) == (a == b));
    const Value c = *values();
    RC_ASSERT((item({{"v", a}}) == item({{"v", c}})) == (a == c));
  }));
}

TEST(StoredItemProperty, FindsEveryAttributeAndNoOther) {
  EXPECT_TRUE(rc::check([] {
    const auto attributes = *items();
    const Bytes encoded = encode_item(attributes);
    for (const Attribute& attribute : attributes) {
      const auto found = ItemView(encoded).find(attribute.name);
      RC_ASSERT(found.has_value());
      RC_ASSERT(found->decode(arena()) == attribute.value);
    }
    const std::string other = *byte_strings();
    RC_ASSERT(ItemView(encoded).find(other).has_value() == (find_attribute(attributes, other) != nullptr));
  }));
}

TEST(StoredItemProperty, ChangedBytesAreRefusedOrAreAnotherWholeItem) {
  EXPECT_TRUE(rc::check([] {
    Bytes encoded = encode_item(*items());
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      encoded[*rc::gen::inRange<std::size_t>(0, encoded.size())] = *rc::gen::arbitrary<char>();
    }
    if (is_valid_item(encoded)) RC_ASSERT(encode_item(ItemView(encoded).decode(arena())) == encoded);
  }));
}

TEST(StoredItemProperty, RandomBytesNeverBreakTheCheck) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const Bytes with_header = Bytes("\x01", 1) + bytes;
    if (is_valid_item(with_header)) RC_ASSERT(encode_item(ItemView(with_header).decode(arena())) == with_header);
  }));
}

TEST(ValueProperty, ACopyIsEqualAndOfTheSameSize) {
  EXPECT_TRUE(rc::check([] {
    const Value value = *values();
    const Value copy = copy_value(value, arena());
    RC_ASSERT(copy == value);
    RC_ASSERT(value_size_bytes(copy) == value_size_bytes(value));
    RC_ASSERT(nesting_levels(copy) == nesting_levels(value));
  }));
}

}  // namespace
}  // namespace armature
