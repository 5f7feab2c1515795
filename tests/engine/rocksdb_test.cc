// What only the engine with a data directory promises: durability, recovery, clear refusals, behaviour under faults.
#include <malloc.h>

#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "base/random.h"
#include "engine/child_process.h"
#include "engine/engines.h"
#include "engine/faulty_environment.h"
#include "engine/together.h"
#include "storage/rocksdb/data_directory.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Fault = FaultyFileSystem::Fault;

class RocksdbTest : public testing::Test {
 protected:
  RocksdbTest() { options_.directory = directory_ / "data"; }

  void open() {
    auto opened = open_rocksdb(options_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    storage_ = std::move(opened).value();
  }
  void close() { storage_.reset(); }
  StorageError refused() {
    auto opened = open_rocksdb(options_);
    EXPECT_FALSE(opened.has_value());
    return opened ? StorageError{} : std::move(opened).error();
  }

  template <class T>
  T run(Task<T> task) {
    return executor_.run_until(std::move(task));
  }
  StorageResult<CommitVersion> write(const std::string& key, const std::string& value) {
    return run(commit_write(*storage_, put(kTable, key, value)));
  }
  std::optional<Bytes> read(const std::string& key) {
    auto found = run(storage_->get(item(kTable, key), ReadMode::kCommitted));
    EXPECT_TRUE(found.has_value());
    return found->found ? std::optional(found->value) : std::nullopt;
  }

  double number(const std::string& name) {
    for (const EngineNumber& each : storage_->statistics()) {
      if (each.name == name) return each.value;
    }
    ADD_FAILURE() << "no number " << name;
    return 0;
  }

  TemporaryDirectory directory_;
  RocksdbOptions options_;
  std::unique_ptr<RocksdbStorage> storage_;
  ThreadExecutor executor_;
};

class Durable : public RocksdbTest {};

TEST_F(Durable, CommitsAndStatisticsSurviveAReopen) {
  open();
  for (int i = 0; i < 100; ++i) {
    const std::string key = item_key(i);
    Batch batch;
    batch.writes.push_back(put(kTable, key, std::to_string(i)));
    batch.stats.push_back({kTable, 1, 10});
    ASSERT_TRUE(run(storage_->commit(std::move(batch), Durability::kDurable)).has_value());
  }
  close();
  open();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(read(item_key(i)), std::to_string(i));
  EXPECT_EQ(run(storage_->stats(kTable))->entries, 100);
  EXPECT_EQ(run(storage_->stats(kTable))->bytes, 1000);
}

// Every read that no cache answers looks into the memory tables.
TEST_F(Durable, ReadsLeaveNoMemoryBehind) {
  open();
  ASSERT_TRUE(write(item_key(0), "there").has_value());
  const auto read_absent_keys = [this] {
    for (int i = 1; i <= 20'000; ++i) EXPECT_EQ(read(item_key(i)), std::nullopt);
  };
  read_absent_keys();
  const std::size_t before = mallinfo2().uordblks;
  read_absent_keys();
  EXPECT_LT(mallinfo2().uordblks, before + 400'000);  // 20 bytes a read; sanitizers look for themselves.
}

TEST_F(Durable, StampsGoOnAfterAReopen) {
  const auto write_stamped = [&] {
    Write write = put(kTable, Space::kStream, "home", std::string(kStampBytes, '\0'), "v");
    write.stamp_at = 0;
    ASSERT_TRUE(run(commit_write(*storage_, std::move(write))).has_value());
  };
  open();
  EXPECT_EQ(*run(storage_->stamp(kTable)), 0u);
  write_stamped();
  const Stamp first = *run(storage_->stamp(kTable));
  close();
  open();
  EXPECT_EQ(*run(storage_->stamp(kTable)), first);
  write_stamped();
  EXPECT_GT(*run(storage_->stamp(kTable)), first);
}

TEST_F(Durable, ADroppedKeySpaceStaysDroppedAfterAReopen) {
  open();
  ASSERT_TRUE(write(item_key(1), "v").has_value());
  ASSERT_TRUE(run(storage_->drop_key_space(kTable, Drop::kEverything)).has_value());
  close();
  open();
  EXPECT_EQ(read(item_key(1)), std::nullopt);
}

TEST_F(Durable, LargeItemsSurviveAReopenAndAreReadFromTheDisk) {
  open();
  Bytes value;
  while (value.size() < 400 * 1024) value += std::to_string(value.size());
  ASSERT_TRUE(write(item_key(1), value).has_value());
  close();
  open();
  EXPECT_EQ(read(item_key(1)), value);
  EXPECT_EQ(read(item_key(2)), std::nullopt);
}

TEST_F(Durable, ColdRangesAndManyReadsGiveTheSameAsWarmOnes) {
  open();
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(write(item_key(i), Bytes(500, 'x')).has_value());
  close();
  open();
  const auto cold = run(storage_->range({.key_space = kTable, .reverse = true, .limit_entries = 1000}));
  ASSERT_TRUE(cold.has_value());
  EXPECT_EQ(cold->entries.size(), 300u);
  EXPECT_EQ(cold->entries.front().key, item_key(299));
  close();
  open();
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back(item_key(i));
  std::vector<ReadKey> keys;
  for (const auto& name : names) keys.push_back(item(kTable, name));
  const auto found = run(storage_->get_many(keys, ReadMode::kForUpdate));
  ASSERT_TRUE(found.has_value());
  for (const Versioned& each : *found) EXPECT_EQ(each.value, Bytes(500, 'x'));
}

// The process dies with everything it acknowledged in the log and nothing else.
TEST_F(Durable, AcknowledgedCommitsSurviveAKilledProcess) {
  ChildProcess child(kChildWrites, options_.directory);
  int last = -1;
  for (int report = 0; report >= 0; report = child.next_report()) {
    last = report;
    if (last == 200) child.kill();
  }
  child.wait();
  ASSERT_GE(last, 200);
  open();
  for (int i = 0; i <= last; ++i) EXPECT_TRUE(read(item_key(i)).has_value()) << i;
}

// A copy of the data directory as a crash would leave it: taken while the engine is open.
class Recovery : public RocksdbTest {
 protected:
  void write_and_crash(int commits) {
    open();
    for (int i = 0; i < commits; ++i) ASSERT_TRUE(write(item_key(i), Bytes(200, 'v')).has_value());
    const std::string crashed = directory_ / "crashed";
    fs::copy(options_.directory, crashed, fs::copy_options::recursive);
    close();
    options_.directory = crashed;
  }
  // The newest log file, without the zeros RocksDB allocates ahead.
  fs::path log_file() const {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(options_.directory + "/rocksdb")) {
      if (entry.path().extension() == ".log" && (newest.empty() || entry.path() > newest)) newest = entry.path();
    }
    return newest;
  }
  void flip_byte(const fs::path& file, std::uintmax_t offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(stream.get() ^ 0x40);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(byte);
  }
  int found_of(int commits) {
    int found = 0;
    for (int i = 0; i < commits; ++i) found += read(item_key(i)).has_value();
    return found;
  }
};

TEST_F(Recovery, ReplaysTheLogOfACrash) {
  write_and_crash(100);
  open();
  EXPECT_EQ(found_of(100), 100);
}

TEST_F(Recovery, AcceptsALogWhoseLastRecordIsTorn) {
  write_and_crash(100);
  fs::resize_file(log_file(), fs::file_size(log_file()) - 50);
  open();
  EXPECT_EQ(found_of(100), 99);
}

TEST_F(Recovery, AcceptsALogThatEndsInZeros) {
  write_and_crash(100);
  fs::resize_file(log_file(), fs::file_size(log_file()) + 5000);
  open();
  EXPECT_EQ(found_of(100), 100);
}

TEST_F(Recovery, RefusesALogWithAFlippedByteInTheMiddle) {
  write_and_crash(100);
  flip_byte(log_file(), fs::file_size(log_file()) / 2);
  const StorageError error = refused();
  EXPECT_EQ(error.code, StorageErrorCode::kCorruption);
  EXPECT_THAT(error.message, HasSubstr("damaged"));
}

// RocksDB alone would take such a log for one that was cut off there, and lose every commit behind it.
TEST_F(Recovery, RefusesALogWithADamagedLengthInFrontOfSoundRecords) {
  write_and_crash(100);
  std::uintmax_t offset = 0;
  for (int record = 0; record < 50; ++record) {
    std::ifstream log(log_file(), std::ios::binary);
    log.seekg(static_cast<std::streamoff>(offset + 4));
    const int low = log.get();
    offset += 7 + static_cast<std::uintmax_t>(low + 256 * log.get());
  }
  flip_byte(log_file(), offset + 5);
  const StorageError error = refused();
  EXPECT_EQ(error.code, StorageErrorCode::kCorruption);
  EXPECT_THAT(error.message, HasSubstr("sound commits follow a broken one"));
}

TEST_F(Recovery, AcceptsALogCutOffAnywhereInItsLastRecord) {
  write_and_crash(100);
  const auto whole = fs::file_size(log_file());
  for (const std::uintmax_t cut : {1, 100, 200, 260}) {
    const std::string copy = directory_ / ("cut" + std::to_string(cut));
    fs::copy(options_.directory, copy, fs::copy_options::recursive);
    const std::string crashed = std::exchange(options_.directory, copy);
    fs::resize_file(log_file(), whole - cut);
    open();
    EXPECT_GE(found_of(100), 98) << cut;
    close();
    options_.directory = crashed;
  }
}

class Refusals : public RocksdbTest {};

TEST_F(Refusals, ASecondProcessIsToldThatTheFirstUsesTheDirectory) {
  open();
  EXPECT_EQ(ChildProcess(kChildOpens, options_.directory).wait(), kRefusedAsInUse);
  EXPECT_TRUE(write(item_key(1), "still works").has_value());
}

TEST_F(Refusals, ASecondEngineInTheSameProcessIsRefusedToo) {
  open();
  EXPECT_THAT(refused().message, HasSubstr("another process is using"));
}

TEST_F(Refusals, ALockFileThatCannotBeOpenedIsNotAnotherProcess) {
  open();
  close();
  fs::remove(options_.directory + "/rocksdb/LOCK");
  fs::create_directory(options_.directory + "/rocksdb/LOCK");
  const std::string message = refused().message;
  EXPECT_THAT(message, Not(HasSubstr("another process")));
  EXPECT_THAT(message, HasSubstr("Is a directory"));
}

void set_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The properties of a table file, a block in its middle, are read when it is opened.
TEST_F(Refusals, ADamagedBlockIsNotAnotherProcess) {
  open();
  EXPECT_TRUE(write(item_key(1), "value").has_value());
  close();
  open();  // Replays the log into a table file.
  close();
  int damaged = 0;
  for (const auto& entry : fs::directory_iterator(options_.directory + "/rocksdb")) {
    if (entry.path().extension() != ".sst") continue;
    std::string table = text_of(entry.path());
    table[table.size() / 2] ^= 0x10;
    set_file(entry.path(), table);
    ++damaged;
  }
  ASSERT_GT(damaged, 0);
  const StorageError error = refused();
  EXPECT_EQ(error.code, StorageErrorCode::kCorruption);
  EXPECT_THAT(error.message, HasSubstr("is damaged"));
}

TEST_F(Refusals, ANewerFormatIsLeftUntouched) {
  open();
  close();
  const std::string newer = "armature-data\nformat: " + std::to_string(kDataFormat + 1) + "\nengine: rocksdb\n";
  set_file(options_.directory + "/FORMAT", newer);
  EXPECT_THAT(refused().message, HasSubstr("newer version"));
  EXPECT_EQ(text_of(options_.directory + "/FORMAT"), newer);
}

TEST_F(Refusals, AnOlderFormatIsMovedOnOnceItsDatabaseIsOpen) {
  open();
  close();
  const std::string now = text_of(options_.directory + "/FORMAT");
  const std::string older = "armature-data\nformat: 1\nengine: rocksdb\n";
  set_file(options_.directory + "/FORMAT", older);
  fs::rename(options_.directory + "/rocksdb", options_.directory + "/elsewhere");
  EXPECT_THAT(refused().message, HasSubstr("has lost its database"));
  EXPECT_EQ(text_of(options_.directory + "/FORMAT"), older);

  fs::remove_all(options_.directory + "/rocksdb");
  fs::rename(options_.directory + "/elsewhere", options_.directory + "/rocksdb");
  open();
  EXPECT_EQ(text_of(options_.directory + "/FORMAT"), now);
}

TEST_F(Refusals, ADamagedFormatFileIsNotGuessedAt) {
  open();
  close();
  for (const std::string text : {"", "armature-data\nformat: 1x\nengine: rocksdb\n", "hello\n"}) {
    set_file(options_.directory + "/FORMAT", text);
    EXPECT_THAT(refused().message, HasSubstr("FORMAT is damaged")) << text;
  }
}

TEST_F(Refusals, AnotherEnginesDirectoryIsRefused) {
  open();
  close();
  set_file(options_.directory + "/FORMAT", "armature-data\nformat: 1\nengine: slate\n");
  EXPECT_THAT(refused().message, HasSubstr("'slate'"));
}

TEST_F(Refusals, ADirectoryWithOtherFilesIsLeftUntouched) {
  fs::create_directories(options_.directory);
  set_file(options_.directory + "/thesis.tex", "words");
  EXPECT_THAT(refused().message, HasSubstr("thesis.tex"));
  EXPECT_FALSE(fs::exists(options_.directory + "/FORMAT"));
}

TEST_F(Refusals, AFreshFileSystemIsAnEmptyDirectory) {
  fs::create_directories(options_.directory + "/lost+found");
  open();
  EXPECT_TRUE(write(item_key(1), "v").has_value());
}

TEST_F(Refusals, ALostDatabaseIsNotReplacedByAnEmptyOne) {
  open();
  close();
  fs::remove_all(options_.directory + "/rocksdb");
  EXPECT_THAT(refused().message, HasSubstr("lost its database"));
}

TEST_F(Refusals, ACreationThatWasCutShortIsTakenUp) {
  open();
  close();
  fs::rename(options_.directory + "/FORMAT", options_.directory + "/FORMAT.new");
  open();
  EXPECT_TRUE(write(item_key(1), "v").has_value());
}

TEST_F(Refusals, APathThroughAFileIsAnErrorThatNamesIt) {
  set_file(directory_ / "file", "words");
  options_.directory = directory_ / "file/data";
  EXPECT_THAT(refused().message, HasSubstr("file/data"));
}

// Faults of the disk.
class Faults : public RocksdbTest {
 protected:
  Faults() { options_.env = environment_.get(); }
  ~Faults() override { close(); }

  // Commits fail while `fault` lasts, with `code`; nothing acknowledged before is lost, nothing that failed is there,
  // and everything works again afterwards, after a crash at the end too.
  void survives(Fault fault, StorageErrorCode code, bool something_before) {
    open();
    if (something_before) {
      ASSERT_TRUE(write(item_key(1), "before").has_value());
    }
    files_->set_fault(fault);
    for (int i = 0; i < 3; ++i) {
      const auto failed = write(item_key(2), "failed");
      ASSERT_FALSE(failed.has_value());
      EXPECT_EQ(failed.error().code, code) << failed.error().message;
    }
    EXPECT_EQ(read(item_key(2)), std::nullopt);
    files_->set_fault(Fault::kNone);
    EXPECT_TRUE(eventually_writes(item_key(3), "after"));
    EXPECT_TRUE(write(item_key(4), "last").has_value());

    const std::string crashed = directory_ / "crashed";
    fs::copy(options_.directory, crashed, fs::copy_options::recursive);
    close();
    options_.directory = crashed;
    open();
    EXPECT_EQ(read(item_key(1)).has_value(), something_before);
    EXPECT_EQ(read(item_key(2)), std::nullopt);
    EXPECT_EQ(read(item_key(3)), "after");
    EXPECT_EQ(read(item_key(4)), "last");
  }
  bool eventually_writes(const std::string& key, const std::string& value) {
    for (int attempt = 0; attempt < 50; ++attempt) {
      if (write(key, value)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  std::shared_ptr<FaultyFileSystem> files_ = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> environment_ = rocksdb::NewCompositeEnv(files_);
};

TEST_F(Faults, AFullDiskIsReportedAndRecoveredFrom) { survives(Fault::kNoSpace, StorageErrorCode::kNoSpace, true); }
TEST_F(Faults, AFullDiskForTheVeryFirstCommitIsRecoveredFrom) {
  survives(Fault::kNoSpace, StorageErrorCode::kNoSpace, false);
}
TEST_F(Faults, AFullDiskForTheLogAloneIsRecoveredFrom) {
  survives(Fault::kNoSpaceForLog, StorageErrorCode::kNoSpace, true);
}
TEST_F(Faults, AFailedSyncOfTheLogIsRecoveredFrom) { survives(Fault::kLogSync, StorageErrorCode::kIo, true); }
TEST_F(Faults, AHalfWrittenLogRecordIsRecoveredFrom) { survives(Fault::kLogAppend, StorageErrorCode::kIo, true); }
TEST_F(Faults, AHalfWrittenFirstLogRecordIsRecoveredFrom) { survives(Fault::kLogAppend, StorageErrorCode::kIo, false); }

TEST_F(Faults, AnAlmostFullDiskRefusesCommitsAndNothingElse) {
  open();
  ASSERT_TRUE(write(item_key(1), "before").has_value());
  files_->set_free_bytes(1 << 20);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));  // The disk is asked ten times a second.
  const auto refused = write(item_key(2), "refused");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, StorageErrorCode::kNoSpace);
  EXPECT_EQ(read(item_key(1)), "before");
  EXPECT_TRUE(run(storage_->drop_key_space(kOtherTable, Drop::kEverything)).has_value());
  files_->set_free_bytes(std::uint64_t{1} << 40);
  EXPECT_TRUE(eventually_writes(item_key(2), "after"));
}

TEST_F(Faults, AFailedCommitTakesThoseThatBuiltOnItWithIt) {
  open();
  const std::string key = item_key(1);
  ASSERT_TRUE(write(key, "0").has_value());
  files_->close_gate();
  files_->set_fault(Fault::kLogSync);

  std::vector<StorageResult<CommitVersion>> results;
  const auto client = [&](std::string value) -> Task<void> {
    const auto before = co_await storage_->get(item(kTable, key), ReadMode::kForUpdate);
    Batch batch;
    batch.reads.push_back(check(item(kTable, key), before->version));
    batch.writes.push_back(put(kTable, key, before->value + value));
    results.push_back(co_await storage_->commit(std::move(batch), Durability::kDurable));
  };
  std::vector<Task<void>> tasks;
  for (const char* value : {"1", "2", "3"}) tasks.push_back(client(value));
  std::thread opener([&] {
    files_->wait_for_a_sync();
    files_->open_gate();
  });
  run_together(std::move(tasks));
  opener.join();
  ASSERT_EQ(results.size(), 3u);
  for (const auto& result : results) EXPECT_FALSE(result.has_value());
  EXPECT_EQ(read(key), "0");
  files_->set_fault(Fault::kNone);
  EXPECT_TRUE(eventually_writes(key, "again"));
  EXPECT_EQ(read(key), "again");
}

TEST_F(Faults, VersionsReadBeforeAFailureConflictAfterIt) {
  open();
  const std::string key = item_key(1);
  const Version before = run(storage_->get(item(kTable, key), ReadMode::kForUpdate))->version;
  files_->set_fault(Fault::kLogSync);
  ASSERT_FALSE(write(key, "failed").has_value());
  files_->set_fault(Fault::kNone);
  Batch batch;
  batch.reads.push_back(check(item(kTable, key), before));
  batch.writes.push_back(put(kTable, key, "v"));
  const auto result = run(storage_->commit(std::move(batch), Durability::kDurable));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, StorageErrorCode::kConflict);
}

// What is between a commit and its sync.
class Pending : public Faults {
 protected:
  // Runs `look` while a commit of "new" over "old" waits for its sync.
  void while_pending(const std::function<Task<void>()>& look) {
    open();
    ASSERT_TRUE(write(key_, "old").has_value());
    files_->close_gate();
    const auto writer = [&]() -> Task<void> {
      EXPECT_TRUE((co_await commit_write(*storage_, put(kTable, key_, "new"))).has_value());
    };
    const auto looker = [&]() -> Task<void> {
      files_->wait_for_a_sync();
      co_await look();
      files_->open_gate();
    };
    std::vector<Task<void>> tasks;
    tasks.push_back(writer());
    tasks.push_back(looker());
    run_together(std::move(tasks));
  }

