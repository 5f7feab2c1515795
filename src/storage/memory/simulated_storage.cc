#include "storage/memory/simulated_storage.h"

#include "base/executor.h"
#include "storage/memory/simulated_cluster.h"

namespace armature::storage {
namespace {

class SimulatedEngine final : public SimulatedStorage {
 public:
  explicit SimulatedEngine(const SimulatedOptions& options) : cluster_(options) {}

  Task<StorageResult<Versioned>> get(ReadKey key, ReadMode mode) override {
    Versioned result = co_await read(key, mode);
    co_return result;
  }

  Task<StorageResult<std::vector<Versioned>>> get_many(std::span<const ReadKey> keys, ReadMode mode) override {
    // Each at its own time: together they are no snapshot.
    std::vector<Versioned> results;
    for (const ReadKey& key : keys) results.push_back(co_await read(key, mode));
    co_return results;
  }

  Task<StorageResult<RangePage>> range(RangeRequest request) override {
    const bool in_one_partition =
        request.space == Space::kStream || request.space == Space::kTtl || request.space == Space::kOutbox;
    PageBuilder page(request);
    if (in_one_partition) {
      co_await travel();
      cluster_.read_partition(request, &page);
    } else {
      std::optional<Bytes> position;
      if (!request.reverse) position = Bytes(request.begin);
      if (request.reverse && !request.end.empty()) position = Bytes(request.end);
      for (bool complete = false; !complete;) {
        co_await travel();
        SimulatedCluster::Step step = cluster_.read_range(request, position, &page);
        position = std::move(step.next);
        complete = step.complete;
      }
    }
    co_await travel();
    co_return std::move(page).take();
  }

  Task<StorageResult<CommitVersion>> commit(Batch batch, Durability) override {
    co_await travel();
    StorageResult<CommitVersion> result = cluster_.commit(batch);
    co_await travel();
    co_return result;
  }

  Task<StorageResult<Stamp>> stamp(KeySpaceId) override {
    co_await travel();
    const Stamp stamp = cluster_.stamp();
    co_await travel();
    co_return stamp;
  }

  Task<StorageResult<std::vector<Partition>>> partitions(KeySpaceId key_space) override {
    co_await travel();
    co_return cluster_.partitions(key_space);
  }

  Task<StorageResult<KeySpaceStats>> stats(KeySpaceId key_space) override {
    co_await travel();
    co_return cluster_.stats(key_space);
  }

  Task<StorageResult<void>> drop_key_space(KeySpaceId key_space, Drop drop) override {
    co_await travel();
    cluster_.drop(key_space, drop);
    co_await travel();
    co_return StorageResult<void>();
  }

  Task<StorageResult<void>> erase_stream(KeySpaceId key_space, PartitionId partition, BytesView begin,
                                         BytesView end) override {
    co_await travel();
    cluster_.erase_stream(key_space, partition, begin, end);
    co_await travel();
    co_return StorageResult<void>();
  }

  void settle() override { cluster_.settle(); }

 private:
  SleepFor travel() { return SleepFor(cluster_.next_delay()); }

  Task<Versioned> read(ReadKey key, ReadMode mode) {
    PartitionId partition = cluster_.route(key.home.key_space, key.home.position);
    while (true) {
      co_await travel();
      std::optional<Versioned> result = cluster_.read(partition, key, mode);
      if (result.has_value()) {
        co_await travel();
        co_return std::move(*result);
      }
      partition = cluster_.follow_link(key.home.key_space, key.home.position);
    }
  }

  SimulatedCluster cluster_;
};

}  // namespace

std::unique_ptr<SimulatedStorage> make_simulated_storage(const SimulatedOptions& options) {
  return std::make_unique<SimulatedEngine>(options);
}

}  // namespace armature::storage
