// RocksDB's memtable as memtable_tree.h has it.
#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

namespace armature::storage {

// For databases with one writer at a time: DBOptions::allow_concurrent_memtable_write has to be off.
std::shared_ptr<rocksdb::MemTableRepFactory> make_memtable_factory();

}  // namespace armature::storage