  const std::string key_ = item_key(1);
};

TEST_F(Pending, WritesAreSeenByReadsForUpdateAndByNoOther) {
  while_pending([&]() -> Task<void> {
    const auto for_update = co_await storage_->get(item(kTable, key_), ReadMode::kForUpdate);
    const auto committed = co_await storage_->get(item(kTable, key_), ReadMode::kCommitted);
    const auto page = co_await storage_->range({.key_space = kTable, .limit_entries = 10});
    EXPECT_EQ(for_update->value, "new");
    EXPECT_EQ(committed->value, "old");
    EXPECT_EQ(page->entries.at(0).value, "old");
  });
  EXPECT_EQ(read(key_), "new");
}

TEST_F(Pending, WritesDoNotDelayReadsOfOtherItems) {
  while_pending([&]() -> Task<void> {
    const auto found = co_await storage_->get(item(kTable, item_key(2)), ReadMode::kForUpdate);
    EXPECT_FALSE(found->found);
  });
}

TEST_F(Pending, StatisticsCountWhatIsAcknowledged) {
  while_pending([&]() -> Task<void> {
    const auto stats = co_await storage_->stats(kTable);
    EXPECT_EQ(stats->entries, 0);
  });
}

TEST_F(Pending, AHotKeysUpdatesShareTheirSyncs) {
  open();
  const std::string key = item_key(1);
  const std::uint64_t before = files_->log_syncs();
  const auto client = [&]() -> Task<void> {
    for (int i = 0; i < 4; ++i) {
      const auto updated =
          co_await update(*storage_, item(kTable, key), [](const Bytes& value) { return value + "x"; });
      EXPECT_TRUE(updated.has_value());
    }
  };
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 64; ++i) tasks.push_back(client());
  run_together(std::move(tasks));
  EXPECT_EQ(read(key)->size(), 256u);
  EXPECT_LT(files_->log_syncs() - before, 64u);
}

