#include "stream/shard.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/stamp_clock.h"
#include "stream/shard_plan.h"

namespace armature::stream {
namespace {

constexpr std::uint64_t kAllTokens = std::uint64_t{1} << 32;
constexpr storage::Stamp kSecond = 1'000'000;

// Rows as an engine keeps them.
class Rows {
 public:
  void add(storage::Stamp stamp, const NewShard& shard) { add(stamp, encode_shard(1, shard)); }
  void end(storage::Stamp stamp) { add(stamp, encode_end(1)); }
  Lineage lineage() const {
    std::vector<storage::Entry> entries;
    for (const auto& [key, value] : rows_) entries.push_back({key, value});
    const auto decoded = decode_lineage(entries);
    EXPECT_TRUE(decoded.has_value());
    return decoded.value_or(Lineage{});
  }

 private:
  void add(storage::Stamp stamp, ShardRow row) {
    storage::Write write{.home = {1024, {}}, .space = storage::Space::kStream, .key = row.key};
    write.stamp_at = row.stamp_at;
    rows_.emplace_back(storage::stamped_key(write, stamp), row.value);
    EXPECT_TRUE(is_shard_key(rows_.back().first));
    EXPECT_TRUE(is_valid_shard_row(rows_.back().first, rows_.back().second));
  }
  std::vector<std::pair<Bytes, Bytes>> rows_;
};

Shard open_shard(storage::Stamp begin, std::uint32_t token = 0, std::uint64_t end = kAllTokens) {
  return {.id = {begin, token}, .range = {token, end}, .parent = {}, .begin = begin, .end = {}};
}

TEST(ShardId, LooksLikeDynamoDbs) {
  const ShardId id{1'795'000'000'000'123, 0xf55eea83};
  EXPECT_EQ(to_text(id), "shardId-00001795000000000123-f55eea83");
  EXPECT_EQ(parse_shard_id(to_text(id)), id);
}

TEST(ShardId, RefusesOtherTexts) {
  for (const std::string_view text :
       {"", "shardId-", "shardId-00001795000000000123-F55EEA83", "shardId-00001795000000000123-f55eea8",
        "shardid-00001795000000000123-f55eea83", "shardId-99999999999999999999-f55eea83",
        "shardId-+0001795000000000123-f55eea83", "shardId-00001795000000000123_f55eea83"}) {
    EXPECT_FALSE(parse_shard_id(text).has_value()) << text;
  }
}

TEST(Lineage, AShardEndsWhereItsChildrenBegin) {
  Rows rows;
  rows.add(100, {.range = {}, .parent = {}, .begins_with_table = true});
  rows.add(200, {.range = {0, 1u << 31}, .parent = ShardId{100, 0}});
  rows.add(200, {.range = {1u << 31, kAllTokens}, .parent = ShardId{100, 0}});
  const Lineage lineage = rows.lineage();
  ASSERT_EQ(lineage.shards.size(), 3u);
  EXPECT_EQ(lineage.shards[0].begin, 0u);
  EXPECT_EQ(lineage.shards[0].end, 200u);
  EXPECT_EQ(lineage.shards[0].last_number(), (SequenceNumber{199, 65535}));
  for (const int child : {1, 2}) {
    EXPECT_TRUE(lineage.shards[child].is_open());
    EXPECT_EQ(lineage.shards[child].first_number(), (SequenceNumber{200, 0}));
    EXPECT_EQ(lineage.shards[child].parent, (ShardId{100, 0}));
  }
}

TEST(Lineage, TheEndOfTheStreamClosesWhatIsOpen) {
  Rows rows;
  rows.add(100, NewShard{});
  rows.add(200, {.range = {}, .parent = ShardId{100, 0}});
  rows.end(300);
  const Lineage lineage = rows.lineage();
  EXPECT_EQ(lineage.end, 300u);
  ASSERT_EQ(lineage.shards.size(), 2u);
  EXPECT_EQ(lineage.shards[0].end, 200u);
  EXPECT_EQ(lineage.shards[1].end, 300u);
}

TEST(Lineage, AParentMayBeForgotten) {
  Rows rows;
  rows.add(200, {.range = {}, .parent = ShardId{100, 0}});
  EXPECT_TRUE(rows.lineage().shards.front().is_open());
}

TEST(Lineage, DamageIsSeen) {
  const ShardRow row = encode_shard(1, {});
  for (const Bytes& value : {row.value.substr(1), row.value + "x", Bytes()}) {
    const storage::Entry entry{row.key, value};
    EXPECT_FALSE(decode_lineage({&entry, 1}).has_value());
  }
}

// --- Plans ---

const storage::Partition kOnePartition[] = {{.id = 1}};
constexpr ShardRules kRules{};

Sample even_sample(storage::Stamp now, int records, storage::Stamp span) {
  Sample sample;
  for (int i = 0; i < records; ++i) {
    sample.records.push_back({now - span * static_cast<storage::Stamp>(i) / static_cast<storage::Stamp>(records),
                              static_cast<std::uint32_t>(i) * 0x9e3779b9u});
  }
  return sample;
}

TEST(ShardPlan, BeginsWithOneShardAPartition) {
  EXPECT_EQ(first_shards(kOnePartition).size(), 1u);
  const storage::Partition three[] = {
      {.id = 1, .end = "\x40"}, {.id = 2, .begin = "\x40", .end = "\x80"}, {.id = 3, .begin = "\x80"}};
  const auto shards = first_shards(three);
  ASSERT_EQ(shards.size(), 3u);
  EXPECT_EQ(shards[0].range, (TokenRange{0, 0x40000000}));
  EXPECT_EQ(shards[1].range, (TokenRange{0x40000000, 0x80000000}));
  EXPECT_EQ(shards[2].range, (TokenRange{0x80000000, kAllTokens}));
}

TEST(ShardPlan, RollsAShardOverAfterFourHours) {
  const Lineage lineage{.shards = {open_shard(0)}, .end = {}};
  const storage::Stamp four_hours = 4 * 3600 * kSecond;
  EXPECT_TRUE(next_shards(lineage, kOnePartition, {}, {}, four_hours - 1, kRules).empty());
  const auto begun = next_shards(lineage, kOnePartition, {}, {}, four_hours, kRules);
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].parent, (ShardId{0, 0}));
  EXPECT_TRUE(begun[0].range.is_whole());
}

TEST(ShardPlan, SplitsWhereThePartitionsAre) {
  const Lineage lineage{.shards = {open_shard(5)}, .end = {}};
  const storage::Partition two[] = {{.id = 1, .end = "\x40"}, {.id = 2, .begin = "\x40"}};
  const auto begun = next_shards(lineage, two, {}, {}, 6, kRules);
  ASSERT_EQ(begun.size(), 2u);
  EXPECT_EQ(begun[0].range, (TokenRange{0, 0x40000000}));
  EXPECT_EQ(begun[1].range, (TokenRange{0x40000000, kAllTokens}));
  EXPECT_EQ(begun[1].parent, (ShardId{5, 0}));
}

TEST(ShardPlan, SplitsAShardThatStaysHot) {
  const Lineage lineage{.shards = {open_shard(5)}, .end = {}};
  const storage::Stamp now = 100 * kSecond;
  const Sample hot = even_sample(now, 500, 500 * kSecond / 6000);
  Heat heat;
  for (int look = 1; look <= kRules.hot_looks; ++look) {
    EXPECT_TRUE(next_shards(lineage, kOnePartition, hot, heat, now, kRules).empty()) << look;
    take_temperature(lineage, hot, now, kRules, &heat);
  }
  const auto begun = next_shards(lineage, kOnePartition, hot, heat, now, kRules);
  ASSERT_EQ(begun.size(), 2u);
  EXPECT_EQ(begun[0].range.end, begun[1].range.begin);
  EXPECT_GT(begun[0].range.end, kAllTokens / 3);
  EXPECT_LT(begun[0].range.end, kAllTokens * 2 / 3);
}

TEST(ShardPlan, ALookThatIsNotHotBeginsAnew) {
  const Lineage lineage{.shards = {open_shard(5)}, .end = {}};
  const storage::Stamp now = 100 * kSecond;
  Heat heat;
  take_temperature(lineage, even_sample(now, 500, 500 * kSecond / 6000), now, kRules, &heat);
  EXPECT_EQ(heat.size(), 1u);
  take_temperature(lineage, even_sample(now, 500, 500 * kSecond / 4000), now, kRules, &heat);
  EXPECT_TRUE(heat.empty());
}

TEST(ShardPlan, DoesNotSplitWhatOneKeyMakesHot) {
  const Lineage lineage{.shards = {open_shard(5)}, .end = {}};
  Sample one_key = even_sample(100 * kSecond, 500, kSecond / 100);
  for (Sample::Record& record : one_key.records) record.token = 77;
  const Heat heat{{ShardId{5, 0}, kRules.hot_looks}};
  EXPECT_TRUE(next_shards(lineage, kOnePartition, one_key, heat, 100 * kSecond, kRules).empty());
}

TEST(ShardPlan, StopsSplittingAtEightShards) {
  Lineage lineage;
  Heat heat;
  for (std::uint32_t i = 0; i < 8; ++i) {
    lineage.shards.push_back(open_shard(5, i << 29, std::uint64_t{i + 1} << 29));
    heat[lineage.shards.back().id] = kRules.hot_looks;
  }
  const Sample hot = even_sample(100 * kSecond, 500, kSecond / 100);
  EXPECT_TRUE(next_shards(lineage, kOnePartition, hot, heat, 100 * kSecond, kRules).empty());
}

}  // namespace
}  // namespace armature::stream
