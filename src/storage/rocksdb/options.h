// The RocksDB options we run with, and why. Measured figures are in docs/performance.md.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "storage/rocksdb/rocksdb_storage.h"

namespace armature::storage {

struct EngineOptions {
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;  // Meta, then one per space, in the order of kSpaces.
  std::shared_ptr<rocksdb::Cache> block_cache;            // Of all families; holds blobs too.
};

// Memory for entries (entry_cache.h) and blocks together: what the options say, or their default.
std::size_t cache_bytes(const RocksdbOptions& options);

// The environment is left to the caller.
EngineOptions make_engine_options(const RocksdbOptions& options);

}  // namespace armature::storage