TEST_F(Pending, BufferedCommitsDoNotSync) {
  open();
  const std::uint64_t before = files_->log_syncs();
  for (int i = 0; i < 20; ++i) {
    Batch batch;
    batch.writes.push_back(put(kTable, key_, "v"));
    ASSERT_TRUE(run(storage_->commit(std::move(batch), Durability::kBuffered)).has_value());
  }
  EXPECT_EQ(files_->log_syncs(), before);
}

class Closing : public Faults {};

TEST_F(Closing, CompletesWhatWasAccepted) {
  open();
  files_->close_gate();
  int acknowledged = 0;
  const auto writer = [&](int i) -> Task<void> {
    const std::string key = item_key(i);
    EXPECT_TRUE((co_await commit_write(*storage_, put(kTable, key, "v"))).has_value());
    ++acknowledged;
  };
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(writer(i));
  std::thread closer([&] {
    files_->wait_for_a_sync();
    std::thread opener([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      files_->open_gate();
    });
    storage_->close();
    opener.join();
  });
  run_together(std::move(tasks));
  closer.join();
  EXPECT_EQ(acknowledged, 10);
}

TEST_F(Closing, RefusesWhatComesLater) {
  open();
  storage_->close();
  const std::string key = item_key(1);
  const auto unavailable = [](const auto& result) {
    return !result.has_value() && result.error().code == StorageErrorCode::kUnavailable;
  };
  EXPECT_TRUE(unavailable(write(key, "v")));
  EXPECT_TRUE(unavailable(run(storage_->get(item(kTable, key), ReadMode::kCommitted))));
  EXPECT_TRUE(unavailable(run(storage_->range({.key_space = kTable, .limit_entries = 1}))));
  EXPECT_TRUE(unavailable(run(storage_->stats(kTable))));
  EXPECT_TRUE(unavailable(run(storage_->drop_key_space(kTable, Drop::kEverything))));
  storage_->close();
}

