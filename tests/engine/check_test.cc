// `armature check`, on sound and on damaged data directories.
#include "storage/rocksdb/check.h"

#include <fstream>

#include "engine/engines.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Check : public testing::Test {
 protected:
  Check() {
    options_.directory = directory_ / "data";
    options_.verify_entry = [](Space, KeySpaceId, BytesView key, BytesView value) {
      return EntryVerdict{.problem = value == "bad" ? "does not parse" : "",
                          .counted = {1, static_cast<std::int64_t>(key.size() + value.size())}};
    };
  }

  std::unique_ptr<RocksdbStorage> open() {
    RocksdbOptions options;
    options.directory = options_.directory;
    return std::move(open_rocksdb(options)).value();
  }
  // Writes items with their statistics, off by `error` entries.
  void fill(int count, const Bytes& value, std::int64_t error = 0) {
    const auto storage = open();
    for (int i = 0; i < count; ++i) {
      const std::string key = item_key(i);
      Batch batch;
      batch.writes.push_back(put(kTable, key, value));
      batch.stats.push_back({kTable, 1 + (i == 0 ? error : 0), static_cast<std::int64_t>(key.size() + value.size())});
      ASSERT_TRUE(sync_wait(storage->commit(std::move(batch), Durability::kDurable)).has_value());
    }
  }
  CheckReport check() {
    auto report = check_rocksdb(options_);
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().message);
    return report ? std::move(report).value() : CheckReport{};
  }
  // Damages one byte of every file with this extension.
  void damage(const std::string& extension) {
    int damaged = 0;
    for (const auto& entry : fs::directory_iterator(options_.directory + "/rocksdb")) {
      if (entry.path().extension() != extension || fs::file_size(entry) < 100) continue;
      std::fstream stream(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      stream.seekg(60);
      const char byte = static_cast<char>(stream.get() ^ 0x10);
      stream.seekp(60);
      stream.put(byte);
      ++damaged;
    }
    ASSERT_GT(damaged, 0) << extension;
  }

  TemporaryDirectory directory_;
  CheckOptions options_;
};

TEST_F(Check, FindsNothingWrongWithSoundData) {
  fill(50, "fine");
  const CheckReport report = check();
  EXPECT_THAT(report.problems, ElementsAre());
  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.entries, 50u);
  EXPECT_EQ(report.key_spaces, 1u);
}

TEST_F(Check, LeavesTheDirectoryUsable) {
  fill(5, "fine");
  check();
  EXPECT_TRUE(sync_wait(open()->get(item(kTable, item_key(1)), ReadMode::kCommitted))->found);
}

TEST_F(Check, NamesTheEntryThatIsNotSound) {
  fill(2, "bad");
  const CheckReport report = check();
  EXPECT_EQ(report.problem_count, 2u);
  EXPECT_THAT(report.problems.at(0), HasSubstr("key 00000000|item: does not parse"));
}

TEST_F(Check, SeesStatisticsThatDoNotAddUp) {
  fill(3, "fine", 7);
  const CheckReport report = check();
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("statistics say 10 entries")));
}

TEST_F(Check, ComparesOnlyStatisticsThatCount) {
  fill(3, "fine", 7);
  options_.is_counted = [](KeySpaceId key_space) { return key_space != kTable; };
  EXPECT_TRUE(check().sound());
}

TEST_F(Check, CountsAnEntryForTheKeySpaceItIsSaidToBeOf) {
  fill(3, "fine");
  options_.verify_entry = [](Space, KeySpaceId, BytesView, BytesView) {
    return EntryVerdict{.problem = {}, .counted = {1, 0}, .counted_as = kTable + 1};
  };
  EXPECT_THAT(check().problems, ElementsAre(HasSubstr("but there are 0 and 0"),
                                            HasSubstr("statistics say 0 entries and 0 bytes, but there are 3 and 0")));
}

TEST_F(Check, SeesADamagedTableFile) {
  fill(50, "fine");
  damage(".sst");
  EXPECT_FALSE(check().sound());
}

TEST_F(Check, SeesADamagedLargeItem) {
  fill(1, Bytes(100 * 1024, 'x'));
  damage(".blob");
  EXPECT_FALSE(check().sound());
}

TEST_F(Check, KeepsTheFirstProblemsAndCountsTheRest) {
  fill(20, "bad");
  options_.most_problems = 3;
  const CheckReport report = check();
  EXPECT_EQ(report.problems.size(), 3u);
  EXPECT_EQ(report.problem_count, 20u);
}

TEST_F(Check, TellsItsProgress) {
  fill(5, "fine");
  std::uint64_t last = 0;
  options_.progress = [&](std::uint64_t done, std::uint64_t) { last = done; };
  check();
  EXPECT_EQ(last, 5u);
}

TEST_F(Check, IsRefusedWhileAServerRuns) {
  const auto storage = open();
  const auto report = check_rocksdb(options_);
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().message, HasSubstr("another process is using"));
}

TEST_F(Check, ALockFileThatCannotBeOpenedIsNotAnotherProcess) {
  open().reset();
  fs::remove(options_.directory + "/rocksdb/LOCK");
  fs::create_directory(options_.directory + "/rocksdb/LOCK");
  const auto report = check_rocksdb(options_);
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().message, HasSubstr("cannot lock"));
}

TEST_F(Check, IsRefusedWhereThereIsNoData) {
  EXPECT_THAT(check_rocksdb(options_).error().message, HasSubstr("is not a directory"));
  fs::create_directories(options_.directory);
  EXPECT_THAT(check_rocksdb(options_).error().message, HasSubstr("no FORMAT file"));
}

}  // namespace
}  // namespace armature::storage
