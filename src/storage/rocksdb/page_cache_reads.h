// Reads of table files that end instead of waiting for the disk.
//
// A block that RocksDB's cache lacks is often in the kernel's page cache. A point read that finds it there takes ten
// microseconds or so, less than handing the read to another thread and back. So an event loop may try: under a
// PageCacheOnly, reads of files on its thread that would wait for the disk fail, and the caller asks again on a thread
// that may wait. Linux: preadv2() with RWF_NOWAIT; a file system that lacks it fails always.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace armature::storage {

// While one lives, this thread's reads of files opened through page_cache_env() do not wait. Not nested.
class PageCacheOnly {
 public:
  PageCacheOnly();
  ~PageCacheOnly();
  PageCacheOnly(const PageCacheOnly&) = delete;
  PageCacheOnly& operator=(const PageCacheOnly&) = delete;

  // Some read failed for that reason, so what RocksDB made of it proves nothing unless it found the key.
  bool missed() const { return missed_; }
  void count_miss() { missed_ = true; }  // For the files.

 private:
  bool missed_ = false;
};

// The operating system's environment, with these reads. Lives as long as the process; thread-safe.
rocksdb::Env* page_cache_env();

}  // namespace armature::storage
