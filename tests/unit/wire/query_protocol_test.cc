#include "wire/query_protocol.h"

#include <gtest/gtest.h>

#include <string>

namespace armature::wire {
namespace {

class QueryProtocol : public testing::Test {
 protected:
  QueryParameters parsed(std::string_view form) { return *parse_query(form, &arena_); }
  Arena arena_;
};

TEST_F(QueryProtocol, DecodesPairsInTheOrderSent) {
  const auto parameters = parsed("Action=CreateUser&UserName=a%2Bb+c&Path=%2f&&Empty=&Bare").all();
  ASSERT_EQ(parameters.size(), 5u);
  EXPECT_EQ(parameters[0].name, "Action");
  EXPECT_EQ(parameters[1].value, "a+b c");
  EXPECT_EQ(parameters[2].value, "/");
  EXPECT_EQ(parameters[3].value, "");
  EXPECT_EQ(parameters[4].name, "Bare");
}

TEST_F(QueryProtocol, TellsEmptyFromAbsent) {
  const auto parameters = parsed("a=&b=1&b=2");
  EXPECT_EQ(parameters.find("a"), "");
  EXPECT_EQ(parameters.find("b"), "1");
  EXPECT_EQ(parameters.find("c"), std::nullopt);
}

TEST_F(QueryProtocol, RefusesBrokenEscapesAndText) {
  for (const char* form : {"a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%c3%28"}) {
    const auto result = parse_query(form, &arena_);
    ASSERT_FALSE(result) << form;
    EXPECT_EQ(result.error().code, ErrorCode::kSerialization);
  }
}

TEST_F(QueryProtocol, GathersListMembersByTheirNumbers) {
  const auto parameters = parsed(
      "Tags.member.10.Key=z&Tags.member.2.Key=b&Tags.member.2.Value=v&Tags.member.x.Key=no&Tags.member.=no&"
      "TagsOther.member.1.Key=no&Tags.member.3x=no");
  const auto tags = parameters.members("Tags");
  ASSERT_EQ(tags.size(), 2u);
  ASSERT_EQ(tags[0].size(), 2u);
  EXPECT_EQ(tags[0][0].name, "Key");
  EXPECT_EQ(tags[0][1].value, "v");
  EXPECT_EQ(tags[1][0].value, "z");
}

TEST_F(QueryProtocol, GathersScalarListMembers) {
  const auto keys = parsed("TagKeys.member.1=a&TagKeys.member.2=b").members("TagKeys");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[1][0].name, "");
  EXPECT_EQ(keys[1][0].value, "b");
}

TEST_F(QueryProtocol, PercentEncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("{\"a b\":/+}\u00e9"), "%7B%22a%20b%22%3A%2F%2B%7D%C3%A9");
}

TEST_F(QueryProtocol, WritesNestedXml) {
  Bytes out;
  XmlWriter writer(&out);
  writer.open("GetUserResponse", "https://iam.amazonaws.com/doc/2010-05-08/");
  writer.open("User");
  writer.element("Path", "/a&b/<c>");
  writer.element("Count", std::int64_t{3});
  writer.element_bool("IsTruncated", false);
  writer.close();
  writer.close();
  EXPECT_EQ(out,
            "<GetUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><User><Path>/a&amp;b/&lt;c&gt;</Path>"
            "<Count>3</Count><IsTruncated>false</IsTruncated></User></GetUserResponse>");
}

TEST_F(QueryProtocol, ReplacesCharactersThatXmlCannotCarry) {
  Bytes out;
  XmlWriter(&out).element("a", std::string_view("x\0\x1f\t\n\r\"", 7));
  EXPECT_EQ(out, "<a>x\uFFFD\uFFFD\t\n&#13;&quot;</a>");
}

}  // namespace
}  // namespace armature::wire
