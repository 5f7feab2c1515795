#include "storage/rocksdb/cache_balance.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>

namespace armature::storage {
namespace {

constexpr std::size_t kSteps = 1024;
constexpr std::size_t kMostSteps = 16;  // At once.
// The border moves this far for every miss that one side regrets more than the other: about what one of them would have
// needed. A miss costs about the same on either side, some ten microseconds.
constexpr std::int64_t kBytesPerRegret = 1500;

constexpr std::size_t kBlockBytes = 4096;  // About.
// An index block covers a file of tens of megabytes, and reading one costs as much as many data blocks.
constexpr std::uint64_t kBlocksOfAnIndex = 16;

// Sampled so that what fits into the window of a large machine fits into the slots.
constexpr std::uint32_t kEntrySample = 64;
constexpr std::uint32_t kRangeSample = 16;
constexpr std::size_t kMostSlots = std::size_t{1} << 16;
constexpr std::size_t kWindowBytesPerSlot = std::size_t{64} << 10;

std::uint64_t hash_of(KeySpaceId key_space, BytesView key) {
  const std::uint64_t hash = std::hash<BytesView>()(key) ^ (key_space * 0x9e3779b97f4a7c15ULL);
  return (hash ^ (hash >> 32)) * 0x94d049bb133111ebULL;
}

}  // namespace

RecentMisses::RecentMisses(std::size_t window_bytes, std::uint32_t sample)
    : sample_(sample),
      window_kib_(static_cast<std::uint32_t>(window_bytes >> 10)),
      slots_(std::clamp(std::bit_ceil(window_bytes / kWindowBytesPerSlot), std::size_t{64}, kMostSlots)) {}

RecentMisses::Note RecentMisses::note(std::uint64_t hash, std::size_t bytes) {
  if (hash % sample_ != 0) return {};
  const std::uint64_t missed = missed_bytes_.fetch_add(bytes * sample_, std::memory_order_relaxed);
  const std::uint32_t now_kib = static_cast<std::uint32_t>(missed >> 10);  // Comes round after 4 TB.
  const std::uint64_t name = (hash >> 32) | 1;
  std::atomic<std::uint64_t>& slot = slots_[(hash / sample_) & (slots_.size() - 1)];
  const std::uint64_t before = slot.exchange(name << 32 | now_kib, std::memory_order_relaxed);
  const std::uint32_t age_kib = now_kib - static_cast<std::uint32_t>(before);
  return {.bytes = bytes * sample_, .again = before >> 32 == name && age_kib <= window_kib_};
}

CacheBalance::CacheBalance(std::size_t total_bytes, EntryCache& entries, rocksdb::Cache& blocks)
    : total_bytes_(total_bytes),
      least_bytes_(total_bytes / 8),
      step_bytes_(std::max<std::size_t>(1, total_bytes / kSteps)),
      entries_(entries),
      blocks_(blocks),
      missed_entries_(total_bytes, kEntrySample),
      missed_ranges_(total_bytes, kRangeSample),
      entry_bytes_(total_bytes - first_block_cache_bytes(total_bytes)) {}

void CacheBalance::missed_entry(KeySpaceId key_space, BytesView key, std::size_t bytes) {
  missed(Side::kEntries, missed_entries_.note(hash_of(key_space, key), bytes), kEntrySample);
}

void CacheBalance::missed_range(KeySpaceId key_space, BytesView begin, std::uint64_t blocks) {
  missed(Side::kBlocks, missed_ranges_.note(hash_of(key_space, begin), blocks * kBlockBytes), blocks * kRangeSample);
}

void CacheBalance::missed(Side side, RecentMisses::Note note, std::uint64_t misses) {
  if (note.bytes == 0 || has_slack(side)) return;  // With slack the miss is of something new, not of something evicted.
  if (has_slack(side == Side::kEntries ? Side::kBlocks : Side::kEntries)) return grow(side, note.bytes);
  if (note.again) regret(side, misses);
}

void CacheBalance::missed_blocks_for_certain(std::uint64_t blocks) {
  if (has_slack(Side::kBlocks)) return;
  if (has_slack(Side::kEntries)) return grow(Side::kBlocks, blocks * kBlocksOfAnIndex * kBlockBytes);
  regret(Side::kBlocks, blocks * kBlocksOfAnIndex);
}

void CacheBalance::regret(Side side, std::uint64_t misses) {
  const std::int64_t change =
      side == Side::kEntries ? static_cast<std::int64_t>(misses) : -static_cast<std::int64_t>(misses);
  const std::int64_t now = regrets_.fetch_add(change, std::memory_order_relaxed) + change;
  const std::size_t bytes = static_cast<std::size_t>(std::abs(now) * kBytesPerRegret);
  if (bytes < step_bytes_) return;
  regrets_.store(0, std::memory_order_relaxed);
  grow(now > 0 ? Side::kEntries : Side::kBlocks, bytes);
}

// Shards fill unevenly, so the last sixteenth is no slack.
bool CacheBalance::has_slack(Side side) const {
  const bool of_entries = side == Side::kEntries;
  const std::size_t capacity = of_entries ? entries_.capacity_bytes() : blocks_.GetCapacity();
  const std::size_t used = of_entries ? entries_.used_bytes() + entries_.granularity_bytes() : blocks_.GetUsage();
  return used + capacity / 16 + step_bytes_ <= capacity;
}

// The side that shrinks gives its memory back before the other may take it.
void CacheBalance::grow(Side side, std::size_t bytes) {
  const std::size_t change = std::clamp(bytes, step_bytes_, kMostSteps * step_bytes_);
  const std::unique_lock lock(moving_, std::try_to_lock);
  if (!lock) return;  // Another thread moves it now.
  if (side == Side::kEntries) {
    entry_bytes_ = std::min(entry_bytes_ + change, total_bytes_ - least_bytes_);
    blocks_.SetCapacity(total_bytes_ - entry_bytes_);
    entries_.set_capacity(entry_bytes_);
  } else {
    entry_bytes_ = std::max(entry_bytes_ - std::min(entry_bytes_, change), least_bytes_);
    entries_.set_capacity(entry_bytes_);
    blocks_.SetCapacity(total_bytes_ - entry_bytes_);
  }
}

}  // namespace armature::storage
