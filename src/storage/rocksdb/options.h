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

// The part of RocksdbOptions::cache_bytes that holds whole entries (entry_cache.h); the rest holds blocks.
std::size_t entry_cache_bytes(const RocksdbOptions& options);

// The environment is left to the caller.
EngineOptions make_engine_options(const RocksdbOptions& options);

}  // namespace armature::storage
