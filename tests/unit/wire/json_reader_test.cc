#include "wire/json_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace armature::wire {
namespace {

class TypedReader : public testing::Test {
 protected:
  const Json& json(std::string_view text) { return **parse_json(text, &arena_); }

  // The error text of reading `text` with `read`; "" when it could be read.
  template <class Read>
  std::string problem(std::string_view text, Read read) {
    const auto result = read(json(text));
    if (result) return "";
    EXPECT_EQ(result.error().code, ErrorCode::kSerialization);
    return result.error().message;
  }
  Arena arena_;
};

TEST_F(TypedReader, NamesTheTypeThatIsNoString) {
  EXPECT_EQ(problem("5", as_string), "NUMBER_VALUE cannot be converted to String");
  EXPECT_EQ(problem("5.5", as_string), "DECIMAL_VALUE cannot be converted to String");
  EXPECT_EQ(problem("true", as_string), "TRUE_VALUE cannot be converted to String");
  EXPECT_EQ(problem("false", as_string), "FALSE_VALUE cannot be converted to String");
  EXPECT_EQ(problem("{}", as_string), "Start of structure or map found where not expected");
  EXPECT_EQ(problem("[]", as_string), "Unrecognized collection type class java.lang.String");
}

TEST_F(TypedReader, NamesTheTypeThatIsNoInteger) {
  EXPECT_EQ(problem("\"5\"", as_integer), "STRING_VALUE cannot be converted to Integer");
  EXPECT_EQ(problem("true", as_integer), "TRUE_VALUE cannot be converted to Integer");
  EXPECT_EQ(problem("\"5\"", as_long), "STRING_VALUE cannot be converted to Long");
  EXPECT_EQ(problem("[]", as_integer), "Unrecognized collection type class java.lang.Integer");
}

TEST_F(TypedReader, CutsFractionsAndClampsIntegers) {
  EXPECT_EQ(*as_integer(json("7")), 7);
  EXPECT_EQ(*as_integer(json("7.9")), 7);
  EXPECT_EQ(*as_integer(json("-7.9")), -7);
  EXPECT_EQ(*as_integer(json("1e2")), 100);
  EXPECT_EQ(*as_integer(json("3000000000")), 2147483647);
  EXPECT_EQ(*as_integer(json("-3e400")), -2147483648);
  EXPECT_EQ(*as_integer(json("3e-400")), 0);
  EXPECT_EQ(*as_long(json("3000000000")), 3000000000);
  EXPECT_EQ(*as_long(json("9223372036854775807")), 9223372036854775807);
  EXPECT_EQ(*as_long(json("9223372036854775808")), 9223372036854775807);
}

TEST_F(TypedReader, ConvertsWordsToBooleans) {
  for (const char* yes : {"true", "\"true\"", "\"1\"", "\"yes\"", "\"TRUE\""})
    EXPECT_TRUE(*as_boolean(json(yes))) << yes;
  for (const char* no : {"false", "\"false\"", "\"0\"", "\"no\""}) EXPECT_FALSE(*as_boolean(json(no))) << no;
  EXPECT_EQ(problem("\"23\"", as_boolean), "Unexpected token received from parser");
  EXPECT_EQ(problem("1", as_boolean), "NUMBER_VALUE cannot be converted to Boolean");
}

TEST_F(TypedReader, NamesTheContainerThatWasNotExpected) {
  const auto structure = [](const Json& json) { return as_structure(json, "KeySchemaElement"); };
  const auto map = [](const Json& json) { return as_map(json, "AttributeValue"); };
  EXPECT_EQ(problem("5", as_list), "Unexpected field type");
  EXPECT_EQ(problem("{}", as_list), "Start of structure or map found where not expected");
  EXPECT_EQ(problem("\"x\"", structure), "Unexpected value type in payload");
  EXPECT_EQ(problem("[]", structure),
            "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement");
  EXPECT_EQ(problem("5", map), "Unexpected field type");
  EXPECT_EQ(
      problem("[]", map),
      "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>");
}

TEST_F(TypedReader, SaysWhatIsWrongWithBase64) {
  const auto blob = [&](const Json& json) { return as_blob(json, &arena_); };
  EXPECT_EQ(problem("\"AA=\"", blob), "Base64 encoded length is expected a multiple of 4 bytes but found: 3");
  EXPECT_EQ(problem("\"A%==\"", blob), "Invalid Base64 character: '%'");
  EXPECT_EQ(problem("\"A\u20ac==AA\"", blob), "Invalid Base64 character: '\u20ac'");
  EXPECT_EQ(problem("\"A===\"", blob), "Invalid Base64 character: '='");
  EXPECT_EQ(problem("\"AB==\"", blob), "Invalid last non-pad Base64 character dectected");
  EXPECT_EQ(problem("\"AAB=\"", blob), "Invalid last non-pad Base64 character dectected");
  EXPECT_EQ(problem("5", blob), "only base-64-encoded strings are convertible to bytes");
  EXPECT_EQ(*as_blob(json("\"\""), &arena_), "");
  EXPECT_EQ(*as_blob(json("\"Zm9vYg==\""), &arena_), "foob");
}

TEST_F(TypedReader, OptionalMembersAreAbsentWhenNull) {
  const Json& body = json(R"({"Limit": 5, "Name": null, "Blob": "Zg==", "Bad": "x"})");
  EXPECT_EQ(**optional_member(body, "Limit", as_integer), 5);
  EXPECT_FALSE(optional_member(body, "Name", as_string)->has_value());
  EXPECT_FALSE(optional_member(body, "Other", as_string)->has_value());
  EXPECT_EQ(**optional_member(body, "Blob", as_blob, &arena_), "f");
  EXPECT_FALSE(optional_member(body, "Bad", as_integer));
}

}  // namespace
}  // namespace armature::wire
