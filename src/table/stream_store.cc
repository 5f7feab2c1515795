#include "table/stream_store.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/executor.h"
#include "table/retry.h"
#include "table/storage_failure.h"

namespace armature {
namespace {

using stream::Iterator;
using stream::Lineage;
using stream::SequenceNumber;
using stream::Shard;

// Reading one page looks at no more than this, even if it finds nothing that belongs to its shard.
constexpr std::size_t kMostScannedEntries = 8'000;
// Where records of several shards are mixed, read at least so many at once.
constexpr std::size_t kLeastMixedEntries = 256;

bool same_bounds(const std::vector<storage::Partition>& a, const std::vector<storage::Partition>& b) {
  return std::ranges::equal(a, b, [](const storage::Partition& x, const storage::Partition& y) {
    return x.id == y.id && x.begin == y.begin && x.end == y.end;
  });
}

// Whether homes of the range may lie in the partition. Bounds finer than tokens count as both sides.
bool may_hold(const storage::Partition& partition, const stream::TokenRange& tokens) {
  const bool ends_before = !partition.end.empty() && stream::token_of(partition.end) < tokens.begin;
  const bool begins_behind = stream::token_of(partition.begin) >= tokens.end;
  return !ends_before && !begins_behind;
}

Error trimmed() {
  return {
      ErrorCode::kTrimmedDataAccess, "The operation attempted to read past the oldest stream record in a shard.", {}};
}

Error damaged() { return {ErrorCode::kInternal, "the rows of a stream are damaged", {}}; }

// Rows of a shard live where its range begins, those of the whole stream where the first range does.
constexpr BytesView kFirstHome("\0\0\0\0", 4);
Bytes home_of(std::uint32_t token) {
  Bytes home;
  for (const int shift : {24, 16, 8, 0}) home.push_back(static_cast<char>(token >> shift & 0xff));
  return home;
}

storage::Write row_write(storage::KeySpaceId key_space, BytesView home, stream::ShardRow row) {
  return {.home = {key_space, home},
          .space = storage::Space::kStream,
          .key = std::move(row.key),
          .value = std::move(row.value),
          .stamp_at = row.stamp_at};
}

}  // namespace

bool StreamStore::is_readable(const StreamDefinition& stream) const {
  return stream.enabled || clock_->now_ms() - stream.disabled_at_ms < options_.retention_ms;
}

Task<Result<std::vector<storage::RangePage>>> StreamStore::read_everywhere(storage::KeySpaceId key_space,
                                                                           const Range& range) {
  while (true) {
    const auto before = co_await storage_->partitions(key_space);
    if (!before) co_return Unexpected(storage_failure(before.error()));
    std::vector<storage::RangePage> pages;
    for (const storage::Partition& partition : *before) {
      if (!may_hold(partition, range.tokens)) continue;
      const storage::RangeRequest request{.key_space = key_space,
                                          .space = storage::Space::kStream,
                                          .partition = partition.id,
                                          .begin = range.begin,
                                          .end = range.end,
                                          .limit_entries = range.limit_entries,
                                          .limit_bytes = range.limit_bytes};
      auto page = co_await storage_->range(request);
      if (!page) co_return Unexpected(storage_failure(page.error()));
      pages.push_back(std::move(*page));
    }
    const auto after = co_await storage_->partitions(key_space);
    if (!after) co_return Unexpected(storage_failure(after.error()));
    // A partition that was split meanwhile may have given away what was not read yet.
    if (same_bounds(*before, *after)) co_return pages;
  }
}

Task<Result<Lineage>> StreamStore::lineage(storage::KeySpaceId key_space, std::uint32_t stream_id) {
  stream::Bounds bounds = stream::shard_bounds(stream_id);
  // A stream has some hundred shards at most: a few a day and table, and those of hot tables.
  const Range range{.begin = std::move(bounds.begin),
                    .end = std::move(bounds.end),
                    .tokens = {},
                    .limit_entries = 1'000'000,
                    .limit_bytes = std::size_t{256} << 20};
  CO_TRY_ASSIGN(const std::vector<storage::RangePage> pages, co_await read_everywhere(key_space, range));
  std::vector<storage::Entry> rows;
  for (const storage::RangePage& page : pages) rows.insert(rows.end(), page.entries.begin(), page.entries.end());
  std::optional<Lineage> lineage = stream::decode_lineage(rows);
  if (!lineage) co_return Unexpected(damaged());
  co_return std::move(*lineage);
}

Task<Result<Lineage>> StreamStore::readable_shards(const TableDefinition& table, const StreamDefinition& stream) {
  CO_TRY_ASSIGN(Lineage lineage, co_await this->lineage(table.key_space, stream.id));
  const storage::Stamp oldest = horizon();
  std::erase_if(lineage.shards, [oldest](const Shard& shard) { return !shard.is_open() && *shard.end <= oldest; });
  co_return lineage;
}

Task<Result<storage::Stamp>> StreamStore::newest(const TableDefinition& table) {
  const auto stamp = co_await storage_->stamp(table.key_space);
  if (!stamp) co_return Unexpected(storage_failure(stamp.error()));
  co_return *stamp;
}

// --- Reading ---

// One page on its way.
struct StreamStore::Reading {
  stream::TokenRange tokens;
  SequenceNumber position;  // What was not looked at yet begins here.
  storage::Stamp last = 0;  // Records up to this stamp are wanted, and all there.
  std::size_t limit = 0;
  std::size_t bytes = 0;
  std::size_t scanned = 0;
  StreamPage page;
  bool complete = false;  // The page is full, or enough was looked at; page.next says where to go on.

