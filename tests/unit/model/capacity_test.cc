#include "model/capacity.h"

#include <gtest/gtest.h>

namespace armature {
namespace {

TEST(ReadCapacity, IsHalfAUnitForEachFourKilobytesReadEventually) {
  EXPECT_EQ(read_half_units(0, ReadKind::kEventuallyConsistent), 1u);
  EXPECT_EQ(read_half_units(1, ReadKind::kEventuallyConsistent), 1u);
  EXPECT_EQ(read_half_units(4096, ReadKind::kEventuallyConsistent), 1u);
  EXPECT_EQ(read_half_units(4097, ReadKind::kEventuallyConsistent), 2u);
}

TEST(ReadCapacity, DoublesWhenConsistentAndAgainInATransaction) {
  EXPECT_EQ(read_half_units(5000, ReadKind::kStronglyConsistent), 4u);
  EXPECT_EQ(read_half_units(5000, ReadKind::kTransactional), 8u);
  EXPECT_EQ(read_half_units(0, ReadKind::kTransactional), 4u);
}

TEST(WriteCapacity, IsOneUnitForEachKilobyteAndDoublesInATransaction) {
  EXPECT_EQ(write_units(0), 1u);
  EXPECT_EQ(write_units(1024), 1u);
  EXPECT_EQ(write_units(1025), 2u);
  EXPECT_EQ(write_units(1025, WriteKind::kTransactional), 4u);
  EXPECT_EQ(write_units(409'600), 400u);
}

TEST(CapacityUnits, ShowHalvesExactly) {
  EXPECT_EQ(to_capacity_units(1), 0.5);
  EXPECT_EQ(to_capacity_units(8), 4.0);
}

}  // namespace
}  // namespace armature
