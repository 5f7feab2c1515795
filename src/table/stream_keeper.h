// StreamKeeper: what streams need beside reading and writing, step by step in the background (base/background.h). It
// settles streams that were just switched on or off, lets shards roll over and split (stream/shard_plan.h), and removes
// what is older than the retention: records, shards, streams that are off, and in the end what is left of a deleted
// table. Everything it has to know is stored, so a restart interrupts nothing; and every change is guarded, so that two
// keepers of one storage do no harm.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "base/background.h"
#include "base/clock.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "model/error.h"
#include "storage/storage.h"
#include "table/stream_store.h"

namespace armature {

class StreamKeeper {
 public:
  // All outlive the keeper.
  StreamKeeper(storage::Storage* storage, Catalog* catalog, StreamStore* streams, const Clock* clock)
      : storage_(storage), catalog_(catalog), streams_(streams), clock_(clock) {}

  // Looks after every stream once and says when to look again. One at a time.
  Task<StepResult> step();

  // How long records outlive the retention at most; they stop to be readable at its end.
  Clock::Millis trim_interval_ms() const;

 private:
  Task<Result<void>> keep(const TableDefinition& table, bool deleted);
  Task<Result<void>> keep_shards(const TableDefinition& table);
  Task<Result<stream::Sample>> sample(storage::KeySpaceId key_space, const std::vector<storage::Partition>& partitions,
                                      storage::Stamp now);
  Task<Result<void>> trim(const TableDefinition& table);
  Task<Result<void>> trim_records(storage::KeySpaceId key_space, storage::Stamp before);
  Task<Result<void>> trim_shards(storage::KeySpaceId key_space, const StreamDefinition& stream, storage::Stamp before);
  Task<Result<void>> drop_old_streams(const TableDefinition& table);
  bool has_readable_stream(const TableDefinition& table) const;

  storage::Storage* const storage_;
  Catalog* const catalog_;
  StreamStore* const streams_;
  const Clock* const clock_;

  std::map<storage::KeySpaceId, stream::Heat> heat_;
  std::map<storage::KeySpaceId, Clock::Millis> trimmed_at_ms_;
};

}  // namespace armature
