#include "connector/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace armature::connector {
namespace {

std::string written(std::vector<std::string> items) {
  Arena arena;
  std::vector<const wire::Json*> parsed;
  for (const std::string& item : items) parsed.push_back(*wire::parse_json(item, &arena));
  return csv_of_items(parsed, {"p"});
}

std::vector<std::string> read(std::string_view text) {
  std::vector<std::string> items;
  const auto header = take_csv_record(&text, false);
  const auto columns = csv_columns(*header);
  while (auto record = take_csv_record(&text, false)) {
    auto item = csv_item(columns, *record);
    items.push_back(item ? *item : "error: " + item.error().message);
  }
  return items;
}

TEST(Csv, AnyItemComesBack) {
  const std::vector<std::string> items{
      R"({"p":{"S":"a,\"b\"\nc"},"n":{"N":"007"},"x":{"S":""},"y:N":{"S":"q"}})",
      R"({"p":{"S":" z "},"n":{"N":"1"},"m":{"M":{"k":{"SS":["1"]}}},"t":{"BOOL":false}})",
      R"({"p":{"S":"3"},"mixed":{"N":"1"},"b":{"B":"AAE="}})",
      R"({"p":{"S":"4"},"mixed":{"S":"1"}})",
  };
  EXPECT_EQ(read(written(items)), items);
}

TEST(Csv, TheHeaderTellsTypes) { EXPECT_EQ(written({R"({"n":{"N":"1"},"p":{"S":"x"}})"}), "p,n:N\nx,1\n"); }

TEST(Csv, AnEmptyCellIsNoAttribute) {
  EXPECT_THAT(read("p,a,b\nx,,\"\"\n"), testing::ElementsAre(R"({"p":{"S":"x"},"b":{"S":""}})"));
}

TEST(Csv, SaysWhichCellIsWrong) {
  EXPECT_THAT(read("p,n:N\nx,ten\n"),
              testing::ElementsAre("error: column n: 'ten' is not a number of at most 38 digits"));
  EXPECT_THAT(read("p\nx,y\n"), testing::ElementsAre("error: the line has 2 fields, the header 1"));
}

TEST(Csv, WaitsForTheRestOfARecord) {
  std::string_view text = "a,\"b";
  EXPECT_FALSE(take_csv_record(&text, true));
  EXPECT_EQ(text, "a,\"b");
  text = "a,\"b\"";
  EXPECT_FALSE(take_csv_record(&text, true));
  EXPECT_TRUE(take_csv_record(&text, false));
}

}  // namespace
}  // namespace armature::connector
