#include "console/sign_in_delay.h"

#include <gtest/gtest.h>

namespace armature::console {
namespace {

struct SignInDelayTest : testing::Test {
  ManualClock clock{1'000'000};
  SignInDelay delay{&clock};

  void fail_times(int times) {
    for (int i = 0; i < times; ++i) delay.failed("10.0.0.1", "ann");
  }
};

TEST_F(SignInDelayTest, AFewMistakesCostNothing) {
  fail_times(SignInDelay::kFreeFailures - 1);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 0);
}

TEST_F(SignInDelayTest, FurtherOnesWaitLongerAndLonger) {
  fail_times(SignInDelay::kFreeFailures);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), SignInDelay::kFirstDelayMs);
  clock.advance_ms(60'000);
  fail_times(2);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 4 * SignInDelay::kFirstDelayMs);
}

TEST_F(SignInDelayTest, AttemptsAtOnceComeOneAfterTheOther) {
  fail_times(SignInDelay::kFreeFailures + 3);  // 4 s each.
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 4'000);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 8'000);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), std::nullopt);
}

TEST_F(SignInDelayTest, TheNameIsHeldUpFromEveryAddressAndTheAddressForEveryName) {
  fail_times(SignInDelay::kFreeFailures);
  EXPECT_GT(delay.admit("10.9.9.9", "ann"), 0);
  EXPECT_GT(delay.admit("10.0.0.1", "bob"), 0);
  EXPECT_EQ(delay.admit("10.9.9.9", "bob"), 0);
}

TEST_F(SignInDelayTest, SuccessAndTimeForget) {
  fail_times(SignInDelay::kFreeFailures);
  delay.succeeded("10.0.0.1", "ann");
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 0);
  fail_times(SignInDelay::kFreeFailures);
  clock.advance_ms(SignInDelay::kForgetAfterMs + 1);
  EXPECT_EQ(delay.admit("10.0.0.1", "ann"), 0);
}

TEST_F(SignInDelayTest, ManyAddressesDoNotFillTheMemory) {
  for (int i = 0; i < 12'000; ++i) {
    clock.advance_ms(1);
    delay.failed("10.0.0." + std::to_string(i), "name " + std::to_string(i));
  }
  EXPECT_LE(delay.size(), SignInDelay::kMostEntries + 2);
}

}  // namespace
}  // namespace armature::console
