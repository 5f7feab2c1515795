#include "base/expected.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace armature {
namespace {

struct Problem {
  std::string text;
};

template <class T>
using Outcome = Expected<T, Problem>;

Outcome<void> fails() { return Unexpected(Problem{"no"}); }

Outcome<int> passes_on(const Problem** seen) {
  auto failed = fails();
  *seen = &failed.error();
  TRY(std::move(failed));
  return 1;
}

Outcome<std::string> passes_on_again(const Problem** seen) {
  TRY_ASSIGN(const int number, passes_on(seen));
  return std::to_string(number);
}

TEST(Expected, HoldsAValue) {
  Outcome<std::string> outcome = std::string("yes");
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(*outcome, "yes");
  EXPECT_EQ(std::move(outcome).value(), "yes");
  EXPECT_TRUE(Outcome<void>().has_value());
}

TEST(Expected, HoldsAnError) {
  const Outcome<std::string> outcome = Unexpected(Problem{"no"});
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().text, "no");
  ASSERT_FALSE(fails().has_value());
  EXPECT_EQ(fails().error().text, "no");
}

TEST(Expected, PassesTheSameErrorOn) {
  const Problem* first = nullptr;
  const Outcome<std::string> outcome = passes_on_again(&first);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(&outcome.error(), first);
  EXPECT_EQ(outcome.error().text, "no");
}

TEST(Expected, ACopyHasAnErrorOfItsOwn) {
  Outcome<int> outcome = Unexpected(Problem{"no"});
  const Outcome<int> copy = outcome;
  Outcome<int> assigned = 1;
  assigned = outcome;
  outcome.error().text = "changed";
  EXPECT_EQ(copy.error().text, "no");
  EXPECT_EQ(assigned.error().text, "no");
}

TEST(Expected, ConvertsErrors) {
  const Expected<int, std::string> outcome = Unexpected("because");
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error(), "because");
}

TEST(Expected, MovesValuesThatCannotBeCopied) {
  Outcome<std::unique_ptr<int>> outcome = std::make_unique<int>(7);
  Outcome<std::unique_ptr<int>> moved = std::move(outcome);
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(**moved, 7);
}

TEST(Expected, AnErrorTakesNoRoomWhereThereIsNone) {
  struct Large {
    char bytes[200];
  };
  EXPECT_EQ(sizeof(Expected<void, Large>), sizeof(void*));
  EXPECT_LE(sizeof(Expected<int, Large>), 2 * sizeof(void*));
}

}  // namespace
}  // namespace armature
