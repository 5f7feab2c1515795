// Indexes and expiry entries of tables that are written while they are built: nothing is missed, nothing is left over.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/when_all.h"
#include "catalog/catalog.h"
#include "property/table/consistency.h"
#include "property/table/random_items.h"
#include "storage/memory/memory_storage.h"
#include "storage/memory/simulated_storage.h"
#include "storage/rocksdb/rocksdb_storage.h"
#include "support/temporary_directory.h"
#include "table/builder.h"

namespace armature {
namespace {

using namespace armature::test;
using namespace std::chrono_literals;

constexpr int kWriters = 4;
constexpr int kOldItems = 200;

struct Engine {
  std::unique_ptr<TemporaryDirectory> directory;
  std::unique_ptr<storage::Storage> storage;
  std::function<void()> settle = [] {};
};

std::unique_ptr<Engine> memory_engine(std::uint64_t) {
  auto engine = std::make_unique<Engine>();
  engine->storage = storage::make_memory_storage();
  return engine;
}

std::unique_ptr<Engine> simulated_engine(std::uint64_t seed) {
  storage::SimulatedOptions options;
  options.seed = seed;
  options.longest_delay = 100us;
  options.split_entries = 24;
  options.split_calls = 300;
  auto simulated = storage::make_simulated_storage(options);
  auto engine = std::make_unique<Engine>();
  engine->settle = [simulated = simulated.get()] { simulated->settle(); };
  engine->storage = std::move(simulated);
  return engine;
}

std::unique_ptr<Engine> rocksdb_engine(std::uint64_t) {
  auto engine = std::make_unique<Engine>();
  engine->directory = std::make_unique<TemporaryDirectory>();
  storage::RocksdbOptions options;
  options.directory = *engine->directory / "data";
  auto opened = storage::open_rocksdb(options);
  if (!opened) throw std::runtime_error(opened.error().message);
  engine->storage = std::move(*opened);
  return engine;
}

// A server's worth of objects, and clients that write until they are told to stop.
class World {
 public:
  World(std::unique_ptr<Engine> engine, std::uint64_t seed)
      : engine_(std::move(engine)),
        seed_(seed),
        catalog_(engine_->storage.get(), &clock_, "000000000000"),
        items_(engine_->storage.get(), &clock_, {.enforce_throughput = false}),
        builder_(&catalog_, engine_->storage.get(), {.save_every = 5ms}, nullptr) {}

  // Runs `script` while others write, and checks what is there afterwards.
  void run(const std::function<Task<int>(World*)>& script) {
    ThreadExecutor executor;
    executor.run_until(run_all(script));
    engine_->settle();
    check_consistency(engine_->storage.get(), *table());
    for (const storage::KeySpaceId dropped : dropped_) {
      EXPECT_TRUE(stored(engine_->storage.get(), {.key_space = dropped}).empty()) << "a dropped index has entries";
    }
  }

  TableRef table() { return catalog_.find("us-east-1", TableName{{}, {}, "t"}); }

  // --- What scripts do ---

  Task<int> change(std::function<void(TableDefinition*)> apply) {
    const Catalog::Change change = [&apply](const TableDefinition& current) -> Result<TableDefinition> {
      TableDefinition changed = current;
      apply(&changed);
      return changed;
    };
    {
      // Not held any longer: the builder waits for whoever does.
      const TableName name{{}, {}, "t"};
      const auto changed = co_await catalog_.update("us-east-1", name, change);
      EXPECT_EQ(error_text(changed), "ok");
    }
    co_return co_await build();
  }
  Task<int> add_index(const char* name) {
    return change([name](TableDefinition* table) {
      const TableDefinition all = random_table();
      IndexDefinition index = *all.find_index(name);
      index.id = 0;
      index.key_space = 0;
      index.status = IndexStatus::kCreating;
      index.build = BuildPhase::kErasing;
      table->global_indexes.push_back(index);
      table->attribute_definitions = all.attribute_definitions;
      table->status = TableStatus::kUpdating;
    });
  }
  Task<int> remove_index(const char* name) {
    dropped_.push_back(table()->find_index(name)->key_space);
    return change([name](TableDefinition* table) {
      for (IndexDefinition& index : table->global_indexes) {
        if (index.name == name) index.status = IndexStatus::kDeleting;
      }
      table->status = TableStatus::kUpdating;
    });
  }
  Task<int> set_expiry(TimeToLiveStatus status) {
    return change([status](TableDefinition* table) {
      table->time_to_live = {.status = status, .attribute = "n", .build = BuildPhase::kErasing, .build_position = {}};
    });
  }

