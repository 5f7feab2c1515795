#include "stream/shard_plan.h"

#include <algorithm>
#include <optional>

namespace armature::stream {
namespace {

constexpr double kMicrosecondsPerSecond = 1e6;

// The bounds between partitions that lie inside of the range.
std::vector<std::uint32_t> cuts_inside(const TokenRange& range, std::span<const storage::Partition> partitions) {
  std::vector<std::uint32_t> cuts;
  for (const storage::Partition& partition : partitions) {
    const std::uint32_t cut = token_of(partition.begin);
    if (cut > range.begin && cut < range.end) cuts.push_back(cut);
  }
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

std::vector<std::uint32_t> tokens_inside(const TokenRange& range, const Sample& sample) {
  std::vector<std::uint32_t> tokens;
  for (const Sample::Record& record : sample.records) {
    if (range.contains(record.token)) tokens.push_back(record.token);
  }
  std::ranges::sort(tokens);
  return tokens;
}

// Where both halves of what the shard took are about the same; nullopt: one token took it all.
std::optional<std::uint32_t> middle_of(const TokenRange& range, const Sample& sample) {
  const std::vector<std::uint32_t> tokens = tokens_inside(range, sample);
  if (tokens.empty()) return std::nullopt;
  const auto middle = std::ranges::upper_bound(tokens.begin(), tokens.end(), tokens[(tokens.size() - 1) / 2]);
  if (middle == tokens.end()) return std::nullopt;
  return *middle;
}

void split(const Shard& shard, std::uint32_t cut, std::vector<NewShard>* begun) {
  begun->push_back({.range = {shard.range.begin, cut}, .parent = shard.id});
  begun->push_back({.range = {cut, shard.range.end}, .parent = shard.id});
}

std::size_t count_open(const Lineage& lineage) {
  return static_cast<std::size_t>(std::ranges::count_if(lineage.shards, &Shard::is_open));
}

}  // namespace

std::vector<NewShard> first_shards(std::span<const storage::Partition> partitions) {
  std::vector<NewShard> shards;
  TokenRange range;
  const std::uint64_t end = range.end;
  for (const std::uint32_t cut : cuts_inside(range, partitions)) {
    range.end = cut;
    shards.push_back({.range = range});
    range.begin = cut;
  }
  range.end = end;
  shards.push_back({.range = range});
  return shards;
}

void take_temperature(const Lineage& lineage, const Sample& sample, storage::Stamp now, const ShardRules& rules,
                      Heat* heat) {
  Heat next;
  storage::Stamp oldest = now;
  for (const Sample::Record& record : sample.records) oldest = std::min(oldest, record.stamp);
  // A sample that is not complete spans less than a second.
  const double span_s =
      sample.complete ? 1.0 : std::max(static_cast<double>(now - oldest), 1.0) / kMicrosecondsPerSecond;
  for (const Shard& shard : lineage.shards) {
    if (!shard.is_open()) continue;
    const double rate = static_cast<double>(tokens_inside(shard.range, sample).size()) / span_s;
    if (rate < rules.hot_records_per_s) continue;
    const auto before = heat->find(shard.id);
    next[shard.id] = 1 + (before == heat->end() ? 0 : before->second);
  }
  *heat = std::move(next);
}

std::vector<NewShard> next_shards(const Lineage& lineage, std::span<const storage::Partition> partitions,
                                  const Sample& sample, const Heat& heat, storage::Stamp now, const ShardRules& rules) {
  std::vector<NewShard> begun;
  std::size_t open = count_open(lineage);
  for (const Shard& shard : lineage.shards) {
    if (!shard.is_open()) continue;
    const std::vector<std::uint32_t> cuts = cuts_inside(shard.range, partitions);
    const auto looks = heat.find(shard.id);
    const bool hot = looks != heat.end() && looks->second >= rules.hot_looks && open < rules.most_shards_by_heat;
    const std::optional<std::uint32_t> middle = hot ? middle_of(shard.range, sample) : std::nullopt;
    const storage::Stamp dies = shard.id.begin + static_cast<storage::Stamp>(rules.lifetime_ms) * 1000;
    if (!cuts.empty()) {
      split(shard, cuts[cuts.size() / 2], &begun);
      ++open;
    } else if (middle) {
      split(shard, *middle, &begun);
      ++open;
    } else if (now >= dies) {
      begun.push_back({.range = shard.range, .parent = shard.id});
    }
  }
  return begun;
}

}  // namespace armature::stream
