#include "cmd/forwarded_address.h"

#include <gtest/gtest.h>

namespace armature::cmd {
namespace {

std::string client(std::string_view peer, std::string_view values) {
  const std::vector<std::string> trusted = {"10.0.0.0/8", "2001:db8::/32"};
  const auto found = forwarded_client(*IpAddress::parse(peer), values, *IpAllowList::parse(trusted));
  return found ? found->to_string() : "none";
}

TEST(ForwardedAddress, TheRightMostUntrustedAddressCounts) {
  EXPECT_EQ(client("10.0.0.1", "203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.9.9.9"), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.1", "1.2.3.4,[2001:dead::1]:443 , 2001:db8::5"), "2001:dead::1");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.7:5000"), "203.0.113.7");
}

TEST(ForwardedAddress, StrangersAreNotBelieved) {
  EXPECT_EQ(client("203.0.113.1", "127.0.0.1"), "none");
  EXPECT_EQ(client("10.0.0.1", ""), "none");
  EXPECT_EQ(client("10.0.0.1", "127.0.0.1, nonsense"), "none");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.2"), "none");
}

}  // namespace
}  // namespace armature::cmd
