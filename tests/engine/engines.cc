#include "engine/engines.h"

#include "storage/memory/memory_storage.h"
#include "storage/memory/simulated_storage.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

class MemoryUnderTest final : public EngineUnderTest {
 public:
  Storage& storage() override { return *storage_; }

 private:
  std::unique_ptr<Storage> storage_ = make_memory_storage();
};

class SimulatedUnderTest final : public EngineUnderTest {
 public:
  explicit SimulatedUnderTest(std::uint64_t seed) {
    SimulatedOptions options;
    options.seed = seed;
    options.longest_delay = std::chrono::microseconds(200);
    options.split_entries = 16;
    options.split_calls = 200;
    storage_ = make_simulated_storage(options);
  }
  Storage& storage() override { return *storage_; }
  void settle() override { storage_->settle(); }

 private:
  std::unique_ptr<SimulatedStorage> storage_;
};

class RocksdbUnderTest final : public EngineUnderTest {
 public:
  RocksdbUnderTest() {
    RocksdbOptions options;
    options.directory = directory_ / "data";
    options.logs_ahead = true;
    auto opened = open_rocksdb(options);
    if (!opened) throw std::runtime_error(opened.error().message);
    storage_ = std::move(opened).value();
  }
  Storage& storage() override { return *storage_; }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<RocksdbStorage> storage_;
};

}  // namespace

std::vector<EngineKind> all_engines() {
  std::vector<EngineKind> engines = {
      {"Memory", [] { return std::make_unique<MemoryUnderTest>(); }},
      {"Rocksdb", [] { return std::make_unique<RocksdbUnderTest>(); }},
  };
  for (const std::uint64_t seed : {1, 2, 3}) {
    engines.push_back(
        {"SimulatedSeed" + std::to_string(seed), [seed] { return std::make_unique<SimulatedUnderTest>(seed); }});
  }
  return engines;
}

std::string item_key(int number) {
  std::string digits = std::to_string(number);
  return std::string(8 - digits.size(), '0') + digits + "|item";
}

Write put(KeySpaceId key_space, BytesView position, BytesView value) {
  return put(key_space, Space::kItems, position, position, value);
}

Write put(KeySpaceId key_space, Space space, BytesView position, BytesView key, BytesView value) {
  return {.home = {key_space, position}, .space = space, .key = Bytes(key), .value = Bytes(value)};
}

Write erase(KeySpaceId key_space, BytesView position) {
  return {.home = {key_space, position}, .space = Space::kItems, .key = Bytes(position), .erase = true};
}

ReadKey item(KeySpaceId key_space, BytesView key) {
  return {.home = {key_space, key}, .space = Space::kItems, .key = key};
}

ReadCheck check(const ReadKey& key, Version version) {
  return {.home = key.home, .space = key.space, .key = key.key, .version = version};
}

Task<StorageResult<CommitVersion>> commit_write(Storage& storage, Write write) {
  Batch batch;
  batch.writes.push_back(std::move(write));
  co_return co_await storage.commit(std::move(batch), Durability::kDurable);
}

Task<StorageResult<Updated>> update(Storage& storage, ReadKey key, std::function<Bytes(const Bytes&)> change) {
  while (true) {
    CO_TRY_ASSIGN(Versioned current, co_await storage.get(key, ReadMode::kForUpdate));
    Batch batch;
    batch.reads.push_back(check(key, current.version));
    batch.writes.push_back(put(key.home.key_space, key.space, key.home.position, key.key, change(current.value)));
    auto committed = co_await storage.commit(std::move(batch), Durability::kDurable);
    if (committed) co_return Updated{std::move(current.value), *committed};
    if (committed.error().code != StorageErrorCode::kConflict) co_return Unexpected(std::move(committed).error());
    // Let the others run: without this, two coroutines of one loop could conflict for ever.
    co_await Yield();
  }
}

std::optional<Bytes> EngineTest::read(const ReadKey& key) {
  Versioned found = expect(run(storage().get(key, ReadMode::kCommitted)));
  return found.found ? std::optional(std::move(found.value)) : std::nullopt;
}

std::vector<Bytes> EngineTest::keys_of(RangeRequest request, bool* more) {
  const RangePage page = expect(run(storage().range(request)));
  std::vector<Bytes> keys;
  for (const Entry& entry : page.entries) keys.emplace_back(entry.key);
  if (more != nullptr) *more = page.more;
  return keys;
}

}  // namespace armature::storage