 private:
  // Steps until everything that was asked for is there.
  Task<int> build() {
    int steps = 0;
    while (is_at_work(*table())) {
      const StepResult pause = co_await builder_.step();
      EXPECT_TRUE(pause) << pause.error();
      if (!pause || ++steps > 20'000) co_return 1;
      co_await SleepFor(std::min<std::chrono::nanoseconds>(*pause, 200us));
    }
    co_return 0;
  }
  static bool is_at_work(const TableDefinition& table) {
    return table.status == TableStatus::kUpdating || table.time_to_live.status == TimeToLiveStatus::kEnabling ||
           table.time_to_live.status == TimeToLiveStatus::kDisabling;
  }

  Task<int> run_all(const std::function<Task<int>(World*)>& script) {
    TableDefinition draft = random_table();
    draft.global_indexes.clear();
    for (IndexDefinition& index : draft.local_indexes) index.id = 0;
    draft.next_index_id = 1;
    {
      const auto created = co_await catalog_.create(std::move(draft));
      EXPECT_EQ(error_text(created), "ok");
    }
    co_await write_items_older_than_everything();

    std::vector<Task<int>> tasks;
    for (int i = 0; i < kWriters; ++i)
      tasks.push_back(write_until_stopped(seed_ * 100 + static_cast<std::uint64_t>(i)));
    tasks.push_back(direct(script));
    co_await when_all(std::move(tasks));
    co_return 0;
  }

  // Some of them do not fit an index: such an item is not in it.
  Task<int> write_items_older_than_everything() {
    RandomItems random(seed_);
    for (int i = 0; i < kOldItems; ++i) {
      std::vector<Attribute> item{{"p", random.partition_key()}, {"s", N(100 + i)}};
      if (random.one_in(2)) item.push_back({"n", random.number()});
      if (random.one_in(2)) item.push_back({"a", random.one_in(5) ? random.number() : random.string()});
      if (random.one_in(9)) item.push_back({"b", S("not binary")});
      const TableRef table = this->table();
      co_await put(table, arena()->copy_array(item));
    }
    co_return 0;
  }

  Task<int> direct(const std::function<Task<int>(World*)>& script) {
    const int result = co_await script(this);
    stopped_ = true;
    co_return result;
  }

  Task<int> write_until_stopped(std::uint64_t seed) {
    RandomItems random(seed);
    while (!stopped_) {
      const TableRef table = this->table();
      // Requests work by the definition they began with, and some take their time.
      if (random.one_in(10)) co_await SleepFor(std::chrono::microseconds(random.below(3000)));
      const std::span<const Attribute> key = random.one_in(3) ? old_key(&random) : random.key();
      if (random.one_in(4)) {
        co_await remove(table, key);
      } else {
        co_await put(table, random.item_of(key));
      }
      co_await SleepFor(std::chrono::microseconds(random.below(1000)));
    }
    co_return 0;
  }
  static std::span<const Attribute> old_key(RandomItems* random) {
    return attributes(
        {{"p", random->partition_key()}, {"s", N(static_cast<std::int64_t>(100 + random->below(kOldItems)))}});
  }

  Task<int> put(TableRef table, std::span<const Attribute> item) {
    Arena arena;
    auto key = bind_item_key(*table, item, &arena);
    const PutIntent intent{.key = std::move(*key), .item = item};
    const auto written = co_await items_.put(*table, intent, &arena);
    EXPECT_EQ(error_text(written), "ok");
    co_return 0;
  }
  Task<int> remove(TableRef table, std::span<const Attribute> key_attributes) {
    Arena arena;
    auto key = bind_key(*table, key_attributes, &arena);
    const DeleteIntent intent{.key = std::move(*key)};
    const auto written = co_await items_.remove(*table, intent, &arena);
    EXPECT_EQ(error_text(written), "ok");
    co_return 0;
  }

  const std::unique_ptr<Engine> engine_;
  const std::uint64_t seed_;
  ManualClock clock_{1'700'000'000'000};
  Catalog catalog_;
  ItemStore items_;
  Builder builder_;
  bool stopped_ = false;
  std::vector<storage::KeySpaceId> dropped_;
};

struct Kind {
  const char* name;
  std::unique_ptr<Engine> (*make)(std::uint64_t seed);
  std::uint64_t seeds;
};

class Build : public testing::TestWithParam<Kind> {
 protected:
  void run(const std::function<Task<int>(World*)>& script) {
    for (std::uint64_t seed = 1; seed <= GetParam().seeds; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      World world(GetParam().make(seed), seed);
      world.run(script);
      if (HasFailure()) return;
    }
  }
};

Task<int> script_new_index(World* world) {
  co_await world->add_index("by_a");
  co_return 0;
}
Task<int> script_indexes_come_and_go(World* world) {
  co_await world->add_index("by_n");
  co_await world->add_index("by_all");
  co_await world->remove_index("by_n");
  co_await world->add_index("by_n");
  co_await world->remove_index("by_all");
  co_return 0;
}
Task<int> script_expiry(World* world) {
  co_await world->set_expiry(TimeToLiveStatus::kEnabling);
  co_return 0;
}
Task<int> script_expiry_comes_and_goes(World* world) {
  co_await world->set_expiry(TimeToLiveStatus::kEnabling);
  co_await world->set_expiry(TimeToLiveStatus::kDisabling);
  co_return 0;
}

TEST_P(Build, AnIndexBuiltUnderWritesEqualsTheProjectionOfItsTable) { run(script_new_index); }
TEST_P(Build, IndexesThatComeAndGoUnderWritesLeaveNothingBehind) { run(script_indexes_come_and_go); }
TEST_P(Build, ExpiryEntriesBuiltUnderWritesNameEveryItemThatExpires) { run(script_expiry); }
TEST_P(Build, ExpiryEntriesAreGoneOnceExpiryIsOff) { run(script_expiry_comes_and_goes); }

INSTANTIATE_TEST_SUITE_P(Engines, Build,
                         testing::Values(Kind{"Memory", memory_engine, 3}, Kind{"Simulated", simulated_engine, 2},
                                         Kind{"Rocksdb", rocksdb_engine, 1}),
                         [](const testing::TestParamInfo<Kind>& info) { return info.param.name; });

}  // namespace
}  // namespace armature
