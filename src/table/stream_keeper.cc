#include "table/stream_keeper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

using stream::Lineage;
using stream::Shard;

constexpr std::chrono::seconds kBetweenSteps{1};
constexpr Clock::Millis kLongestTrimIntervalMs = 5 * 60 * 1000;
constexpr Clock::Millis kShortestTrimIntervalMs = 200;
constexpr std::size_t kSampleRecords = 500;
constexpr storage::Stamp kSampleSpan = 1'000'000;  // A second.

}  // namespace

Clock::Millis StreamKeeper::trim_interval_ms() const {
  return std::clamp(streams_->options().retention_ms / 10, kShortestTrimIntervalMs, kLongestTrimIntervalMs);
}

Task<StepResult> StreamKeeper::step() {
  std::string failure;
  const auto note = [&failure](const TableDefinition& table, const Result<void>& kept) {
    if (!kept) failure = table.name + ": " + kept.error().message;
  };
  for (const TableRef& table : catalog_->all()) {
    if (table->stream) note(*table, co_await keep(*table, /*deleted=*/false));
  }
  for (const TableRef& table : catalog_->retired()) note(*table, co_await keep(*table, /*deleted=*/true));
  if (!failure.empty()) co_return Unexpected(std::move(failure));
  co_return std::min<std::chrono::nanoseconds>(kBetweenSteps, std::chrono::milliseconds(trim_interval_ms()));
}

bool StreamKeeper::has_readable_stream(const TableDefinition& table) const {
  const auto readable = [this](const StreamDefinition& stream) { return streams_->is_readable(stream); };
  return (table.stream && readable(*table.stream)) || std::ranges::any_of(table.old_streams, readable);
}

Task<Result<void>> StreamKeeper::keep(const TableDefinition& table, bool deleted) {
  if (deleted && !has_readable_stream(table)) {
    heat_.erase(table.key_space);
    trimmed_at_ms_.erase(table.key_space);
    co_return co_await catalog_->forget(table);
  }
  CO_TRY_ASSIGN(const bool settled, co_await streams_->settle(table));
  if (settled && table.has_enabled_stream()) CO_TRY(co_await keep_shards(table));

  const Clock::Millis now_ms = clock_->now_ms();
  Clock::Millis& trimmed_at_ms = trimmed_at_ms_[table.key_space];
  if (now_ms - trimmed_at_ms < trim_interval_ms()) co_return Result<void>();
  trimmed_at_ms = now_ms;
  CO_TRY(co_await trim(table));
  if (!deleted) CO_TRY(co_await drop_old_streams(table));
  co_return Result<void>();
}

// --- Shards ---

Task<Result<void>> StreamKeeper::keep_shards(const TableDefinition& table) {
  const auto partitions = co_await storage_->partitions(table.key_space);
  if (!partitions) co_return Unexpected(storage_failure(partitions.error()));
  const storage::Stamp now = stream::stamp_of_ms(clock_->now_ms());
  CO_TRY_ASSIGN(const stream::Sample newest, co_await sample(table.key_space, *partitions, now));
  CO_TRY_ASSIGN(const Lineage seen, co_await streams_->lineage(table.key_space, table.stream->id));
  const stream::ShardRules& rules = streams_->options().shards;
  stream::Heat& heat = heat_[table.key_space];
  stream::take_temperature(seen, newest, now, rules, &heat);
  if (stream::next_shards(seen, *partitions, newest, heat, now, rules).empty()) co_return Result<void>();

  const StreamStore::Decide decide = [&](const Lineage& lineage) {
    StreamStore::ShardChange change;
    if (!lineage.end) change.begun = stream::next_shards(lineage, *partitions, newest, heat, now, rules);
    return change;
  };
  CO_TRY(co_await streams_->change_shards(table.key_space, table.stream->id, decide));
  heat.clear();
  co_return Result<void>();
}

