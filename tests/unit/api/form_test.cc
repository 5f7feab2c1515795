#include "api/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"

namespace armature::api {
namespace {

using testing::HasSubstr;

class FormTest : public testing::Test {
 protected:
  wire::QueryParameters parse(std::string_view text) { return *wire::parse_query(text, &arena_); }
  Arena arena_;
};

TEST_F(FormTest, TellsEverythingThatIsWrongAtOnce) {
  const auto parameters = parse("UserName=a%20b&Path=nope&MaxItems=0");
  Form form(parameters);
  (void)form.text("UserName", kUserNameRule);
  (void)form.optional_text("Path", kPathRule);
  (void)form.paging();
  const auto checked = form.check();
  ASSERT_FALSE(checked);
  EXPECT_EQ(
      checked.error().message,
      R"(3 validation errors detected: Value 'a b' at 'userName' failed to satisfy constraint: Member must satisfy )"
      R"(regular expression pattern: [\w+=,.@-]+; Value 'nope' at 'path' failed to satisfy constraint: Member must )"
      R"(satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007F]+\u002F); Value '0' at 'maxItems' )"
      R"(failed to satisfy constraint: Member must have value greater than or equal to 1)");
}

TEST_F(FormTest, AMissingMemberIsNull) {
  const auto parameters = parse("Action=CreateUser");
  Form form(parameters);
  (void)form.text("UserName", kUserNameRule);
  EXPECT_EQ(form.check().error().message,
            "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be "
            "null");
}

TEST_F(FormTest, SecretsAreNotEchoed) {
  const auto parameters = parse("Password=s%00ecret");
  Form form(parameters);
  (void)form.text("Password", kPasswordRule);
  EXPECT_THAT(form.check().error().message, testing::Not(HasSubstr("ecret")));
}

TEST_F(FormTest, ReadsTags) {
  const auto parameters =
      parse("Tags.member.1.Key=Team&Tags.member.1.Value=core&Tags.member.2.Key=b&Tags.member.2.Value=");
  Form form(parameters);
  const auto tags = form.tags();
  ASSERT_TRUE(form.check());
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].key, "Team");
  EXPECT_EQ(tags[0].value, "core");
  EXPECT_EQ(tags[1].value, "");
}

TEST_F(FormTest, PagesFollowOnEachOther) {
  const std::vector<std::string> names = {"a", "b", "c"};
  const auto key = [](const std::string& name) { return name; };
  Bytes out;
  wire::XmlWriter writer(&out);
  const auto write = [&](const std::string& name) { writer.text(name); };
  write_page(&writer, "Names", names, {.after = {}, .max_items = 2}, key, write);
  EXPECT_EQ(out, "<Names><member>a</member><member>b</member></Names><IsTruncated>true</IsTruncated><Marker>" +
                     page_marker("b") + "</Marker>");

  const auto parameters = parse("MaxItems=2&Marker=" + wire::percent_encode(page_marker("b")));
  Form form(parameters);
  const Paging paging = form.paging();
  ASSERT_TRUE(form.check());
  EXPECT_EQ(paging.after, "b");
  out.clear();
  write_page(&writer, "Names", names, paging, key, write);
  EXPECT_EQ(out, "<Names><member>c</member></Names><IsTruncated>false</IsTruncated>");
}

TEST_F(FormTest, AForeignMarkerIsRefused) {
  const auto parameters = parse("Marker=%21%21");
  Form form(parameters);
  (void)form.paging();
  EXPECT_THAT(form.check().error().message, HasSubstr("Invalid Marker"));
}

}  // namespace
}  // namespace armature::api
