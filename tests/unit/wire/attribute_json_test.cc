#include "wire/attribute_json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace armature::wire {
namespace {

class AttributeJson : public testing::Test {
 protected:
  const Json& json(std::string_view text) { return **parse_json(text, &arena_); }

  std::string problem(std::string_view text) {
    const auto value = decode_value(json(text), &arena_);
    return value ? "" : describe(value.error());
  }
  std::string problem_of_attributes(std::string_view text) {
    const auto attributes = decode_attributes(json(text), &arena_);
    return attributes ? "" : describe(attributes.error());
  }
  static std::string describe(const Error& error) {
    const bool serialization = error.code == ErrorCode::kSerialization;
    EXPECT_TRUE(serialization || error.code == ErrorCode::kValidation);
    return (serialization ? "serialization: " : "validation: ") + error.message;
  }

  // Decoded and written from the value, and, through an item, from its stored bytes: both must agree.
  std::string written(std::string_view text) {
    const auto value = decode_value(json(text), &arena_);
    if (!value) return describe(value.error());
    Bytes from_value;
    JsonWriter value_writer(&from_value);
    write_value(*value, &value_writer);

    const Attribute attribute{"a", *value};
    const Bytes encoded = encode_item({&attribute, 1});
    Bytes from_item;
    JsonWriter item_writer(&from_item);
    write_item(ItemView(encoded), &item_writer);
    EXPECT_EQ(from_item, "{\"a\":" + from_value + "}");

    Bytes from_encoded;
    JsonWriter encoded_writer(&from_encoded);
    write_encoded_value(*ItemView(encoded).find("a"), &encoded_writer);
    EXPECT_EQ(from_encoded, from_value);
    return from_value;
  }
  Arena arena_;
};

TEST_F(AttributeJson, WritesBackEveryType) {
  for (const char* text :
       {R"({"S":"text"})", R"({"S":""})", R"({"N":"-12.5"})", R"({"B":"AAEC/w=="})", R"({"B":""})", R"({"BOOL":true})",
        R"({"BOOL":false})", R"({"NULL":true})", R"({"SS":["a","b"]})", R"({"SS":[""]})", R"({"NS":["1"]})",
        R"({"BS":["AA==","AQ=="]})", R"({"L":[]})", R"({"M":{}})",
        R"({"L":[{"S":"x"},{"L":[{"N":"1"}]},{"NULL":true}]})",
        R"({"M":{"a":{"S":"x"},"b":{"M":{"c":{"BOOL":false}}}}})", R"({"S":"q\" \\ \n \u0001 é 😀"})"}) {
    EXPECT_EQ(written(text), text);
  }
}

TEST_F(AttributeJson, WritesNumbersInPlainForm) {
  EXPECT_EQ(written(R"({"N":"1e3"})"), R"({"N":"1000"})");
  EXPECT_EQ(written(R"({"N":"+007.10"})"), R"({"N":"7.1"})");
}

TEST_F(AttributeJson, RefusesValuesWithoutOrWithManyTypes) {
  const std::string empty =
      "validation: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  EXPECT_EQ(problem("{}"), empty);
  EXPECT_EQ(problem(R"({"X":"a"})"), empty);
  EXPECT_EQ(problem(R"({"S":null})"), empty);
  EXPECT_EQ(problem(R"({"L":[{}]})"), empty);
  EXPECT_EQ(problem(R"({"L":[null]})"), empty);
  EXPECT_EQ(problem(R"({"M":{"a":null}})"), empty);
  EXPECT_EQ(problem(R"({"S":"a","N":"1"})"),
            "validation: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
            "supported datatypes");
}

TEST_F(AttributeJson, ReportsABadNumberBeforeASecondType) {
  EXPECT_EQ(problem(R"({"S":"a","N":"abc"})"), "validation: The parameter cannot be converted to a numeric value: abc");
}

TEST_F(AttributeJson, IgnoresUnknownTypesAndNullsBesideOne) {
  EXPECT_EQ(written(R"({"X":5,"S":"a","N":null})"), R"({"S":"a"})");
}

TEST_F(AttributeJson, TakesTheLastOfARepeatedType) { EXPECT_EQ(written(R"({"S":"a","S":"b"})"), R"({"S":"b"})"); }

TEST_F(AttributeJson, RefusesNullThatIsFalse) {
  EXPECT_EQ(
      problem(R"({"NULL":false})"),
      "validation: One or more parameter values were invalid: Null attribute value types must have the value of true");
}

TEST_F(AttributeJson, RefusesEmptySets) {
  const std::string prefix = "validation: One or more parameter values were invalid: ";
  EXPECT_EQ(problem(R"({"SS":[]})"), prefix + "An string set  may not be empty");
  EXPECT_EQ(problem(R"({"NS":[]})"), prefix + "An number set  may not be empty");
  EXPECT_EQ(problem(R"({"BS":[]})"), prefix + "Binary sets should not be empty");
  EXPECT_EQ(problem(R"({"M":{"a":{"L":[{"SS":[]}]}}})"), prefix + "An string set  may not be empty");
}

