#include "model/key_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>
#include <vector>

#include "generators.h"
#include "number_draw.h"

namespace armature {
namespace {

using namespace test;

int sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

Bytes part(const Value& value) {
  Bytes out;
  append_key_part(value, &out);
  return out;
}

class KeyPartProperty : public testing::TestWithParam<Type> {};

TEST_P(KeyPartProperty, ByteOrderIsValueOrder) {
  EXPECT_TRUE(rc::check([] {
    const Value a = *key_values(GetParam());
    const Value b = *key_values(GetParam());
    RC_ASSERT(sign(part(a).compare(part(b))) == compare_ordered(a, b));
  }));
}

TEST_P(KeyPartProperty, ReadsBackAndLeavesTheRest) {
  EXPECT_TRUE(rc::check([] {
    const Value value = *key_values(GetParam());
    const Bytes bytes = part(value) + *byte_strings();
    const char* cursor = bytes.data();
    const auto back = read_key_part(GetParam(), &cursor, bytes.data() + bytes.size(), arena());
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == value);
    RC_ASSERT(static_cast<std::size_t>(cursor - bytes.data()) == part(value).size());
  }));
}

INSTANTIATE_TEST_SUITE_P(EveryKeyType, KeyPartProperty, testing::Values(Type::kString, Type::kNumber, Type::kBinary),
                         [](const auto& info) { return std::string(type_name(info.param)); });

TEST(KeyProperty, NumbersOverTheWholeRangeKeepTheirOrder) {
  const std::uint64_t seed = std::random_device{}();
  NumberDraw draw(seed);
  Bytes key_a, key_b;
  for (int i = 0; i < 100'000; ++i) {
    const Number a = draw.number();
    const Number b = draw.number();
    key_a.clear();
    key_b.clear();
    append_key_part(Value::number(a), &key_a);
    append_key_part(Value::number(b), &key_b);
    ASSERT_EQ(key_a <=> key_b, a <=> b) << a.text() << " " << b.text() << ", seed " << seed;
  }
}

TEST(KeyProperty, ConcatenatedPartsOrderAsTheirValuesInTurn) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Type> types;
    for (int i = 0; i < 3; ++i) types.push_back(*rc::gen::element(Type::kString, Type::kNumber, Type::kBinary));
    Bytes key_a, key_b;
    int expected = 0;
    for (const Type type : types) {
      const Value a = *key_values(type);
      const Value b = *rc::gen::arbitrary<bool>() ? a : *key_values(type);
      append_key_part(a, &key_a);
      append_key_part(b, &key_b);
      if (expected == 0) expected = compare_ordered(a, b);
    }
    RC_ASSERT(sign(key_a.compare(key_b)) == expected);
  }));
}

TEST(KeyProperty, APrefixBoundsExactlyTheValuesThatBeginWithIt) {
  EXPECT_TRUE(rc::check([] {
    const std::string prefix = *byte_strings();
    const std::string value = *rc::gen::arbitrary<bool>() ? prefix + *byte_strings() : *byte_strings();
    Bytes bound;
    append_key_part_prefix(B(prefix), &bound);
    RC_ASSERT(part(B(value)).starts_with(bound) == value.starts_with(prefix));
  }));
}

TEST(KeyProperty, RandomBytesReadAsAPartOnlyIfTheyAreItsEncoding) {
  EXPECT_TRUE(rc::check([] {
    const Type type = *rc::gen::element(Type::kString, Type::kNumber, Type::kBinary);
    const std::string bytes = *rc::gen::oneOf(byte_strings(), rc::gen::arbitrary<std::string>());
    const char* cursor = bytes.data();
    const auto value = read_key_part(type, &cursor, bytes.data() + bytes.size(), arena());
    if (value) RC_ASSERT(part(*value) == bytes.substr(0, static_cast<std::size_t>(cursor - bytes.data())));
  }));
}

}  // namespace
}  // namespace armature
