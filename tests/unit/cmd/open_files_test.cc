#include "cmd/open_files.h"

#include <gtest/gtest.h>

namespace armature::cmd {
namespace {

TEST(OpenFiles, ConnectionsLeaveAQuarterToTheEngine) {
  EXPECT_EQ(connections_within(1024, 10'000), 768U);
  EXPECT_EQ(connections_within(1024, 100), 100U);
  EXPECT_EQ(connections_within(1'048'576, 10'000), 10'000U);
}

TEST(OpenFiles, TheEngineHasItsFilesWhereThereAreFew) {
  EXPECT_EQ(connections_within(64, 10'000), 16U);
  EXPECT_EQ(connections_within(40, 10'000), 8U);
}

}  // namespace
}  // namespace armature::cmd
