// Latencies in buckets of at most 1/64 of their value: quantiles within 1.6%. Not thread-safe; merge when the threads
// are done.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace armature::cmd {

class LatencyHistogram {
 public:
  void record(std::uint64_t nanoseconds) {
    ++buckets_[index_of(nanoseconds)];
    ++count_;
    sum_ += nanoseconds;
    if (nanoseconds > largest_) largest_ = nanoseconds;
  }

  void merge(const LatencyHistogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    if (other.largest_ > largest_) largest_ = other.largest_;
  }

  // The smallest latency that `fraction` of all do not exceed, in nanoseconds.
  std::uint64_t quantile(double fraction) const {
    const auto wanted = static_cast<std::uint64_t>(fraction * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return upper_bound(i) < largest_ ? upper_bound(i) : largest_;
    }
    return largest_;
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t largest() const { return largest_; }
  double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }

 private:
  static constexpr int kSubBits = 6;
  static constexpr std::size_t kSub = std::size_t{1} << kSubBits;

  static std::size_t index_of(std::uint64_t value) {
    if (value < kSub) return value;
    const int shift = std::bit_width(value) - 1 - kSubBits;
    return (static_cast<std::size_t>(shift) + 1) * kSub + ((value >> shift) - kSub);
  }
  static std::uint64_t upper_bound(std::size_t index) {
    if (index < kSub) return index;
    const std::size_t shift = index / kSub - 1;
    return ((static_cast<std::uint64_t>(index % kSub) + kSub + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kSubBits + 1) * kSub> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace armature::cmd
