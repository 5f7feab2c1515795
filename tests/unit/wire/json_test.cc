#include "wire/json.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

namespace armature::wire {
namespace {

class JsonParser : public testing::Test {
 protected:
  const Json* parsed(std::string_view text) {
    const auto result = parse_json(text, &arena_);
    return result ? *result : nullptr;
  }
  std::string string(std::string_view text) {
    const Json* json = parsed(text);
    return json != nullptr && json->is(Json::Kind::kString) ? std::string(json->text) : "(not a string)";
  }
  Arena arena_;
};

TEST_F(JsonParser, ReadsMembersInTheOrderSent) {
  const Json* json = parsed(R"( {"b": 1, "a": [true, false, null, "x"], "c": {}} )");
  ASSERT_NE(json, nullptr);
  ASSERT_EQ(json->members.size(), 3u);
  EXPECT_EQ(json->members[0].name, "b");
  EXPECT_EQ(json->members[1].name, "a");
  EXPECT_EQ(json->members[1].value.elements.size(), 4u);
  EXPECT_TRUE(json->members[1].value.elements[0].boolean);
  EXPECT_TRUE(json->members[1].value.elements[2].is(Json::Kind::kNull));
  EXPECT_TRUE(json->members[2].value.is(Json::Kind::kObject));
}

TEST_F(JsonParser, KeepsRepeatedNamesAndFindsTheLast) {
  const Json* json = parsed(R"({"a": 1, "a": 2})");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(json->members.size(), 2u);
  EXPECT_EQ(json->find("a")->text, "2");
}

TEST_F(JsonParser, TakesNullForAbsent) {
  const Json* json = parsed(R"({"a": null})");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(json->find("a"), nullptr);
  EXPECT_EQ(json->find("b"), nullptr);
}

TEST_F(JsonParser, KeepsNumbersAsText) {
  for (const char* number : {"0", "-0", "1", "-12.50", "1e5", "1E+400", "123456789012345678901234567890.5"}) {
    const Json* json = parsed(number);
    ASSERT_NE(json, nullptr) << number;
    EXPECT_EQ(json->text, number);
  }
}

TEST_F(JsonParser, ResolvesEscapes) {
  EXPECT_EQ(string(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(string(R"("a\u0041\u00e9\u20ac\ud83d\ude00z")"), "aA\u00e9\u20ac\U0001F600z");
  EXPECT_EQ(string(R"("\u0000")"), std::string(1, '\0'));
  EXPECT_EQ(string(R"("")"), "");
  EXPECT_EQ(string("\"" + std::string(100, 'x') + R"(\n")"), std::string(100, 'x') + "\n");
}

TEST_F(JsonParser, PassesUtf8Through) { EXPECT_EQ(string("\"h\u00e9llo \U0001F600\""), "h\u00e9llo \U0001F600"); }

TEST_F(JsonParser, ResolvesEscapesInNames) { EXPECT_NE(parsed(R"({"\u0061": 1})")->find("a"), nullptr); }

TEST_F(JsonParser, RefusesWhatIsNotOneDocument) {
  for (const char* text : {"",           " ",         "{",         "}",          "[",
                           "]",          "{]",        "[}",        "{}{}",       "{} x",
                           "1 2",        "nul",       "truefalse", "tru e",      "[1 2]",
                           "[1,]",       "[,1]",      "{,}",       "{\"a\"}",    "{\"a\":}",
                           "{\"a\":1,}", "{\"a\" 1}", "{1:2}",     "{a:1}",      "{\"a\":1 \"b\":2}",
                           "'a'",        "\"a",       "\"a\"b",    "\"a\"\"b\"", "1\"a\"",
                           ",",          ":",         "/*x*/1",    "{\"a\"::1}", "\xef\xbb\xbf{}"}) {
    const auto result = parse_json(text, &arena_);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kSerialization);
    EXPECT_EQ(result.error().message, "");
  }
}

TEST_F(JsonParser, RefusesWordsThatAreNoNumbers) {
  for (const char* text :
       {"01", "-", "+1", ".5", "5.", "1e", "1e+", "0x1", "NaN", "Infinity", "-a", "1_000", "--1", "00"}) {
    EXPECT_EQ(parsed(text), nullptr) << text;
  }
}

TEST_F(JsonParser, RefusesBrokenStrings) {
  for (const char* text :
       {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud800")", R"("\ud800\u0041")", R"("\udc00")", "\"a\nb\"",
        "\"\x01\"", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xc0\x80\""}) {
    EXPECT_EQ(parsed(text), nullptr) << text;
  }
}

TEST_F(JsonParser, RefusesNulBytesOutsideOfEscapes) {
  EXPECT_EQ(parsed(std::string_view("{}\0", 3)), nullptr);
  EXPECT_EQ(parsed(std::string_view("\"\0\"", 3)), nullptr);
}

TEST_F(JsonParser, AcceptsTheDeepestNestingAndRefusesTheNext) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NE(parsed(nested(kMaxJsonDepth)), nullptr);
  EXPECT_EQ(parsed(nested(kMaxJsonDepth + 1)), nullptr);
  EXPECT_EQ(parsed(std::string(100'000, '[')), nullptr);
}

TEST_F(JsonParser, ReadsDocumentsOfEveryLengthAroundItsBlocks) {
  for (int length = 0; length < 300; ++length) {
    const std::string value(static_cast<std::size_t>(length), 'v');
    EXPECT_EQ(string("\"" + value + "\""), value);
  }
}

TEST_F(JsonParser, ReadsALargeDocumentAfterASmallOne) {
  ASSERT_NE(parsed("[1]"), nullptr);
  std::string large = "[";
  for (int i = 0; i < 100'000; ++i) large += "{\"id\": \"some text\"},";
  large += "0]";
  ASSERT_NE(parsed(large), nullptr);
  EXPECT_EQ(parsed(large)->elements.size(), 100'001u);
  ASSERT_NE(parsed("[1]"), nullptr);
}

class JsonWriterTest : public testing::Test {
 protected:
  Bytes out_;
  JsonWriter writer_{&out_};
};

TEST_F(JsonWriterTest, PutsTheCommas) {
  writer_.begin_object();
  writer_.member("a", "x");
  writer_.member("n", std::int64_t{-5});
  writer_.key("list");
  writer_.begin_array();
  writer_.boolean(true);
  writer_.null();
  writer_.begin_object();
  writer_.end_object();
  writer_.raw("[1]");
  writer_.end_array();
  writer_.member_bool("b", false);
  writer_.end_object();
  EXPECT_EQ(out_, R"({"a":"x","n":-5,"list":[true,null,{},[1]],"b":false})");
}

TEST_F(JsonWriterTest, EscapesOnlyWhatItMust) {
  writer_.string("q\" b\\ n\n t\t bs\b \x1f \x7f / \u00e9\U0001F600 <&>");
  EXPECT_EQ(out_, "\"q\\\" b\\\\ n\\n t\\t bs\\b \\u001f \x7f / \u00e9\U0001F600 <&>\"");
}

TEST_F(JsonWriterTest, EscapesAtEveryPositionOfABlock) {
  for (std::size_t position = 0; position < 40; ++position) {
    std::string text(40, 'x');
    text[position] = '\0';
    Bytes out;
    JsonWriter(&out).string(text);
    EXPECT_EQ(out, "\"" + std::string(position, 'x') + "\\u0000" + std::string(39 - position, 'x') + "\"");
  }
}

TEST_F(JsonWriterTest, WritesRealsThatReadBackTheSame) {
  const auto written = [](double value) {
    Bytes out;
    JsonWriter(&out).real(value);
    return out;
  };
  EXPECT_EQ(written(0), "0.0");
  EXPECT_EQ(written(0.5), "0.5");
  EXPECT_EQ(written(1700000000.123), "1700000000.123");
  EXPECT_EQ(written(1700000000), "1700000000.0");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(-1e-300), "-1e-300");
  EXPECT_EQ(written(-123456789.0123456789), "-123456789.01234567");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  for (const double value : {1e-5, 99999999999999984.0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308}) {
    EXPECT_EQ(std::strtod(written(value).c_str(), nullptr), value);
  }
}

TEST_F(JsonWriterTest, WritesTheExtremesOfIntegers) {
  writer_.integer(std::numeric_limits<std::int64_t>::min());
  writer_.integer(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(out_, "-9223372036854775808,9223372036854775807");
}

TEST_F(JsonWriterTest, WritesBase64OfEveryPadding) {
  writer_.base64("");
  writer_.base64("f");
  writer_.base64("fo");
  writer_.base64("foo");
  writer_.base64("\xff\xfe\xfd");
  EXPECT_EQ(out_, R"("","Zg==","Zm8=","Zm9v","//79")");
}

}  // namespace
}  // namespace armature::wire
