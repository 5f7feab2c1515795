// Reads of table files that end instead of waiting for the disk.
//
// A block that RocksDB's cache lacks is often in the kernel's page cache. A point read that finds it there takes ten
// microseconds or so, less than handing the read to another thread and back. So an event loop may try: under a
// PageCacheOnly, reads of files on its thread that would wait for the disk fail, and the caller asks again on a thread
// that may wait. Linux: preadv2() with RWF_NOWAIT; a file system that lacks it fails always.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

namespace armature::storage {

// While one lives, this thread's reads of files opened by open_page_cache_file() do not wait. Not nested.
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

// Opens a table file for such reads. As FileSystem::NewRandomAccessFile().
rocksdb::IOStatus open_page_cache_file(const std::string& path, std::unique_ptr<rocksdb::FSRandomAccessFile>* file);

}  // namespace armature::storage