TEST_F(Durable, NumbersAboutItselfCountCommits) {
  open();
  ASSERT_TRUE(write(item_key(1), "v").has_value());
  EXPECT_EQ(number("armature_storage_commits_total"), 1);
}

// Caches and memory tables so small that entries are evicted, files written and the border between the caches moved all
// the time, on three threads. Each coroutine has keys of its own, so it knows what it must find.
TEST_F(Durable, TinyCachesUnderLoadTellTheTruth) {
  options_.cache_bytes = std::size_t{1} << 20;
  options_.memtable_bytes = std::size_t{2} << 20;
  open();
  constexpr int kKeys = 40;
  constexpr int kSteps = 500;
  const auto client = [&](int number) -> Task<void> {
    SeededRandom random(static_cast<std::uint64_t>(number));
    std::map<std::string, std::string> model;
    for (int step = 0; step < kSteps; ++step) {
      const std::string key = item_key(number * kKeys + static_cast<int>(random.below(kKeys)));
      const std::uint64_t what = random.below(8);
      if (what < 4) {
        Batch batch;
        if (what == 0) {
          batch.writes.push_back(erase(kTable, key));
          model.erase(key);
        } else {
          model[key] = std::to_string(step) + std::string(random.below(3000), 'x');
          batch.writes.push_back(put(kTable, key, model[key]));
        }
        const auto committed = co_await storage_->commit(std::move(batch), Durability::kBuffered);
        EXPECT_TRUE(committed.has_value());
      } else if (what < 7) {
        const auto found = co_await storage_->get(item(kTable, key), ReadMode::kCommitted);
        EXPECT_EQ(found->found ? found->value : "nothing", model.contains(key) ? model[key] : "nothing") << key;
      } else {
        const std::string begin = item_key(number * kKeys);
        const std::string end = item_key((number + 1) * kKeys);
        RangeRequest request;
        request.key_space = kTable;
        request.begin = begin;
        request.end = end;
        request.limit_entries = kKeys;
        const auto page = co_await storage_->range(request);
        EXPECT_EQ(page->entries.size(), model.size());
        for (const auto& entry : page->entries) EXPECT_EQ(entry.value, model[std::string(entry.key)]);
      }
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      std::vector<Task<void>> tasks;
      for (int c = 0; c < 8; ++c) tasks.push_back(client(t * 8 + c));
      run_together(std::move(tasks));
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(Durable, PointReadsKeepEntriesAndLeaveBlocksToRanges) {
  open();
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(write(item_key(i), Bytes(500, 'x')).has_value());
  close();
  open();
  const double before = number("armature_storage_block_cache_bytes");
  for (int i = 0; i < 300; ++i) EXPECT_EQ(read(item_key(i)), Bytes(500, 'x'));
  EXPECT_EQ(number("armature_storage_block_cache_bytes"), before);
  EXPECT_GT(number("armature_storage_entry_cache_bytes"), 300 * 500);
  ASSERT_TRUE(run(storage_->range({.key_space = kTable, .limit_entries = 1000})).has_value());
  EXPECT_GT(number("armature_storage_block_cache_bytes"), before + 300 * 500);
}

}  // namespace
}  // namespace armature::storage