  // False: the page is full.
  bool add(const SequenceNumber& number, const storage::Entry& entry, const stream::RecordView& view) {
    const std::size_t size = entry.key.size() + entry.value.size();
    const bool full = page.records.size() >= limit || bytes + size > kMostStreamBytes;
    if (full && !page.records.empty()) return false;
    bytes += size;
    page.records.push_back({number, view});
    return true;
  }
  void stop_before(const SequenceNumber& number) {
    page.next_kind = Iterator::Kind::kRecord;
    page.next = number;
    complete = true;
  }
};

// Where a reading begins. What counts as missed is drawn in stream/iterator.h.
Result<SequenceNumber> StreamStore::first_wanted(const Shard& shard, const StreamReadRequest& request) const {
  const storage::Stamp oldest = std::max(horizon(), shard.begin);
  switch (request.kind) {
    case Iterator::Kind::kOldest: return SequenceNumber{oldest, 0};
    case Iterator::Kind::kRecord:
      if (request.position.stamp < horizon()) return Unexpected(trimmed());
      break;
    case Iterator::Kind::kCaughtUp:
      if (stream::stamp_of_ms(request.position_made_at_ms) < horizon()) return Unexpected(trimmed());
      break;
  }
  return std::max(request.position, SequenceNumber{oldest, 0});
}

Task<Result<StreamPage>> StreamStore::read(const TableDefinition& table, const StreamDefinition& stream,
                                           const StreamReadRequest& request) {
  // In this order: all shards and records up to the stamp are there to be read once it is known.
  CO_TRY_ASSIGN(const storage::Stamp newest_stamp, co_await newest(table));
  CO_TRY_ASSIGN(const Lineage lineage, co_await readable_shards(table, stream));
  const Shard* const shard = lineage.find(request.shard);
  if (shard == nullptr) {
    if (request.shard.begin < horizon()) co_return Unexpected(trimmed());
    co_return fail(ErrorCode::kResourceNotFound,
                   "Requested resource not found: Shard: " + to_text(request.shard) + " not found");
  }
  Reading reading{.tokens = shard->range, .limit = request.limit};
  CO_TRY_ASSIGN(reading.position, first_wanted(*shard, request));
  reading.last = shard->is_open() ? newest_stamp : std::min(newest_stamp, *shard->end - 1);

  while (!reading.complete && reading.position.stamp <= reading.last) {
    CO_TRY(co_await read_records(table.key_space, &reading));
  }
  if (!reading.complete) {
    reading.page.next_kind = Iterator::Kind::kCaughtUp;
    reading.page.next = reading.position;
    reading.page.ended = !shard->is_open() && reading.position.stamp >= *shard->end;
  }
  co_return std::move(reading.page);
}

// Reads one page from every partition and takes of it, in the order of numbers, what no later page can precede.
Task<Result<void>> StreamStore::read_records(storage::KeySpaceId key_space, Reading* reading) {
  const Range range{
      .begin = stream::records_begin(reading->position),
      .end = stream::records_end(reading->last),
      .tokens = reading->tokens,
      // One more than wanted, to know the record that comes next; and not few where others are among them.
      .limit_entries = std::max(reading->limit - reading->page.records.size() + 1,
                                reading->tokens.is_whole() ? std::size_t{1} : kLeastMixedEntries),
      .limit_bytes = kMostStreamBytes};
  CO_TRY_ASSIGN(std::vector<storage::RangePage> pages, co_await read_everywhere(key_space, range));

  struct Found {
    stream::RecordKey key;
    const storage::Entry* entry;
  };
  std::vector<Found> found;
  SequenceNumber known_to{reading->last + 1, 0};  // Everything before this is in the pages.
  for (const storage::RangePage& page : pages) {
    for (const storage::Entry& entry : page.entries) {
      const std::optional<stream::RecordKey> key = stream::decode_record_key(entry.key);
      if (!key) co_return Unexpected(damaged());
      found.push_back({*key, &entry});
    }
    if (page.more) known_to = std::min(known_to, found.back().key.number.next());
  }
  if (pages.size() > 1) std::ranges::sort(found, {}, [](const Found& one) { return one.key.number; });

  for (const Found& one : found) {
    if (one.key.number >= known_to) break;
    if (!reading->tokens.contains(one.key.token)) continue;
    const std::optional<stream::RecordView> view = stream::decode_record(one.entry->value);
    if (!view) co_return Unexpected(damaged());
    if (!reading->add(one.key.number, *one.entry, *view)) {
      reading->stop_before(one.key.number);
      break;
    }
  }
  for (storage::RangePage& page : pages) {
    std::move(page.memory.begin(), page.memory.end(), std::back_inserter(reading->page.memory));
  }
  reading->position = known_to;
  reading->scanned += found.size();
  if (!reading->complete && reading->scanned >= kMostScannedEntries && known_to.stamp <= reading->last) {
    reading->stop_before(known_to);
  }
  co_return Result<void>();
}

// --- Shards ---

void StreamStore::add_first_shards(const TableDefinition& table, storage::Batch* batch) {
  if (!table.has_enabled_stream()) return;
  const stream::NewShard whole{.range = {}, .parent = std::nullopt, .begins_with_table = true};
  batch->writes.push_back(row_write(table.key_space, kFirstHome, stream::encode_shard(table.stream->id, whole)));
}

Task<Result<void>> StreamStore::change_shards(storage::KeySpaceId key_space, std::uint32_t stream_id,
                                              const Decide& decide) {
  const Bytes guard_key = stream::shards_guard_key(stream_id);
  const storage::ReadKey guard{{key_space, kFirstHome}, storage::Space::kStream, guard_key};
  for (Retry retry;;) {
    const auto version = co_await storage_->get(guard, storage::ReadMode::kForUpdate);
    if (!version) co_return Unexpected(storage_failure(version.error()));
    CO_TRY_ASSIGN(const Lineage lineage, co_await this->lineage(key_space, stream_id));
    const ShardChange change = decide(lineage);
    if (change.empty()) co_return Result<void>();

    storage::Batch batch;
    std::vector<Bytes> homes;  // What the batch points at.
    homes.reserve(change.begun.size() + change.forgotten.size());
    batch.reads.push_back({guard.home, guard.space, guard.key, version->version});
    batch.writes.push_back({.home = guard.home, .space = guard.space, .key = guard_key});
    for (const stream::NewShard& shard : change.begun) {
      homes.push_back(home_of(shard.range.begin));
      batch.writes.push_back(row_write(key_space, homes.back(), stream::encode_shard(stream_id, shard)));
    }
    if (change.ends_stream) batch.writes.push_back(row_write(key_space, kFirstHome, stream::encode_end(stream_id)));
    for (const stream::ShardId& id : change.forgotten) {
      homes.push_back(home_of(id.token));
      batch.writes.push_back({.home = {key_space, homes.back()},
                              .space = storage::Space::kStream,
                              .key = stream::shard_key(stream_id, id),
                              .erase = true});
    }
    const auto committed = co_await storage_->commit(std::move(batch), storage::Durability::kDurable);
    if (committed) co_return Result<void>();
    const bool conflict = committed.error().code == storage::StorageErrorCode::kConflict;
    bool again = false;
    if (conflict) again = co_await retry.again();
    if (!again) co_return fail(ErrorCode::kInternal, "changing shards: " + committed.error().message);
  }
}

Task<Result<bool>> StreamStore::settle(const TableDefinition& table) {
  if (!table.stream || !is_readable(*table.stream)) co_return true;
  if (catalog_->is_in_use_by_older(table)) co_return false;
  const auto partitions = co_await storage_->partitions(table.key_space);
  if (!partitions) co_return Unexpected(storage_failure(partitions.error()));
  const Decide decide = [&](const Lineage& lineage) {
    ShardChange change;
    if (table.stream->enabled && lineage.shards.empty()) {
      change.begun = stream::first_shards(*partitions);
    } else if (!table.stream->enabled && !lineage.end) {
      change.ends_stream = true;
    }
    return change;
  };
  CO_TRY(co_await change_shards(table.key_space, table.stream->id, decide));
  co_return true;
}

Task<Result<void>> StreamStore::settle_soon(const TableDefinition& table) {
  constexpr int kMostLooks = 200;
  constexpr std::chrono::milliseconds kBetweenLooks{5};
  for (int look = 0; look < kMostLooks; ++look) {
    CO_TRY_ASSIGN(const bool settled, co_await settle(table));
    if (settled) break;
    co_await SleepFor(kBetweenLooks);
  }
  co_return Result<void>();
}

}  // namespace armature
