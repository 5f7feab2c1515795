#include "auth/attempt_brake.h"

#include <gtest/gtest.h>

namespace armature::auth {
namespace {

const IpAddress kStranger = *IpAddress::parse("203.0.113.7");

class AttemptBrakeTest : public testing::Test {
 protected:
  void fail_often(const IpAddress& address) {
    for (int i = 0; i < 200; ++i) brake_.failed(address);
  }
  int admitted(const IpAddress& address, int requests) {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += brake_.admits(address) ? 1 : 0;
    return count;
  }
  ManualClock clock_{1'795'000'000'000};
  AttemptBrake brake_{clock_};
};

TEST_F(AttemptBrakeTest, SomeFailuresAreForgiven) {
  for (int i = 0; i < 40; ++i) brake_.failed(kStranger);
  EXPECT_EQ(admitted(kStranger, 1000), 1000);
}

TEST_F(AttemptBrakeTest, ValidCallersOfAHeldAddressGetThroughAtALimitedRate) {
  fail_often(kStranger);
  EXPECT_EQ(admitted(kStranger, 1000), 20);
  clock_.advance_ms(500);
  EXPECT_EQ(admitted(kStranger, 1), 1);
  EXPECT_GT(brake_.refused(), 0U);
}

TEST_F(AttemptBrakeTest, OthersAndLoopbackAreNotHeldBack) {
  fail_often(kStranger);
  const IpAddress loopback = *IpAddress::parse("127.0.0.1");
  fail_often(loopback);
  fail_often(*IpAddress::parse("::1"));
  EXPECT_EQ(admitted(*IpAddress::parse("198.51.100.1"), 100), 100);
  EXPECT_EQ(admitted(loopback, 100), 100);
  EXPECT_EQ(admitted(*IpAddress::parse("::1"), 100), 100);
}

TEST_F(AttemptBrakeTest, AnAddressThatStopsIsForgiven) {
  fail_often(kStranger);
  clock_.advance_ms(120'000);
  EXPECT_EQ(admitted(kStranger, 100), 100);
}

TEST_F(AttemptBrakeTest, AddressesOfOneSubscriberCountTogether) {
  for (int i = 0; i < 200; ++i) brake_.failed(*IpAddress::parse("2001:db8::" + std::to_string(i)));
  EXPECT_EQ(admitted(*IpAddress::parse("2001:db8::ffff"), 100), 20);
}

}  // namespace
}  // namespace armature::auth
