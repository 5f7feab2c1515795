// Logs that are there before they are written: how they come about, and what a crash leaves of them.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "engine/engines.h"
#include "storage/rocksdb/log_head.h"
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

ino_t inode(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_ino;
}

enum class Before { kZeros, kAnotherLog };

class LogsAheadBase : public testing::Test {
 protected:
  LogsAheadBase() {
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
    while (!is_made_ahead(newest_log())) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "no log was made ahead";
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      write(1'000'000, "again");
    }
  }

  // Commits until the log is a file that has been a log before, and stays the log.
  void reach_log_used_again() {
    options_.memtable_bytes = std::size_t{4} << 20;
    options_.log_bytes = std::size_t{8} << 20;
    open();
    std::set<ino_t> older;  // Of logs that were made ahead.
    fs::path last = newest_log();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (int i = 0; older.count(inode(last)) == 0; ++i) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "no log was used again";
      if (is_made_ahead(last)) older.insert(inode(last));
      for (const fs::path before = last; last == before; last = newest_log()) {
        write(1'000'000 + i % 10, Bytes(300 * 1024, static_cast<char>('a' + i % 26)));
      }
      for (std::set<fs::path> before; before != files();) {
        before = files();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        write(1'000'000, "again");
      }
      last = newest_log();
    }
  }
  static bool is_made_ahead(const fs::path& log) { return fs::file_size(log) > 32u << 20; }
  void reach_log(Before before) { before == Before::kZeros ? reach_log_made_ahead() : reach_log_used_again(); }

  std::set<fs::path> files() const {
    std::set<fs::path> names;
    for (const auto& entry : fs::directory_iterator(rocksdb())) names.insert(entry.path().filename());
    return names;
  }
  static bool is_spare(const fs::path& name) { return name.native().starts_with("spare-log"); }
  bool has_spares() const { return std::ranges::any_of(files(), is_spare); }

  // Goes on with a copy of the data directory as a crash would leave it.
  void crash() {
    const std::string crashed = directory_ / "crashed";
    // Flushes and compactions go on meanwhile; a crash would see one moment.
    for (std::set<fs::path> before; before.empty() || before != files();) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      before = files();
      std::error_code error;
      fs::remove_all(crashed);
      fs::copy(options_.directory, crashed, fs::copy_options::recursive, error);
      if (error) before.clear();
    }
    storage_.reset();
    options_.directory = crashed;
  }

  std::uint64_t end_of_log() const {
    const auto log = readable_log(newest_log());
    EXPECT_TRUE(log.has_value());
    return log ? log->begin + log->bytes : 0;
  }
  // The newest log's file, up to the end of its last write.
  std::string written() const { return content(newest_log()).substr(0, end_of_log()); }

  // The last write of the newest log begins at `begin`. Wherever a part of it is as it was in `old`, a file, the log
  // ends in front of it.
  void expect_no_last_write_with_holes(std::size_t begin, const std::string& old, std::size_t step) {
    const std::string whole = written();
    for (std::size_t hole = begin; hole < whole.size(); hole += step) {
      const std::size_t size = std::min(whole.size() - hole, step);
      overwrite(hole, old.substr(hole, size));
      EXPECT_EQ(end_of_log(), begin) << hole;
      if (hole + step < whole.size()) overwrite(hole, whole.substr(hole, size));
    }
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

using LogsAhead = LogsAheadBase;

class LogsAheadOf : public LogsAheadBase, public testing::WithParamInterface<Before> {};
INSTANTIATE_TEST_SUITE_P(Log, LogsAheadOf, testing::Values(Before::kZeros, Before::kAnotherLog), [](const auto& info) {
  return std::string(info.param == Before::kZeros ? "FilledWithZeros" : "UsedAgain");
});

TEST_P(LogsAheadOf, AreReplayedAfterACrash) {
  reach_log(GetParam());
  for (int i = 0; i < 100; ++i) write(i, Bytes(200, 'v'));
  crash();
  open();
  EXPECT_EQ(found_of(100), 100);
}

TEST_P(LogsAheadOf, AreCutAtTheirEndByAnOrderlyClose) {
  reach_log(GetParam());
  write(1, Bytes(200, 'v'));
  const std::size_t bytes = end_of_log();
  storage_.reset();
  EXPECT_LT(fs::file_size(newest_log()), bytes + 8);
  EXPECT_FALSE(has_spares());
  open();
  EXPECT_EQ(found_of(2), 1);
}

TEST_P(LogsAheadOf, KeepALastWriteThatEndsInZeros) {
  reach_log(GetParam());
  write(0, Bytes(200, 'v'));
  write(1, Bytes(3 * kBlockBytes, '\0'));
  crash();
  open();
  EXPECT_EQ(found_of(2), 2);
}

// A power failure leaves any part of a write out that was not synced: what was there before is still there.
TEST_P(LogsAheadOf, LoseTheLastWriteAndNothingElseWhereAPartOfItIsMissing) {
  reach_log(GetParam());
  for (int i = 0; i < 99; ++i) write(i, Bytes(200, 'v'));
  const std::size_t before = end_of_log();
  const std::string old = content(newest_log());
  write(99, Bytes(200, 'v'));
  crash();
  expect_no_last_write_with_holes(before, old, 25);
  open();
  EXPECT_EQ(found_of(100), 99);
}

TEST_P(LogsAheadOf, LoseALargeLastWriteOfWhichABlockIsMissing) {
  reach_log(GetParam());
  for (int i = 0; i < 10; ++i) write(i, Bytes(200, 'v'));
  const std::size_t before = end_of_log();
  const std::string old = content(newest_log());
  write(10, Bytes(5 * kBlockBytes, 'w'));
  crash();
  expect_no_last_write_with_holes(before, old, 4096);
  open();
  EXPECT_EQ(found_of(11), 10);
}

TEST_P(LogsAheadOf, AreRefusedWithDamageInFrontOfSoundCommits) {
  reach_log(GetParam());
  for (int i = 0; i < 1000; ++i) write(i, Bytes(200, 'v'));
  crash();
  const std::string log = written();
  // 400 bytes in the midst of small writes hit a header, a single one hits a value.
  const std::size_t place = log.size() - 100'000;
  overwrite(place, std::string(400, '\0'));
  const StorageError zeros = refused();
  EXPECT_EQ(zeros.code, StorageErrorCode::kCorruption);
  EXPECT_THAT(zeros.message, HasSubstr("sound commits follow a broken one"));

  overwrite(place, log.substr(place, 400));
  overwrite(place, std::string(1, '\x55'));
  EXPECT_EQ(refused().code, StorageErrorCode::kCorruption);

  overwrite(place, log.substr(place, 1));
  open();
  EXPECT_EQ(found_of(1000), 1000);
}

TEST_P(LogsAheadOf, LiveWithOneCopyOfTheirHead) {
  reach_log(GetParam());
  for (int i = 0; i < 10; ++i) write(i, Bytes(200, 'v'));
  crash();
  for (const std::size_t copy : {0, 2048}) {
    const std::string sector = content(newest_log()).substr(copy, 512);
    overwrite(copy, std::string(512, '\x55'));
    EXPECT_EQ(readable_log(newest_log())->begin, kLogHeadBytes);
    overwrite(copy, sector);
  }
  overwrite(0, std::string(kLogHeadBytes, '\x55'));
  EXPECT_THAT(refused().message, HasSubstr("do not begin as a log does"));
}

TEST_F(LogsAhead, DoNotPileUp) {
  reach_log_used_again();
  for (int i = 0; i < 200; ++i) write(i % 10, Bytes(300 * 1024, 'v'));
  const auto is_log = [](const fs::path& name) { return name.extension() == ".log" || is_spare(name); };
  EXPECT_LE(std::ranges::count_if(files(), is_log), 8);
}

TEST_F(LogsAhead, AreNotMadeForADatabaseThatIsHardlyUsed) {
  open();
  for (int i = 0; i < 100; ++i) write(i, Bytes(200, 'v'));
  EXPECT_FALSE(has_spares());
  EXPECT_LT(fs::file_size(newest_log()), 1u << 20);
}

TEST_F(LogsAhead, ASpareFileThatACrashLeftIsForgotten) {
  open();
  write(1, "v");
  crash();
  std::ofstream(rocksdb() / "spare-log-7") << "half made";
  open();
  EXPECT_FALSE(has_spares());
  EXPECT_EQ(found_of(2), 1);
}

TEST(LogMask, HidesAndShowsAtAnyOffset) {
  const LogMask mask = LogMask::random();
  const Bytes zeros(100, '\0');
  Bytes whole = zeros;
  mask.apply(0, zeros, whole.data());
  for (const char c : whole) EXPECT_GE(static_cast<unsigned char>(c), 0x80);  // What no type of a record is.
  for (std::size_t begin = 0; begin < 20; ++begin) {
    for (std::size_t size = 0; size < 20; ++size) {
      Bytes part(size, 'x');
      mask.apply(begin, BytesView(whole).substr(begin, size), part.data());
      EXPECT_EQ(part, zeros.substr(0, size)) << begin << " " << size;
    }
  }
}

}  // namespace
}  // namespace armature::storage