TEST_F(AttributeJson, RefusesRepeatsInSets) {
  const std::string prefix = "validation: One or more parameter values were invalid: ";
  EXPECT_EQ(problem(R"({"SS":["a","a"]})"), prefix + "Input collection [a, a] contains duplicates.");
  EXPECT_EQ(problem(R"({"BS":["AA==","AQ==","AA=="]})"),
            prefix + "Input collection [AA==, AQ==, AA==]of type BS contains duplicates.");
  EXPECT_EQ(problem(R"({"NS":["1","1.0"]})"), "validation: Input collection contains duplicates");
}

TEST_F(AttributeJson, FindsTheOneRepeatInALargeSetQuickly) {
  std::string set = "{\"SS\":[";
  for (int i = 0; i < 100'000; ++i) set += "\"a rather long common prefix of " + std::to_string(i) + "\",";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(problem(set + "\"x\"]}"), "");
  EXPECT_NE(problem(set + "\"a rather long common prefix of 77\"]}"), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(AttributeJson, RefusesMembersOfTheWrongJsonType) {
  EXPECT_EQ(problem(R"({"S":5})"), "serialization: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(problem(R"({"N":5})"), "serialization: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(problem(R"({"N":{}})"), "serialization: Start of structure or map found where not expected");
  EXPECT_EQ(problem(R"({"SS":"a"})"), "serialization: Unexpected field type");
  EXPECT_EQ(problem(R"({"SS":[1]})"), "serialization: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(problem(R"({"L":{}})"), "serialization: Start of structure or map found where not expected");
  EXPECT_EQ(problem(R"({"BOOL":1})"), "serialization: NUMBER_VALUE cannot be converted to Boolean");
  EXPECT_EQ(problem(R"({"B":"abc"})"),
            "serialization: Base64 encoded length is expected a multiple of 4 bytes but found: 3");
  EXPECT_EQ(problem(R"("text")"), "serialization: Unexpected value type in payload");
}

TEST_F(AttributeJson, ReportsTypeErrorsBeforeBadValues) {
  EXPECT_EQ(problem_of_attributes(R"({"a":{"SS":[]},"b":{"N":5}})"),
            "serialization: NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(problem(R"({"L":[{"N":"abc"},{"BOOL":7}]})"), "serialization: NUMBER_VALUE cannot be converted to Boolean");
}

TEST_F(AttributeJson, RefusesItemsThatAreNoObjects) {
  EXPECT_EQ(problem_of_attributes("5"), "serialization: Unexpected field type");
  EXPECT_EQ(problem_of_attributes("[]"),
            "serialization: Unrecognized collection type java.util.Map<java.lang.String, "
            "com.amazonaws.dynamodb.v20120810.AttributeValue>");
  EXPECT_EQ(problem_of_attributes(R"({"a":"x"})"), "serialization: Unexpected value type in payload");
}

TEST_F(AttributeJson, ChecksTypesAlone) {
  EXPECT_TRUE(check_attribute_types(json(R"({"a":{"SS":[]},"b":{"N":"abc"},"c":null,"d":{"X":1}})")));
  EXPECT_FALSE(check_attribute_types(json(R"({"a":{"SS":[]},"b":{"N":1}})")));
  EXPECT_FALSE(check_value_types(json(R"({"M":{"x":{"BS":["a"]}}})")));
}

TEST_F(AttributeJson, KeepsTheLastOfRepeatedNamesAmongFew) {
  const auto attributes = decode_attributes(json(R"({"a":{"S":"1"},"b":{"S":"2"},"a":{"S":"3"}})"), &arena_);
  ASSERT_TRUE(attributes);
  ASSERT_EQ(attributes->size(), 2u);
  EXPECT_EQ(find_attribute(*attributes, "a")->bytes(), "3");
  EXPECT_EQ(find_attribute(*attributes, "b")->bytes(), "2");
}

TEST_F(AttributeJson, KeepsTheLastOfRepeatedNamesAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 300; ++i) text += "\"n" + std::to_string(i % 100) + "\":{\"N\":\"" + std::to_string(i) + "\"},";
  text.back() = '}';
  const auto attributes = decode_attributes(json(text), &arena_);
  ASSERT_TRUE(attributes);
  ASSERT_EQ(attributes->size(), 100u);
  EXPECT_EQ(find_attribute(*attributes, "n42")->number().text(), "242");
}

TEST_F(AttributeJson, WritesAttributesInsideALargerDocument) {
  const auto attributes = decode_attributes(json(R"({"a":{"S":"1"},"b":{"N":"2"}})"), &arena_);
  ASSERT_TRUE(attributes);
  Bytes out;
  JsonWriter writer(&out);
  writer.begin_object();
  writer.key("Items");
  writer.begin_array();
  write_attributes(*attributes, &writer);
  write_attributes({}, &writer);
  write_value(Value::null(), &writer);
  writer.end_array();
  writer.member("Count", std::int64_t{3});
  writer.end_object();
  EXPECT_EQ(out, R"({"Items":[{"a":{"S":"1"},"b":{"N":"2"}},{},{"NULL":true}],"Count":3})");
}

TEST_F(AttributeJson, WritesTextThatIsAllEscapes) {
  const Value value = Value::string(arena_.copy(std::string(10'000, '\x01')));
  Bytes out;
  JsonWriter writer(&out);
  write_value(value, &writer);
  EXPECT_EQ(out.size(), 6u * 10'000 + 8);
}

}  // namespace
}  // namespace armature::wire
