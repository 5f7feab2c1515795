// The engines the suite runs on, and small words to speak to one.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_executor.h"
#include "storage/storage.h"
#include "support/temporary_directory.h"

namespace armature::storage {

using test::TemporaryDirectory;

class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual Storage& storage() = 0;
  // Lets follow-ups land that have not yet.
  virtual void settle() {}
};

struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<EngineUnderTest>()> make;
};

std::vector<EngineKind> all_engines();

inline constexpr KeySpaceId kTable = kFirstUserKeySpace;
inline constexpr KeySpaceId kOtherTable = kFirstUserKeySpace + 1;

// Keys as tables make them: 8 bytes of token first, so that partitions can be cut between them.
std::string item_key(int number);

// Views in a batch point outside of it, so what they name is built from keys that the test holds.
Write put(KeySpaceId key_space, BytesView position, BytesView value);
Write put(KeySpaceId key_space, Space space, BytesView position, BytesView key, BytesView value);
Write erase(KeySpaceId key_space, BytesView position);
ReadKey item(KeySpaceId key_space, BytesView key);
ReadCheck check(const ReadKey& key, Version version);

// Commits until there is no conflict: for batches without a read set, or with one that nothing else touches.
Task<StorageResult<CommitVersion>> commit_write(Storage& storage, Write write);

// What one read-modify-write did.
struct Updated {
  Bytes before;  // Empty if there was nothing.
  CommitVersion version = 0;
};
// Replaces the value of `key` by change(value), again and again until no conflict stops it.
Task<StorageResult<Updated>> update(Storage& storage, ReadKey key, std::function<Bytes(const Bytes&)> change);

// The fixture of everything that holds for every engine.
class EngineTest : public testing::TestWithParam<EngineKind> {
 protected:
  Storage& storage() { return engine_->storage(); }

  template <class T>
  T run(Task<T> task) {
    return executor_.run_until(std::move(task));
  }
  template <class T>
  static T expect(StorageResult<T> result) {
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
  }

  void commit(Batch batch) { expect(run(storage().commit(std::move(batch), Durability::kDurable))); }
  void write(Write write) {
    Batch batch;
    batch.writes.push_back(std::move(write));
    commit(std::move(batch));
  }
  // The value, or nothing.
  std::optional<Bytes> read(const ReadKey& key);
  std::optional<Bytes> read(KeySpaceId key_space, BytesView key) { return read(item(key_space, key)); }
  Version version_of(const ReadKey& key) { return expect(run(storage().get(key, ReadMode::kForUpdate))).version; }
  // Keys of one page.
  std::vector<Bytes> keys_of(RangeRequest request, bool* more = nullptr);
  void settle() { engine_->settle(); }

  std::unique_ptr<EngineUnderTest> engine_ = GetParam().make();
  ThreadExecutor executor_;
};

#define ARMATURE_ON_EVERY_ENGINE(Fixture)                                      \
  INSTANTIATE_TEST_SUITE_P(Engines, Fixture, testing::ValuesIn(all_engines()), \
                           [](const testing::TestParamInfo<EngineKind>& info) { return info.param.name; })

}  // namespace armature::storage
