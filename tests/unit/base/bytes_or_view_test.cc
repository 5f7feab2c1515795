#include "base/bytes_or_view.h"

#include <gtest/gtest.h>

#include <utility>

namespace armature {
namespace {

const Bytes kShort = "short";
const Bytes kLong(100, 'x');

TEST(BytesOrView, IsEmptyAtFirst) {
  EXPECT_EQ(BytesOrView().view(), "");
  EXPECT_EQ(BytesOrView::borrowed("").view(), "");
  EXPECT_EQ(BytesOrView::borrowed({}).view(), "");
}

TEST(BytesOrView, PointsAtWhatIsBorrowed) {
  const BytesOrView borrowed = BytesOrView::borrowed(kLong);
  EXPECT_EQ(borrowed.view().data(), kLong.data());
  EXPECT_EQ(borrowed.size(), kLong.size());
}

TEST(BytesOrView, ACopyOwns) {
  Bytes source = kLong;
  const BytesOrView borrowed = BytesOrView::borrowed(source);
  BytesOrView copy = borrowed;
  BytesOrView assigned;
  assigned = borrowed;
  source.assign(source.size(), 'y');
  EXPECT_EQ(borrowed.view(), source);
  EXPECT_EQ(copy.view(), kLong);
  EXPECT_EQ(assigned.view(), kLong);
}

TEST(BytesOrView, MovesWithWhatItOwns) {
  for (const Bytes& bytes : {kShort, kLong}) {
    BytesOrView first = Bytes(bytes);
    BytesOrView second = std::move(first);
    EXPECT_EQ(second.view(), bytes);
    EXPECT_EQ(first.view(), "");  // NOLINT(bugprone-use-after-move): the promise of the class.
    first = std::move(second);
    EXPECT_EQ(first.view(), bytes);
    EXPECT_EQ(second.view(), "");  // NOLINT(bugprone-use-after-move)
  }
}

TEST(BytesOrView, StaysBorrowedWhenMoved) {
  BytesOrView first = BytesOrView::borrowed(kLong);
  BytesOrView second = std::move(first);
  EXPECT_EQ(second.view().data(), kLong.data());
  EXPECT_EQ(first.view(), "");  // NOLINT(bugprone-use-after-move)
}

TEST(BytesOrView, TakesTheOtherKind) {
  BytesOrView held = Bytes(kLong);
  held = BytesOrView::borrowed(kShort);
  EXPECT_EQ(held.view().data(), kShort.data());
  held = Bytes(kLong);
  EXPECT_EQ(held.view(), kLong);
  EXPECT_NE(held.view().data(), kLong.data());
  held = *&held;  // To itself.
  EXPECT_EQ(held.view(), kLong);
}

}  // namespace
}  // namespace armature