Task<Result<stream::Sample>> StreamKeeper::sample(storage::KeySpaceId key_space,
                                                  const std::vector<storage::Partition>& partitions,
                                                  storage::Stamp now) {
  stream::Sample sample{.complete = true};
  const Bytes begin = stream::records_begin({now - std::min(now, kSampleSpan), 0});
  const Bytes end = stream::records_end(std::numeric_limits<storage::Stamp>::max());
  for (const storage::Partition& partition : partitions) {
    const storage::RangeRequest request{.key_space = key_space,
                                        .space = storage::Space::kStream,
                                        .partition = partition.id,
                                        .begin = begin,
                                        .end = end,
                                        .reverse = true,
                                        .limit_entries = kSampleRecords};
    const auto page = co_await storage_->range(request);
    if (!page) co_return Unexpected(storage_failure(page.error()));
    if (page->more) sample.complete = false;
    for (const storage::Entry& entry : page->entries) {
      if (const auto key = stream::decode_record_key(entry.key)) {
        sample.records.push_back({key->number.stamp, key->token});
      }
    }
  }
  co_return sample;
}

// --- Trimming ---

// What is erased has not been readable for a while, so that nobody is in the middle of reading it.
Task<Result<void>> StreamKeeper::trim(const TableDefinition& table) {
  const storage::Stamp readable = streams_->horizon();
  const storage::Stamp before = readable - std::min(readable, stream::stamp_of_ms(trim_interval_ms()));
  CO_TRY(co_await trim_records(table.key_space, before));
  if (table.stream) CO_TRY(co_await trim_shards(table.key_space, *table.stream, before));
  for (const StreamDefinition& old : table.old_streams) {
    CO_TRY(co_await trim_shards(table.key_space, old, before));
  }
  co_return Result<void>();
}

Task<Result<void>> StreamKeeper::trim_records(storage::KeySpaceId key_space, storage::Stamp before) {
  const auto partitions = co_await storage_->partitions(key_space);
  if (!partitions) co_return Unexpected(storage_failure(partitions.error()));
  const Bytes begin = stream::records_begin({0, 0});
  const Bytes end = stream::records_begin({before, 0});
  for (const storage::Partition& partition : *partitions) {
    const storage::RangeRequest first{.key_space = key_space,
                                      .space = storage::Space::kStream,
                                      .partition = partition.id,
                                      .begin = begin,
                                      .end = end,
                                      .limit_entries = 1};
    const auto page = co_await storage_->range(first);
    if (!page) co_return Unexpected(storage_failure(page.error()));
    if (page->entries.empty()) continue;
    const auto erased = co_await storage_->erase_stream(key_space, partition.id, begin, end);
    if (!erased) co_return Unexpected(storage_failure(erased.error()));
  }
  co_return Result<void>();
}

Task<Result<void>> StreamKeeper::trim_shards(storage::KeySpaceId key_space, const StreamDefinition& stream,
                                             storage::Stamp before) {
  const StreamStore::Decide decide = [before](const Lineage& lineage) {
    StreamStore::ShardChange change;
    for (const Shard& shard : lineage.shards) {
      if (!shard.is_open() && *shard.end <= before) change.forgotten.push_back(shard.id);
    }
    return change;
  };
  co_return co_await streams_->change_shards(key_space, stream.id, decide);
}

// The latest stream is named by its table as long as that exists; the ones before it go.
Task<Result<void>> StreamKeeper::drop_old_streams(const TableDefinition& table) {
  const auto unreadable = [this](const StreamDefinition& stream) { return !streams_->is_readable(stream); };
  if (std::ranges::none_of(table.old_streams, unreadable)) co_return Result<void>();
  const TableName name{{}, {}, table.name};
  const Catalog::Change change = [&](const TableDefinition& current) -> Result<TableDefinition> {
    if (current.id != table.id) return fail(ErrorCode::kResourceNotFound, "the table is another one by now");
    TableDefinition changed = current;
    std::erase_if(changed.old_streams, unreadable);
    return changed;
  };
  const auto changed = co_await catalog_->update(table.region, name, change);
  if (!changed && changed.error().code != ErrorCode::kResourceNotFound) co_return Unexpected(changed.error());
  co_return Result<void>();
}

}  // namespace armature
