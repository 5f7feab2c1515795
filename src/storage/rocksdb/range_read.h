// One page of a range, read in up to two goes: on the calling loop as far as memory has the blocks, then the rest
// wherever blocking is allowed.
#pragma once

#include <rocksdb/db.h>

#include <memory>

#include "base/arena.h"
#include "storage/rocksdb/database.h"
#include "storage/storage.h"

namespace armature::storage {

class RangeRead {
 public:
  // `request` and what it points at must outlive the read.
  RangeRead(const Database& database, const RangeRequest& request);

  // Reads on from where the last call stopped. Incomplete: `tier` is kBlockCacheTier and memory ran out of answers.
  rocksdb::Status run(rocksdb::ReadTier tier);

  // After run() was OK.
  RangePage take() &&;

 private:
  bool full() const;
  void seek(rocksdb::Iterator* rows) const;
  void append(const rocksdb::Iterator& rows);

  const Database& database_;
  const RangeRequest& request_;
  Bytes lower_;   // Physical, inclusive.
  Bytes upper_;   // Physical, exclusive.
  bool nothing_;  // The bounds exclude everything.
  std::size_t bytes_ = 0;
  std::shared_ptr<Arena> memory_ = std::make_shared<Arena>();
  RangePage page_;
};

}  // namespace armature::storage
