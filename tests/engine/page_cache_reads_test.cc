#include "storage/rocksdb/page_cache_reads.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "engine/engines.h"

namespace armature::storage {
namespace {

constexpr std::size_t kFileBytes = 64 * 1024;

class PageCacheReads : public testing::Test {
 protected:
  void SetUp() override {
    path_ = directory_.path() + "/file";
    ASSERT_TRUE(rocksdb::WriteStringToFile(rocksdb::Env::Default(), std::string(kFileBytes, 'x'), path_, true).ok());
    ASSERT_TRUE(open_page_cache_file(path_, &file_).ok());
  }

  rocksdb::Status read(std::size_t size) {
    rocksdb::Slice found;
    const rocksdb::Status status = file_->Read(0, size, {}, &found, scratch_, nullptr);
    found_bytes_ = found.size();
    return status;
  }

  // Not every file system can read without waiting.
  bool can_read_without_waiting() {
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    iovec room{scratch_, 1};
    const bool supported = ::preadv2(descriptor, &room, 1, 0, RWF_NOWAIT) == 1 || errno != EOPNOTSUPP;
    ::close(descriptor);
    return supported;
  }

  TemporaryDirectory directory_;
  std::string path_;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file_;
  char scratch_[2 * kFileBytes];
  std::size_t found_bytes_ = 0;
};

TEST_F(PageCacheReads, ReadThatMayWaitEndsWhereTheFileDoes) {
  ASSERT_TRUE(read(2 * kFileBytes).ok());
  EXPECT_EQ(found_bytes_, kFileBytes);
  EXPECT_EQ(std::string(scratch_, kFileBytes), std::string(kFileBytes, 'x'));
}

TEST_F(PageCacheReads, WhatIsInThePageCacheIsReadWithoutWaiting) {
  if (!can_read_without_waiting()) GTEST_SKIP() << "the file system cannot read without waiting";
  ASSERT_TRUE(read(kFileBytes).ok());  // Now it is.
  const PageCacheOnly without_waiting;
  ASSERT_TRUE(read(kFileBytes).ok());
  EXPECT_EQ(found_bytes_, kFileBytes);
  EXPECT_FALSE(without_waiting.missed());
}

TEST_F(PageCacheReads, HalfAnAnswerIsAMiss) {
  ASSERT_TRUE(read(kFileBytes).ok());
  const PageCacheOnly without_waiting;
  EXPECT_FALSE(read(2 * kFileBytes).ok());
  EXPECT_TRUE(without_waiting.missed());
}

TEST_F(PageCacheReads, TheThreadMayWaitAgainAfterwards) {
  { const PageCacheOnly without_waiting; }
  EXPECT_TRUE(read(2 * kFileBytes).ok());
}

}  // namespace
}  // namespace armature::storage
