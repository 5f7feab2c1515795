#include "cmd/private_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/temporary_directory.h"

namespace armature::cmd {
namespace {

namespace fs = std::filesystem;

// While it lives, files of this process end after `bytes`, as on a full disk.
class ShortFiles {
 public:
  explicit ShortFiles(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~ShortFiles() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class PrivateFile : public testing::Test {
 protected:
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(file_).rdbuf();
    return all.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(fs::path(file_).parent_path()), {}));
  }

  const test::TemporaryDirectory directory_;
  const std::string file_ = directory_ / "keys";
};

TEST_F(PrivateFile, IsItsOwnersAlone) {
  ASSERT_TRUE(write_private_file(file_, "secret"));
  EXPECT_EQ(text(), "secret");
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFile, IsNotWrittenOver) {
  ASSERT_TRUE(write_private_file(file_, "first"));
  EXPECT_FALSE(write_private_file(file_, "second"));
  EXPECT_EQ(text(), "first");
  ASSERT_TRUE(replace_private_file(file_, "third"));
  EXPECT_EQ(text(), "third");
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFile, IsNotLeftHalfWrittenByAFullDisk) {
  for (const rlim_t bytes : {0, 4}) {
    const ShortFiles full(bytes);
    const auto written = write_private_file(file_, "longer than that");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().find("cannot write " + file_ + ": "), 0U) << written.error();
    EXPECT_EQ(files(), 0U);
  }
  ASSERT_TRUE(write_private_file(file_, "first"));
  {
    const ShortFiles full(0);
    EXPECT_FALSE(replace_private_file(file_, "second"));
  }
  EXPECT_EQ(text(), "first");
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFile, GoesOnWhereAnAttemptEnded) {
  std::ofstream(file_ + ".new") << "hal";
  ASSERT_TRUE(write_private_file(file_, "whole"));
  EXPECT_EQ(text(), "whole");
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace armature::cmd
