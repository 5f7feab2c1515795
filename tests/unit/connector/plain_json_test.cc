#include "connector/plain_json.h"

#include <gtest/gtest.h>

namespace armature::connector {
namespace {

std::string plain(std::string_view dynamodb, NumberFormat numbers = NumberFormat::kDecimal) {
  Arena arena;
  const auto json = wire::parse_json(dynamodb, &arena);
  std::string text;
  wire::JsonWriter writer(&text);
  write_plain_item(**json, numbers, &writer);
  return text;
}

std::string dynamodb(std::string_view plain_text) {
  Arena arena;
  const auto json = wire::parse_json(plain_text, &arena);
  std::string text;
  wire::JsonWriter writer(&text);
  const auto written = write_dynamodb_item(**json, &writer);
  return written ? text : "error: " + written.error().message;
}

constexpr std::string_view kAllTypes =
    R"({"s":{"S":"x \" 😀"},"n":{"N":"12345678901234567890123456789012345678"},"b":{"B":"AAEC"},"t":{"BOOL":true},"z":{"NULL":true},)"
    R"("ss":{"SS":["a","b"]},"ns":{"NS":["1","2.5"]},"bs":{"BS":["AA=="]},"l":{"L":[{"S":"x"},{"N":"1"}]},)"
    R"("m":{"M":{"k":{"SS":["q"]}}},"e":{"M":{}},"trap":{"M":{"$set":{"S":"no set"}}}})";

TEST(PlainJson, EveryTypeComesBackAsItWas) {
  EXPECT_EQ(dynamodb(plain(kAllTypes)), kAllTypes);
  EXPECT_EQ(dynamodb(plain(kAllTypes, NumberFormat::kText)), kAllTypes);
}

TEST(PlainJson, NumbersKeepTheirDigits) {
  EXPECT_EQ(plain(R"({"n":{"N":"0.10"},"big":{"N":"12345678901234567890"}})"),
            R"({"n":0.10,"big":12345678901234567890})");
  EXPECT_EQ(plain(R"({"n":{"N":"7"},"big":{"N":"12345678901234567890"}})", NumberFormat::kText),
            R"({"n":7,"big":{"$number":"12345678901234567890"}})");
}

TEST(PlainJson, RefusesSetsThatCannotBe) {
  EXPECT_EQ(dynamodb(R"({"a":{"$set":[]}})"), "error: $set must be a list that is not empty");
  EXPECT_EQ(dynamodb(R"({"a":{"$set":["x",1]}})"), "error: the members of a $set must all be of one kind");
  EXPECT_EQ(dynamodb(R"({"a":{"$binary":"?"}})"), "error: $binary '?' is not base64");
}

}  // namespace
}  // namespace armature::connector
