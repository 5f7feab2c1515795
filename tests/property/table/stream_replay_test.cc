// Whoever replays a stream from its beginning has the table, on every engine, while writers write, partitions split and
// shards come and go. Each record follows the one before it of its item: nothing is missed, repeated or out of order.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "catalog/catalog.h"
#include "property/table/random_items.h"
#include "storage/memory/memory_storage.h"
#include "storage/memory/simulated_storage.h"
#include "storage/rocksdb/rocksdb_storage.h"
#include "stream/record.h"
#include "support/temporary_directory.h"
#include "table/stream_keeper.h"
#include "table/stream_store.h"

namespace armature {
namespace {

using namespace armature::test;
using stream::Iterator;

class Engine {
 public:
  explicit Engine(const std::string& name, std::uint64_t seed) {
    if (name == "Memory") storage_ = storage::make_memory_storage();
    if (name == "Simulated") {
      storage_ = storage::make_simulated_storage({.seed = seed,
                                                  .longest_delay = std::chrono::microseconds(200),
                                                  .split_entries = 150,
                                                  .split_calls = 100'000});
    }
    if (name == "Rocksdb") {
      directory_ = std::make_unique<TemporaryDirectory>();
      auto opened = storage::open_rocksdb({.directory = *directory_ / "data"});
      if (!opened) throw std::runtime_error(opened.error().message);
      storage_ = std::move(opened).value();
    }
  }
  storage::Storage* get() { return storage_.get(); }

 private:
  std::unique_ptr<TemporaryDirectory> directory_;
  std::unique_ptr<storage::Storage> storage_;
};

// Reads a stream as consumers do: parents to their end before their children.
class Consumer {
 public:
  Consumer(StreamStore* streams, TableRef table, std::uint64_t seed)
      : streams_(*streams), table_(std::move(table)), random_(seed) {}

  // What the items are according to the records seen so far, by their encoded keys.
  std::map<Bytes, Bytes> items;
  std::size_t records = 0;
  std::set<stream::ShardId> done;

  Task<void> poll() {
    auto lineage = co_await streams_.readable_shards(*table_, *table_->stream);
    EXPECT_EQ(error_text(lineage), "ok");
    for (const stream::Shard& shard : lineage->shards) {
      const bool waits = shard.parent && lineage->find(*shard.parent) != nullptr && !done.contains(*shard.parent);
      if (!done.contains(shard.id) && !waits) co_await read(shard.id);
    }
  }

 private:
  struct Place {
    Iterator::Kind kind = Iterator::Kind::kOldest;
    stream::SequenceNumber position;
  };

  Task<void> read(stream::ShardId id) {
    Place& place = places_[id];
    while (true) {
      const StreamReadRequest request{.shard = id,
                                      .kind = place.kind,
                                      .position = place.position,
                                      .position_made_at_ms = clock_.now_ms(),
                                      .limit = 1 + random_.below(20)};
      const auto page = co_await streams_.read(*table_, *table_->stream, request);
      EXPECT_EQ(error_text(page), "ok");
      if (!page) co_return;
      for (const StreamPage::Record& record : page->records) apply(record);
      if (page->ended) {
        done.insert(id);
        co_return;
      }
      place = {page->next_kind, page->next};
      if (page->next_kind == Iterator::Kind::kCaughtUp) co_return;
    }
  }

  void apply(const StreamPage::Record& record) {
    ++records;
    EXPECT_TRUE(numbers_.insert(record.number).second) << "a record came twice";
    const Bytes key(record.view.keys);
    const auto before = items.find(key);
    EXPECT_EQ(record.view.old_image, before == items.end() ? BytesView() : BytesView(before->second));
    if (record.view.new_image.empty()) {
      items.erase(key);
    } else {
      items[key] = Bytes(record.view.new_image);
    }
  }

  StreamStore& streams_;
  const TableRef table_;
  SeededRandom random_;
  const SystemClock clock_;
  std::map<stream::ShardId, Place> places_;
  std::set<stream::SequenceNumber> numbers_;
};

Task<void> write_some(ItemStore* store, TableRef table, std::uint64_t seed, int writes) {
  RandomItems random(seed);
  Arena arena;
  for (int i = 0; i < writes; ++i) {
    const std::span<const Attribute> key = random.key();
    const bool removes = random.one_in(3);
    const std::span<const Attribute> item = random.item_of(key);
    auto bound = bind_item_key(*table, item, &arena);
    EXPECT_EQ(error_text(bound), "ok");
    if (removes) {
      const DeleteIntent remove{.key = std::move(*bound)};
      const auto done = co_await store->remove(*table, remove, &arena);
      EXPECT_EQ(error_text(done), "ok");
    } else {
      const PutIntent put{.key = std::move(*bound), .item = item};
      const auto done = co_await store->put(*table, put, &arena);
      EXPECT_EQ(error_text(done), "ok");
    }
  }
}

// Keeps the shards until told to stop.
Task<void> keep(StreamKeeper* keeper, std::atomic<bool>* stop) {
  while (!*stop) {
    const auto kept = co_await keeper->step();
    EXPECT_TRUE(kept.has_value()) << (kept ? "" : kept.error());
    co_await SleepFor(std::chrono::milliseconds(5));
  }
}

std::map<Bytes, Bytes> items_of(storage::Storage* storage, const TableDefinition& table) {
  std::map<Bytes, Bytes> items;
  const auto page = sync_wait(
      storage->range({.key_space = table.key_space, .limit_entries = 100'000, .limit_bytes = std::size_t{1} << 30}));
  EXPECT_TRUE(page && !page->more);
  for (const storage::Entry& entry : page->entries) {
    const ItemView item(entry.value);
    std::vector<Attribute> key;
    for (const char* name : {"p", "s"}) key.push_back({name, item.find(name)->decode(arena())});
    items.emplace(encode_item(key), entry.value);
  }
  return items;
}

class StreamReplay : public ::testing::TestWithParam<std::string> {};

TEST_P(StreamReplay, RebuildsTheTable) {
  constexpr int kThreads = 2;
  constexpr int kCoroutines = 4;
  constexpr int kWrites = 60;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Engine engine(GetParam(), seed);
    const SystemClock clock;
    Catalog catalog(engine.get(), &clock, "000000000000");
    TableDefinition draft = table("t").pk("p", 'S').sk("s", 'N').gsi("by_a", {{"a", 'S'}});
    draft.stream = StreamDefinition{.id = 1, .label = "l", .enabled = true};
    for (IndexDefinition& index : draft.global_indexes) index.id = 0;  // The catalog gives ids.
    const auto created = sync_wait(catalog.create(std::move(draft), StreamStore::add_first_shards));
    ASSERT_EQ(error_text(created), "ok");
    ItemStore items(engine.get(), &clock, {});
    StreamStore streams(engine.get(), &catalog, &clock, {.shards = {.lifetime_ms = 10}});
    StreamKeeper keeper(engine.get(), &catalog, &streams, &clock);

    std::atomic<bool> stop = false;
    std::atomic<int> running = kThreads;
    std::thread keeping([&] { sync_wait(keep(&keeper, &stop)); });
    std::vector<std::thread> writing;
    for (int t = 0; t < kThreads; ++t) {
      writing.emplace_back([&, t] {
        ThreadExecutor executor;
        int left = kCoroutines;
        const auto all = [&]() -> Task<void> {
          for (int c = 0; c < kCoroutines; ++c) {
            start(write_some(&items, *created, seed * 100 + static_cast<std::uint64_t>(t * 10 + c), kWrites),
                  [&] { --left; });
          }
          while (left > 0) co_await SleepFor(std::chrono::milliseconds(1));
        };
        executor.run_until(all());
        --running;
      });
    }
    Consumer consumer(&streams, *created, seed);
    ThreadExecutor executor;
    while (running > 0) executor.run_until(consumer.poll());
    for (std::thread& thread : writing) thread.join();
    // Writing may have been faster than a shard lives.
    while (consumer.done.empty()) executor.run_until(consumer.poll());
    stop = true;
    keeping.join();
    // Children of what ended last.
    for (std::size_t before = 1; before != 0;) {
      const std::size_t known = consumer.done.size() + consumer.records;
      executor.run_until(consumer.poll());
      before = consumer.done.size() + consumer.records - known;
    }
    EXPECT_EQ(consumer.items, items_of(engine.get(), **created));
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, StreamReplay, ::testing::Values("Memory", "Simulated", "Rocksdb"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace armature
