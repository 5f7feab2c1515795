// A file system that fails or waits when a test says so; otherwise the real one.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace armature::storage {

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault {
    kNone,
    kLogAppend,      // Appending to a log fails with an I/O error after half of the bytes.
    kLogSync,        // Syncing a log fails with an I/O error.
    kNoSpaceForLog,  // Appending to a log finds the disk full.
    kNoSpace,        // Appending to any file finds the disk full.
  };

  FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  void set_fault(Fault fault) { fault_.store(fault); }
  Fault fault() const { return fault_.load(); }
  // What the disk says is free.
  void set_free_bytes(std::uint64_t bytes) { free_bytes_.store(bytes); }
  std::uint64_t log_syncs() const { return log_syncs_.load(); }

  // While the gate is closed, syncs of a log wait in front of it.
  void close_gate();
  void open_gate();
  // Waits until a sync waits at the gate.
  void wait_for_a_sync();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* context) override;

  rocksdb::IOStatus GetFreeSpace(const std::string&, const rocksdb::IOOptions&, std::uint64_t* free_bytes,
                                 rocksdb::IODebugContext*) override {
    *free_bytes = free_bytes_.load();
    return rocksdb::IOStatus::OK();
  }

 private:
  class File;
  void pass_gate();

  std::atomic<Fault> fault_{Fault::kNone};
  std::atomic<std::uint64_t> free_bytes_{std::uint64_t{1} << 40};
  std::atomic<std::uint64_t> log_syncs_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool gate_closed_ = false;  // Guarded by mutex_.
  int waiting_ = 0;           // Guarded by mutex_.
};

}  // namespace armature::storage
