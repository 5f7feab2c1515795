// Decoding of shapes: what error texts do not show.
#include "api/shape.h"

#include <gtest/gtest.h>

#include "api/dynamodb/parameters.h"
#include "api/dynamodb/put_item.h"

namespace armature::api {
namespace {

class ShapeTest : public testing::Test {
 protected:
  template <class Request>
  Result<Request> decode(std::string_view json) {
    const Result<const wire::Json*> parsed = wire::parse_json(json, &arena_);
    return decode_request<Request>(**parsed, &arena_, &value_error_);
  }

  Arena arena_;
  std::optional<Error> value_error_;
};

struct Sample {
  std::optional<bool> flag;
  std::optional<std::int32_t> small;
  std::optional<std::int64_t> large;
  std::optional<double> real;
  std::optional<std::span<const std::string_view>> names;
  std::optional<Map<std::string_view>> map;
};

}  // namespace

template <>
struct Shape<Sample> : ShapeOf<Sample> {
  static constexpr std::string_view name = "Sample";
  static constexpr Constraint kShort{.maximum = 3};
  static constexpr Member members[] = {
      member<&Sample::flag>("Flag"),
      member<&Sample::small>("Small"),
      member<&Sample::large>("Large"),
      member<&Sample::real>("Real"),
      member<&Sample::names>("Names", {.element = &kShort}),
      member<&Sample::map>("Map", {.key = &kShort}),
  };
};

namespace {

TEST_F(ShapeTest, UnknownMembersAreIgnoredAndNullIsAbsent) {
  const Result<Sample> sample = decode<Sample>(R"({"Nothing":[{}],"Flag":null})");
  ASSERT_TRUE(sample);
  EXPECT_FALSE(sample->flag);
}

TEST_F(ShapeTest, ElementsOfAListAreNotNull) {
  const Result<Sample> sample = decode<Sample>(R"({"Names":["a",null]})");
  ASSERT_FALSE(sample);
  EXPECT_EQ(sample.error().message,
            "1 validation error detected: Value null at 'names.2.member' failed to satisfy constraint: Member must not "
            "be null");
}

TEST_F(ShapeTest, WordsStandForBooleans) {
  for (const std::string_view yes : {R"("true")", R"("1")", R"("YES")", "true"}) {
    EXPECT_EQ(decode<Sample>("{\"Flag\":" + std::string(yes) + "}")->flag, true);
  }
  EXPECT_EQ(decode<Sample>(R"({"Flag":"No"})")->flag, false);
}

TEST_F(ShapeTest, FractionsOfIntegersAreCutOffAndWhatDoesNotFitIsClamped) {
  EXPECT_EQ(decode<Sample>(R"({"Small":2.9})")->small, 2);
  EXPECT_EQ(decode<Sample>(R"({"Small":1e2})")->small, 100);
  EXPECT_EQ(decode<Sample>(R"({"Small":5000000000})")->small, 2147483647);
  EXPECT_EQ(decode<Sample>(R"({"Large":5000000000})")->large, 5000000000);
  EXPECT_EQ(decode<Sample>(R"({"Large":1e300})")->large, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(decode<Sample>(R"({"Large":-1e300})")->large, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decode<Sample>(R"({"Real":0.25})")->real, 0.25);
}

TEST_F(ShapeTest, OfARepeatedMemberOrKeyTheLastCounts) {
  EXPECT_EQ(decode<Sample>(R"({"Small":1,"Small":2})")->small, 2);
  const Result<Sample> sample = decode<Sample>(R"({"Map":{"a":"1","b":"2","a":"3"}})");
  ASSERT_EQ(sample->map->size(), 2u);
  EXPECT_EQ((*sample->map)[0].value, "3");
}

TEST_F(ShapeTest, ManyKeysOfAMapAreToldApart) {
  std::string json = "{\"Map\":{";
  for (int i = 0; i < 1000; ++i) json += "\"" + std::to_string(i % 500) + "\":\"" + std::to_string(i) + "\",";
  json.back() = '}';
  const Result<Sample> sample = decode<Sample>(json + "}");
  ASSERT_EQ(sample->map->size(), 500u);
  EXPECT_EQ((*sample->map)[7].key, "7");
  EXPECT_EQ((*sample->map)[7].value, "507");
}

TEST_F(ShapeTest, ElementsAreReportedOnTheirContainer) {
  EXPECT_EQ(decode<Sample>(R"({"Names":["ok","too long"]})").error().message,
            "1 validation error detected: Value '[ok, too long]' at 'names' failed to satisfy constraint: Member must "
            "satisfy constraint: [Member must have length less than or equal to 3]");
  EXPECT_EQ(decode<Sample>(R"({"Map":{"long key":"x"}})").error().message,
            "1 validation error detected: Value '{long key=x}' at 'map' failed to satisfy constraint: Map keys must "
            "satisfy constraint: [Member must have length less than or equal to 3]");
}

TEST_F(ShapeTest, ErrorsInAttributeValuesAreKeptForLater) {
  const Result<PutItemRequest> put = decode<PutItemRequest>(R"({"TableName":"Orders","Item":{"a":{"N":"x"},"b":{}}})");
  ASSERT_TRUE(put);
  ASSERT_TRUE(value_error_);
  EXPECT_EQ(value_error_->message, "The parameter cannot be converted to a numeric value: x");
}

}  // namespace
}  // namespace armature::api
