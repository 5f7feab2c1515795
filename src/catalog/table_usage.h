// What a table was asked for since this server began to know it, for metrics. All revisions of a table's definition
// share one, and it goes with the last of them.
//
// Thread-safe: a few nanoseconds each, without locks; each group of threads writes to a cache line of its own.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/metrics.h"

namespace armature {

enum class UsageKind : std::uint8_t { kRead, kWrite };

class TableUsage {
 public:
  // A request that reached the table, counted once for each table it names; `failed`: it was answered with an error.
  void count_request(UsageKind kind, bool failed) {
    Shard& shard = this_shard();
    add(&shard.requests[index(kind)], 1);
    if (failed) add(&shard.errors[index(kind)], 1);
  }
  // A read or write of items that was refused because the table's or index's throughput was used up. A batch may have
  // several and still succeed in part.
  void count_throttle(UsageKind kind) { add(&this_shard().throttles[index(kind)], 1); }
  void count_capacity(std::int64_t read_half_units, std::int64_t write_half_units) {
    Shard& shard = this_shard();
    if (read_half_units > 0) add(&shard.read_half_units, static_cast<std::uint64_t>(read_half_units));
    if (write_half_units > 0) add(&shard.write_half_units, static_cast<std::uint64_t>(write_half_units));
  }

  // By kind where there are two.
  struct Totals {
    std::array<std::uint64_t, 2> requests{};
    std::array<std::uint64_t, 2> errors{};
    std::array<std::uint64_t, 2> throttles{};
    std::uint64_t read_half_units = 0;
    std::uint64_t write_half_units = 0;

    std::uint64_t all_requests() const { return requests[0] + requests[1]; }
    std::uint64_t all_errors() const { return errors[0] + errors[1]; }
    std::uint64_t all_throttles() const { return throttles[0] + throttles[1]; }
    bool any() const { return all_requests() + all_throttles() + read_half_units + write_half_units > 0; }

    Totals& operator+=(const Totals& more) {
      return combine(more, [](std::uint64_t a, std::uint64_t b) { return a + b; });
    }
    // `before`: what the same counters were earlier.
    Totals& operator-=(const Totals& before) {
      return combine(before, [](std::uint64_t a, std::uint64_t b) { return a - b; });
    }

   private:
    template <class Operation>
    Totals& combine(const Totals& other, Operation operation) {
      for (std::size_t kind = 0; kind < 2; ++kind) {
        requests[kind] = operation(requests[kind], other.requests[kind]);
        errors[kind] = operation(errors[kind], other.errors[kind]);
        throttles[kind] = operation(throttles[kind], other.throttles[kind]);
      }
      read_half_units = operation(read_half_units, other.read_half_units);
      write_half_units = operation(write_half_units, other.write_half_units);
      return *this;
    }
  };
  Totals totals() const {
    Totals sum;
    for (const Shard& shard : shards_) {
      for (std::size_t kind = 0; kind < 2; ++kind) {
        sum.requests[kind] += shard.requests[kind].load(std::memory_order_relaxed);
        sum.errors[kind] += shard.errors[kind].load(std::memory_order_relaxed);
        sum.throttles[kind] += shard.throttles[kind].load(std::memory_order_relaxed);
      }
      sum.read_half_units += shard.read_half_units.load(std::memory_order_relaxed);
      sum.write_half_units += shard.write_half_units.load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  using Number = std::atomic<std::uint64_t>;
  struct alignas(64) Shard {
    std::array<Number, 2> requests{};
    std::array<Number, 2> errors{};
    std::array<Number, 2> throttles{};
    Number read_half_units{0};
    Number write_half_units{0};
  };
  static_assert(sizeof(Shard) == 64, "one cache line");

  static std::size_t index(UsageKind kind) { return static_cast<std::size_t>(kind); }
  static void add(Number* number, std::uint64_t amount) { number->fetch_add(amount, std::memory_order_relaxed); }
  Shard& this_shard() { return shards_[metrics_detail::this_shard()]; }

  std::array<Shard, metrics_detail::kShards> shards_;
};

}  // namespace armature
