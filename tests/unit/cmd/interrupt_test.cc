#include "cmd/connector/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace armature::cmd {
namespace {

class Interrupt : public testing::Test {
 protected:
  Interrupt() { EXPECT_EQ(pipe(pipe_), 0); }
  ~Interrupt() override {
    close(pipe_[0]);
    close(pipe_[1]);
  }
  void give_input() { EXPECT_EQ(write(pipe_[1], "x", 1), 1); }
  bool wait_for_input() { return CatchInterrupt::wait_for_input(pipe_[0]); }

  int pipe_[2] = {-1, -1};
};

TEST_F(Interrupt, EndsAWaitThatBeginsAfterIt) {
  const CatchInterrupt catch_interrupt;
  std::raise(SIGINT);
  EXPECT_FALSE(wait_for_input());
  EXPECT_TRUE(CatchInterrupt::flag().load());
}

TEST_F(Interrupt, IsStrongerThanInput) {
  const CatchInterrupt catch_interrupt;
  give_input();
  EXPECT_TRUE(wait_for_input());
  std::raise(SIGINT);
  EXPECT_FALSE(wait_for_input());
}

TEST_F(Interrupt, IsForgottenByTheNextWork) {
  {
    const CatchInterrupt catch_interrupt;
    std::raise(SIGINT);
  }
  const CatchInterrupt catch_interrupt;
  give_input();
  EXPECT_TRUE(wait_for_input());
  EXPECT_FALSE(CatchInterrupt::flag().load());
}

}  // namespace
}  // namespace armature::cmd
