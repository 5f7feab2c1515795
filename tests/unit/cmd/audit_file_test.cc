#include "cmd/audit_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/temporary_directory.h"

namespace armature::cmd {
namespace {

class AuditFileTest : public testing::Test {
 protected:
  static std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  const test::TemporaryDirectory directory_;
  const std::string path_ = directory_ / "audit.log";
};

TEST_F(AuditFileTest, LinesAreThereInOrderOnceItIsClosed) {
  {
    const auto file = AuditFile::open(path_);
    ASSERT_TRUE(file) << file.error();
    for (int i = 0; i < 1000; ++i) (*file)->write(std::to_string(i));
  }
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += std::to_string(i) + '\n';
  EXPECT_EQ(content(path_), expected);
}

TEST_F(AuditFileTest, IsItsOwnersAlone) {
  const auto file = AuditFile::open(path_);
  ASSERT_TRUE(file) << file.error();
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(AuditFileTest, AppendsToWhatIsThere) {
  for (const char* line : {"first", "second"}) {
    const auto file = AuditFile::open(path_);
    ASSERT_TRUE(file) << file.error();
    (*file)->write(line);
  }
  EXPECT_EQ(content(path_), "first\nsecond\n");
}

TEST_F(AuditFileTest, GoesOnInANewFileAfterRotation) {
  const std::string rotated = path_ + ".1";
  {
    const auto file = AuditFile::open(path_);
    ASSERT_TRUE(file) << file.error();
    (*file)->write("before");
    std::filesystem::rename(path_, rotated);
    (*file)->reopen();
    while (!std::filesystem::exists(path_)) std::this_thread::yield();
    (*file)->write("after");
  }
  EXPECT_EQ(content(rotated), "before\n");
  EXPECT_EQ(content(path_), "after\n");
}

TEST_F(AuditFileTest, AFileThatCannotBeOpenedIsSaid) {
  const auto file = AuditFile::open(directory_ / "none/audit.log");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error(), "cannot write " + directory_.path() + "/none/audit.log: No such file or directory");
}

}  // namespace
}  // namespace armature::cmd
