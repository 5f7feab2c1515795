// StreamStore: reads the streams of tables, and keeps the rows that say which shards they have. Records get there with
// the writes they tell of (table/change.h). Knows nothing of JSON or HTTP.
//
// Reading is safe while writes go on, because it is bounded by a stamp (Storage::stamp()): asked first, it promises
// that every record up to it can be read. What is read after that - shards, then records - is therefore complete up to
// it. A shard is read wherever its records are: partitions are looked up before and after, and when one was split in
// between, the reading is done again.
//
// Source: Developer Guide, "Change data capture for DynamoDB Streams".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "model/error.h"
#include "storage/storage.h"
#include "stream/iterator.h"
#include "stream/record.h"
#include "stream/shard.h"
#include "stream/shard_plan.h"

namespace armature {

inline constexpr std::size_t kMostStreamRecords = 1000;
inline constexpr std::size_t kMostStreamBytes = std::size_t{1} << 20;

struct StreamReadRequest {
  stream::ShardId shard;
  stream::Iterator::Kind kind = stream::Iterator::Kind::kOldest;
  stream::SequenceNumber position;
  Clock::Millis position_made_at_ms = 0;   // When the position was handed out; see Iterator::Kind.
  std::size_t limit = kMostStreamRecords;  // 1 to kMostStreamRecords.
};

struct StreamPage {
  struct Record {
    stream::SequenceNumber number;
    stream::RecordView view;
  };
  std::vector<Record> records;
  // Where to go on, unless the shard has ended.
  stream::Iterator::Kind next_kind = stream::Iterator::Kind::kCaughtUp;
  stream::SequenceNumber next;
  bool ended = false;                               // The shard is closed and everything in it was read.
  std::vector<std::shared_ptr<const void>> memory;  // What `records` borrow from.
};

struct StreamOptions {
  // How long records, closed shards and switched-off streams can be read.
  Clock::Millis retention_ms = 24 * 60 * 60 * 1000;
  stream::ShardRules shards;
};

// Thread-safe.
class StreamStore {
 public:
  // All outlive the store.
  StreamStore(storage::Storage* storage, Catalog* catalog, const Clock* clock, StreamOptions options)
      : storage_(storage), catalog_(catalog), clock_(clock), options_(options) {}

  const StreamOptions& options() const { return options_; }

  // Whether the stream is on, or was within the retention.
  bool is_readable(const StreamDefinition& stream) const;
  // Records, and shards that ended, before this stamp count as gone.
  storage::Stamp horizon() const { return stream::stamp_of_ms(clock_->now_ms() - options_.retention_ms); }

  // All shards that can be read, by id.
  Task<Result<stream::Lineage>> readable_shards(const TableDefinition& table, const StreamDefinition& stream);
  // Up to which stamp the table's streams can be read now.
  Task<Result<storage::Stamp>> newest(const TableDefinition& table);

  // A page of one shard's records. kTrimmedDataAccess when what comes next is gone; kResourceNotFound when the shard
  // is.
  Task<Result<StreamPage>> read(const TableDefinition& table, const StreamDefinition& stream,
                                const StreamReadRequest& request);

  // --- Shards ---

  // For Catalog::create(): the shards that a stream of a new table begins with.
  static void add_first_shards(const TableDefinition& table, storage::Batch* batch);

  // Makes the shards of the table's latest stream say what its definition says, once no request works with an older
  // definition any more: then the stream misses nothing and holds nothing that was written before or after it. False:
  // some request still does; ask again.
  Task<Result<bool>> settle(const TableDefinition& table);
  // The same for a moment's time. What is not settled then is left to the keeper (table/stream_keeper.h); until it is,
  // the stream is ENABLING or DISABLING.
  Task<Result<void>> settle_soon(const TableDefinition& table);

  // All rows of one stream, trimmed shards too.
  Task<Result<stream::Lineage>> lineage(storage::KeySpaceId key_space, std::uint32_t stream_id);

  // Changes the shards of a stream as `decide` wants; it sees the newest shards, may run more than once, and wants
  // nothing by returning an empty change.
  struct ShardChange {
    std::vector<stream::NewShard> begun;
    std::vector<stream::ShardId> forgotten;
    bool ends_stream = false;

    bool empty() const { return begun.empty() && forgotten.empty() && !ends_stream; }
  };
  using Decide = std::function<ShardChange(const stream::Lineage& lineage)>;
  Task<Result<void>> change_shards(storage::KeySpaceId key_space, std::uint32_t stream_id, const Decide& decide);

 private:
  // The first page of [begin, end) in kStream of every partition that may hold something of `tokens`, as one moment's
  // partitions have it.
  struct Range {
    Bytes begin;
    Bytes end;
    stream::TokenRange tokens;
    std::size_t limit_entries = 0;
    std::size_t limit_bytes = 0;
  };
  Task<Result<std::vector<storage::RangePage>>> read_everywhere(storage::KeySpaceId key_space, const Range& range);

  struct Reading;
  Result<stream::SequenceNumber> first_wanted(const stream::Shard& shard, const StreamReadRequest& request) const;
  Task<Result<void>> read_records(storage::KeySpaceId key_space, Reading* reading);

  storage::Storage* const storage_;
  Catalog* const catalog_;
  const Clock* const clock_;
  const StreamOptions options_;
};

}  // namespace armature
