#include "base/header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"

namespace armature {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equal_one_by_one(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

TEST(HeaderNames, CompareWithoutCase) {
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_TRUE(equals_ignoring_case("Host", "hOST"));
  EXPECT_TRUE(equals_ignoring_case("X-Amz-Date", "x-amz-date"));
  EXPECT_FALSE(equals_ignoring_case("X-Amz-Date", "x-amz-dat"));
  EXPECT_FALSE(equals_ignoring_case("X-Amz-Date", "x_amz-date"));
}

// Names of every length, with the bytes next to the letters and those with the top bit set among them, that differ in
// nothing, in case, or in one byte.
TEST(HeaderNames, CompareAsByteByByte) {
  const std::string bytes = std::string("azAZ@[`{-09mM_") + "\xc1\xe1\x80\xff" + std::string(1, '\0');
  SeededRandom random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string a;
    for (auto left = random.below(40); left > 0; --left) a.push_back(bytes[random.below(bytes.size())]);
    std::string b = a;
    for (char& c : b) {
      if (random.below(2) == 0) c = lower(c);
    }
    if (!b.empty() && random.below(2) == 0) b[random.below(b.size())] = bytes[random.below(bytes.size())];
    ASSERT_EQ(equals_ignoring_case(a, b), equal_one_by_one(a, b)) << a << " and " << b;
  }
}

}  // namespace
}  // namespace armature
