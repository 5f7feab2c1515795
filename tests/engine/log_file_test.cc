// Logs that are there before they are written: how they come about, and what a crash leaves of them.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "engine/engines.h"
#include "storage/rocksdb/log_tail.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t kBlockBytes = 32 * 1024;

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

class LogsAhead : public testing::Test {
 protected:
  LogsAhead() {
    options_.directory = directory_ / "data";
    options_.logs_ahead = true;
  }

  void open() {
    auto opened = open_rocksdb(options_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    storage_ = std::move(opened).value();
  }
  void write(int i, const Bytes& value) {
    const std::string key = item_key(i);
    ASSERT_TRUE(executor_.run_until(commit_write(*storage_, put(kTable, key, value))).has_value());
  }
  int found_of(int commits) {
    int found = 0;
    for (int i = 0; i < commits; ++i) {
      const std::string key = item_key(i);
      found += executor_.run_until(storage_->get(item(kTable, key), ReadMode::kCommitted))->found ? 1 : 0;
    }
    return found;
  }

  fs::path rocksdb() const { return options_.directory + "/rocksdb"; }
  fs::path newest_log() const {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(rocksdb())) {
      if (entry.path().extension() == ".log" && (newest.empty() || entry.path() > newest)) newest = entry.path();
    }
    return newest;
  }

  // Commits until the log is one that was there before.
  void reach_log_made_ahead() {
    open();
    for (int i = 0; i < 3; ++i) write(1'000'000 + i, Bytes(400 * 1024, 'x'));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (fs::file_size(newest_log()) < 32u << 20) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "no log was made ahead";
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      write(1'000'000, "again");
    }
  }

  // Goes on with a copy of the data directory as a crash would leave it.
  void crash() {
    const std::string crashed = directory_ / "crashed";
    fs::copy(options_.directory, crashed, fs::copy_options::recursive);
    storage_.reset();
    options_.directory = crashed;
  }

  // The newest log's bytes up to its last that is not zero.
  std::string written() const {
    std::string log = content(newest_log());
    log.resize(log.find_last_not_of('\0') + 1);
    return log;
  }
  void overwrite(std::size_t offset, const std::string& bytes) {
    std::fstream file(newest_log(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  StorageError refused() {
    auto opened = open_rocksdb(options_);
    EXPECT_FALSE(opened.has_value());
    return opened ? StorageError{} : std::move(opened).error();
  }

  TemporaryDirectory directory_;
  RocksdbOptions options_;
  std::unique_ptr<RocksdbStorage> storage_;
  ThreadExecutor executor_;
};

TEST_F(LogsAhead, AreReplayedAfterACrash) {
  reach_log_made_ahead();
  for (int i = 0; i < 100; ++i) write(i, Bytes(200, 'v'));
  crash();
  open();
  EXPECT_EQ(found_of(100), 100);
}

TEST_F(LogsAhead, AreCutAtTheirEndByAnOrderlyClose) {
  reach_log_made_ahead();
  write(1, Bytes(200, 'v'));
  const std::size_t bytes = written().size();
  storage_.reset();
  EXPECT_LT(fs::file_size(newest_log()), bytes + 8);
  EXPECT_FALSE(fs::exists(rocksdb() / "spare-log"));
  open();
  EXPECT_EQ(found_of(2), 1);
}

TEST_F(LogsAhead, KeepALastWriteThatEndsInZeros) {
  reach_log_made_ahead();
  write(0, Bytes(200, 'v'));
  write(1, Bytes(3 * kBlockBytes, '\0'));
  crash();
  open();
  EXPECT_EQ(found_of(2), 2);
}

// A power failure leaves any part of a write out that was not synced.
TEST_F(LogsAhead, LoseTheLastWriteAndNothingElseWhereAPartOfItIsMissing) {
  reach_log_made_ahead();
  for (int i = 0; i < 99; ++i) write(i, Bytes(200, 'v'));
  const std::size_t before = written().size();
  write(99, Bytes(200, 'v'));
  const std::size_t after = written().size();
  crash();
  for (std::size_t hole = before; hole < after; hole += 25) {
    const std::string copy = directory_ / ("hole" + std::to_string(hole));
    fs::copy(options_.directory, copy, fs::copy_options::recursive);
    const std::string crashed = std::exchange(options_.directory, copy);
    overwrite(hole, std::string(std::min<std::size_t>(after - hole, 25), '\0'));
    open();
    EXPECT_EQ(found_of(100), 99) << hole;
    storage_.reset();
    options_.directory = crashed;
  }
}

TEST_F(LogsAhead, LoseALargeLastWriteOfWhichABlockIsMissing) {
  reach_log_made_ahead();
  for (int i = 0; i < 10; ++i) write(i, Bytes(200, 'v'));
  const std::size_t before = written().size();
  write(10, Bytes(5 * kBlockBytes, 'w'));
  crash();
  for (std::size_t block = before / kBlockBytes; block < before / kBlockBytes + 5; ++block) {
    const std::string copy = directory_ / ("hole" + std::to_string(block));
    fs::copy(options_.directory, copy, fs::copy_options::recursive);
    const std::string crashed = std::exchange(options_.directory, copy);
    overwrite(std::max(before, block * kBlockBytes), std::string(1000, '\0'));
    open();
    EXPECT_EQ(found_of(11), 10) << block;
    storage_.reset();
    options_.directory = crashed;
  }
}

TEST_F(LogsAhead, AreRefusedWithDamageInFrontOfSoundCommits) {
  reach_log_made_ahead();
  for (int i = 0; i < 1000; ++i) write(i, Bytes(200, 'v'));
  crash();
  const std::string log = written();
  // The middle of the log is a value; 400 bytes that are not what was written hit a header too.
  overwrite(log.size() / 2, std::string(400, '\0'));
  const StorageError zeros = refused();
  EXPECT_EQ(zeros.code, StorageErrorCode::kCorruption);
  EXPECT_THAT(zeros.message, HasSubstr("sound commits follow a broken one"));

  overwrite(log.size() / 2, log.substr(log.size() / 2, 400));
  overwrite(log.size() / 2, std::string(1, '\x55'));
  EXPECT_EQ(refused().code, StorageErrorCode::kCorruption);

  overwrite(log.size() / 2, log.substr(log.size() / 2, 1));
  open();
  EXPECT_EQ(found_of(1000), 1000);
}

TEST_F(LogsAhead, AreNotMadeForADatabaseThatIsHardlyUsed) {
  open();
  for (int i = 0; i < 100; ++i) write(i, Bytes(200, 'v'));
  EXPECT_FALSE(fs::exists(rocksdb() / "spare-log"));
  EXPECT_LT(fs::file_size(newest_log()), 1u << 20);
}

TEST_F(LogsAhead, ASpareFileThatACrashLeftIsForgotten) {
  open();
  write(1, "v");
  crash();
  std::ofstream(rocksdb() / "spare-log") << "half made";
  open();
  EXPECT_FALSE(fs::exists(rocksdb() / "spare-log"));
  EXPECT_EQ(found_of(2), 1);
}

}  // namespace
}  // namespace armature::storage
