// links: armature_storage_rocksdb
// What a commit and a read cost in the engine of one machine. CPU is of the whole process: the loop, the committer and
// RocksDB's own threads.
//
//   storage_bench                      in the temporary directory
//   TMPDIR=/some/disk storage_bench    on the disk that matters: a commit waits for its sync
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/thread_executor.h"
#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {
namespace {

constexpr KeySpaceId kTable = kFirstUserKeySpace;
constexpr int kItems = 20'000;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// A fresh data directory, and the items' keys.
struct Bench {
  Bench() {
    char name[] = "/armature-bench-XXXXXX";
    directory = std::filesystem::temp_directory_path().string() + name;
    if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory");
    RocksdbOptions options;
    options.directory = directory + "/data";
    storage = std::move(open_rocksdb(options)).value();
    for (int i = 0; i < kItems; ++i) {
      const std::uint64_t token = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15ULL;
      Bytes key;
      append_u64_be(&key, token);
      keys.push_back(key + "customer-" + std::to_string(i));
    }
  }
  ~Bench() {
    storage.reset();
    std::filesystem::remove_all(directory);
  }

  Batch put(const Bytes& key, bool with_read, Version version) const {
    Batch batch;
    if (with_read) batch.reads.push_back({{kTable, key}, Space::kItems, key, version});
    batch.writes.push_back({.home = {kTable, key}, .space = Space::kItems, .key = key, .value = value});
    batch.stats.push_back({kTable, 1, 1024});
    return batch;
  }

  std::string directory;
  std::unique_ptr<RocksdbStorage> storage;
  std::vector<Bytes> keys;
  Bytes value = Bytes(1024, 'v');
  ThreadExecutor executor;
};

// `clients` coroutines write `count` items in all, each reading what it replaces first.
Task<void> write_together(Bench& bench, int clients, int count, Durability durability) {
  struct Join {
    Bench& bench;
    int clients, left, next = 0, count;
    Durability durability;
    std::coroutine_handle<> waiter;

    Task<void> client() {
      while (next < count) {
        const Bytes& key = bench.keys[static_cast<std::size_t>(next++ % kItems)];
        const ReadKey read{{kTable, key}, Space::kItems, key};
        const auto before = co_await bench.storage->get(read, ReadMode::kForUpdate);
        if (!co_await bench.storage->commit(bench.put(key, true, before->version), durability)) std::abort();
      }
    }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      waiter = handle;
      for (int i = 0; i < clients; ++i) {
        start(client(), [this] {
          if (--left == 0) bench.executor.post(waiter);
        });
      }
    }
    void await_resume() const {}
  };
  Join join{bench, clients, clients, 0, count, durability, {}};
  co_await join;
}

void read_modify_write(benchmark::State& state, Durability durability) {
  Bench bench;
  constexpr int kCount = 20'000;
  double cpu = 0;
  for (auto _ : state) {
    const double before = cpu_seconds();
    bench.executor.run_until(write_together(bench, static_cast<int>(state.range(0)), kCount, durability));
    cpu += cpu_seconds() - before;
  }
  const auto commits = static_cast<double>(state.iterations()) * kCount;
  double groups = 1;
  for (const auto& number : bench.storage->statistics()) {
    if (number.name == "armature_storage_commit_groups_total") groups = number.value;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(commits));
  state.counters["cpu_us_per_commit"] = cpu * 1e6 / commits;
  state.counters["commits_per_group"] = commits / groups;
}
void durable_update(benchmark::State& state) { read_modify_write(state, Durability::kDurable); }
void buffered_update(benchmark::State& state) { read_modify_write(state, Durability::kBuffered); }
BENCHMARK(durable_update)->Arg(1)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();
BENCHMARK(buffered_update)->Arg(64)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();

// Reads of items that are in memory: in the memtable as written (0), or in the block cache after a reopen (1).
void hot_get(benchmark::State& state) {
  Bench bench;
  bench.executor.run_until(write_together(bench, 64, kItems, Durability::kBuffered));
  if (state.range(0) == 1) {
    bench.storage.reset();
    RocksdbOptions options;
    options.directory = bench.directory + "/data";
    bench.storage = std::move(open_rocksdb(options)).value();
  }
  const auto read_all = [](Bench& on) -> Task<void> {
    for (const Bytes& key : on.keys) {
      const auto found = co_await on.storage->get({{kTable, key}, Space::kItems, key}, ReadMode::kCommitted);
      if (!found->found) std::abort();
    }
  };
  bench.executor.run_until(read_all(bench));
  double cpu = 0;
  for (auto _ : state) {
    const double before = cpu_seconds();
    bench.executor.run_until(read_all(bench));
    cpu += cpu_seconds() - before;
  }
  state.SetItemsProcessed(state.iterations() * kItems);
  state.counters["cpu_us_per_get"] = cpu * 1e6 / static_cast<double>(state.iterations() * kItems);
}
BENCHMARK(hot_get)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// A page of 100 items of 1 KB.
void range_100(benchmark::State& state) {
  Bench bench;
  bench.executor.run_until(write_together(bench, 64, kItems, Durability::kBuffered));
  const auto read_page = [](Bench& on) -> Task<void> {
    const auto page = co_await on.storage->range({.key_space = kTable, .limit_entries = 100});
    if (page->entries.size() != 100) std::abort();
  };
  for (auto _ : state) bench.executor.run_until(read_page(bench));
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(range_100)->Unit(benchmark::kMicrosecond);

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

void open_empty(benchmark::State& state) {
  std::size_t resident = 0;
  for (auto _ : state) {
    auto* bench = new Bench();
    benchmark::DoNotOptimize(bench->storage.get());
    resident = std::max(resident, resident_bytes());
    state.PauseTiming();
    delete bench;
    state.ResumeTiming();
  }
  state.counters["resident_MB"] = static_cast<double>(resident) / 1e6;
}
BENCHMARK(open_empty)->Unit(benchmark::kMillisecond)->Iterations(10)->UseRealTime();

}  // namespace
}  // namespace armature::storage
