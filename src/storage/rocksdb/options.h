// The RocksDB options we run with, and why. Measured figures are in docs/performance.md.
#pragma once

#include <rocksdb/db.h>

#include <vector>

#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {

struct EngineOptions {
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;  // Meta, then one per space, in the order of kSpaces.
};

EngineOptions make_engine_options(const RocksdbOptions& options);

}  // namespace armature::storage
