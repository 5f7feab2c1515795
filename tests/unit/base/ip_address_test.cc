#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace armature {
namespace {

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

bool allows(std::vector<std::string> networks, std::string_view peer) {
  return IpAllowList::parse(networks).value().allows(address(peer));
}

TEST(IpAddress, TextSurvivesTheRoundTrip) {
  for (const char* text : {"127.0.0.1", "10.1.2.3", "::1", "2001:db8::7"}) EXPECT_EQ(address(text).to_string(), text);
  EXPECT_FALSE(IpAddress::parse("10.0.0"));
  EXPECT_FALSE(IpAddress::parse("localhost"));
}

TEST(IpAllowList, NetworksContainTheirAddressesOnly) {
  EXPECT_TRUE(allows({"10.0.0.0/8"}, "10.255.1.2"));
  EXPECT_FALSE(allows({"10.0.0.0/8"}, "11.0.0.1"));
  EXPECT_TRUE(allows({"192.168.1.128/25"}, "192.168.1.200"));
  EXPECT_FALSE(allows({"192.168.1.128/25"}, "192.168.1.100"));
  EXPECT_TRUE(allows({"127.0.0.1"}, "127.0.0.1"));
  EXPECT_FALSE(allows({"127.0.0.1"}, "127.0.0.2"));
  EXPECT_TRUE(allows({"2001:db8::/32"}, "2001:db8:ffff::1"));
  EXPECT_FALSE(allows({"2001:db8::/32"}, "2001:db9::1"));
  EXPECT_TRUE(allows({"10.0.0.0/8", "::1"}, "::1"));
}

TEST(IpAllowList, AllOfOneVersionDoesNotMeanTheOther) {
  EXPECT_TRUE(allows({"0.0.0.0/0"}, "8.8.8.8"));
  EXPECT_FALSE(allows({"0.0.0.0/0"}, "2001:db8::1"));
  EXPECT_TRUE(allows({"::/0"}, "2001:db8::1"));
}

TEST(IpAllowList, AnEmptyListAllowsNobody) { EXPECT_FALSE(allows({}, "127.0.0.1")); }

TEST(IpAllowList, WrongEntriesAreNamed) {
  for (const std::string wrong : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "::/129", "host", ""}) {
    const auto list = IpAllowList::parse(std::vector<std::string>{wrong});
    ASSERT_FALSE(list) << wrong;
    EXPECT_NE(list.error().find("\"" + wrong + "\""), std::string::npos);
  }
}

}  // namespace
}  // namespace armature
