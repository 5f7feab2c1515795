// Metrics: counters, gauges and histograms cheap enough for the hot path (a few nanoseconds an observation),
// and the registry that renders them in Prometheus' text format.
//
// Everything here is thread-safe. What a registry returns lives as long as the registry; look a metric up once
// and keep the reference, because looking up takes a lock.
// Source: Prometheus documentation, "Exposition formats".
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace armature {

namespace metrics_detail {

// Threads write to different cache lines, so that event loops do not slow each other down by counting.
constexpr std::size_t kShards = 4;

std::size_t assign_shard();

inline std::size_t this_shard() {
  constinit thread_local std::size_t shard = kShards;
  if (shard == kShards) [[unlikely]] {
    shard = assign_shard();
  }
  return shard;
}

}  // namespace metrics_detail

// A sum that only grows.
class Counter {
 public:
  void add(std::uint64_t amount = 1) {
    shards_[metrics_detail::this_shard()].value.fetch_add(amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const;

 private:
  struct alignas(64) Shard {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Shard, metrics_detail::kShards> shards_;
};

// A value that goes up and down.
class Gauge {
 public:
  void add(std::int64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void subtract(std::int64_t amount = 1) { value_.fetch_sub(amount, std::memory_order_relaxed); }
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  alignas(64) std::atomic<std::int64_t> value_{0};
};

// What a histogram counts: durations are observed in nanoseconds and rendered in seconds, as Prometheus wants
// them; plain values (bytes, batch sizes) are rendered as they are.
enum class HistogramUnit { kSeconds, kPlain };

// A distribution in buckets of at most 1/8 of their value in width, so quantiles err by 12.5% at most.
// Values of 2^40 and more (18 minutes, 1 TiB) share the last bucket.
class Histogram {
 public:
  explicit Histogram(HistogramUnit unit) : unit_(unit) {}

  void observe(std::uint64_t value) {
    Shard& shard = shards_[metrics_detail::this_shard()];
    shard.buckets[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
    shard.sum.fetch_add(value, std::memory_order_relaxed);
  }
  void observe(std::chrono::nanoseconds duration) {
    observe(duration.count() < 0 ? 0 : static_cast<std::uint64_t>(duration.count()));
  }

  // Everything observed so far, in the raw unit. Taken while others observe, it may miss the newest.
  struct Snapshot {
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> buckets;  // By bucket index, not cumulative.

    // The value below which `fraction` (0 to 1) of the observations lie, interpolated; 0 when there are none.
    double quantile(double fraction) const;
  };
  Snapshot snapshot() const;
  HistogramUnit unit() const { return unit_; }

  // Bucket `index` holds the values in [lower_bound(index), lower_bound(index + 1)).
  static std::uint64_t lower_bound(std::size_t index);

  static constexpr int kSubBucketBits = 3;
  static constexpr int kLargestBits = 40;
  static constexpr std::size_t kBuckets = (std::size_t{1} << kSubBucketBits) * (kLargestBits - kSubBucketBits + 1) + 1;

 private:
  static std::size_t bucket_of(std::uint64_t value) {
    constexpr std::uint64_t kLinear = std::uint64_t{1} << kSubBucketBits;
    if (value < kLinear) return static_cast<std::size_t>(value);
    const int exponent = std::bit_width(value) - 1;
    if (exponent >= kLargestBits) return kBuckets - 1;
    const int shift = exponent - kSubBucketBits;
    return (static_cast<std::size_t>(shift) << kSubBucketBits) + static_cast<std::size_t>(value >> shift);
  }

  struct alignas(64) Shard {
    std::atomic<std::uint64_t> sum{0};
    std::array<std::atomic<std::uint64_t>, kBuckets> buckets{};
  };
  const HistogramUnit unit_;
  std::array<Shard, metrics_detail::kShards> shards_;
};

struct MetricLabel {
  std::string_view name;
  std::string_view value;
};
using MetricLabels = std::initializer_list<MetricLabel>;

// One number of a registry at one moment, for those who draw it themselves.
struct MetricSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;                      // A histogram's count.
  const Histogram* histogram = nullptr;  // Set when it is one.
};

class MetricsRegistry {
 public:
  // Keeps a metric that is computed when read; it is gone once this is destroyed, which the registry must outlive.
  class [[nodiscard]] Registration {
   public:
    Registration() = default;
    explicit Registration(std::function<void()> remove) : remove_(std::move(remove)) {}
    Registration(Registration&& other) noexcept : remove_(std::exchange(other.remove_, nullptr)) {}
    Registration& operator=(Registration&& other) noexcept {
      if (remove_) remove_();
      remove_ = std::exchange(other.remove_, nullptr);
      return *this;
    }
    ~Registration() {
      if (remove_) remove_();
    }

   private:
    std::function<void()> remove_;
  };

  MetricsRegistry();
  ~MetricsRegistry();
  MetricsRegistry(const MetricsRegistry&) = delete;
  MetricsRegistry& operator=(const MetricsRegistry&) = delete;

  // The metric of that name and those labels, made at the first call. Names are of letters, digits and '_' and
  // end as Prometheus' conventions ask (counters "_total", durations "_seconds"). One name is one kind of metric,
  // with one help text: the first one given. A second kind under the same name is a bug and asserts.
  Counter& counter(std::string_view name, std::string_view help, MetricLabels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, MetricLabels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, MetricLabels labels = {},
                       HistogramUnit unit = HistogramUnit::kSeconds);

  // Metrics whose value is asked for when somebody reads them: `read` must be thread-safe, quick, and must not use
  // this registry. The same name and labels given again replace the function.
  Registration gauge_function(std::string_view name, std::string_view help, MetricLabels labels,
                              std::function<double()> read);
  Registration counter_function(std::string_view name, std::string_view help, MetricLabels labels,
                                std::function<double()> read);

  // Everything, in the text format, families in the order of their names.
  // Content type: "text/plain; version=0.0.4; charset=utf-8".
  std::string render() const;

  std::vector<MetricSample> samples() const;

 private:
  enum class Kind { kCounter, kGauge, kHistogram, kGaugeFunction, kCounterFunction };
  struct Series;
  struct Family;

  Family& family(std::string_view name, std::string_view help, Kind kind);
  static Series& series(Family& family, MetricLabels labels);
  Registration add_function(Kind kind, std::string_view name, std::string_view help, MetricLabels labels,
                            std::function<double()> read);
  static double read(const Family& family, const Series& series);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;  // Guarded by mutex_.
  std::uint64_t next_registration_ = 1;                                   // Guarded by mutex_.
};

}  // namespace armature
