#include "storage/rocksdb/file_system.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <string>
#include <utility>

#include "storage/rocksdb/log_file.h"
#include "storage/rocksdb/log_tail.h"
#include "storage/rocksdb/page_cache_reads.h"

namespace armature::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

bool is_log(const std::string& path) { return path.ends_with(".log"); }

// A file of which only the beginning counts.
class Beginning final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  Beginning(std::unique_ptr<rocksdb::FSSequentialFile> file, std::uint64_t bytes)
      : FSSequentialFileOwnerWrapper(std::move(file)), left_(bytes) {}

  IOStatus Read(std::size_t size, const IOOptions& options, rocksdb::Slice* result, char* scratch,
                IODebugContext* debug) override {
    const auto allowed = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
    IOStatus status = FSSequentialFileOwnerWrapper::Read(allowed, options, result, scratch, debug);
    if (status.ok()) left_ -= result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t bytes) override {
    const std::uint64_t allowed = std::min(bytes, left_);
    left_ -= allowed;
    return FSSequentialFileOwnerWrapper::Skip(allowed);
  }

 private:
  std::uint64_t left_;
};

class EngineFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit EngineFileSystem(LogFiles* logs) : FileSystemWrapper(rocksdb::FileSystem::Default()), logs_(logs) {}

  const char* Name() const override { return "armature::EngineFileSystem"; }

  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext* debug) override {
    if (options.use_mmap_reads || options.use_direct_reads) {
      return FileSystemWrapper::NewRandomAccessFile(path, options, file, debug);
    }
    return open_page_cache_file(path, file);
  }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    if (logs_ == nullptr || !is_log(path)) return FileSystemWrapper::NewWritableFile(path, options, file, debug);
    return logs_->create(*target(), path, options, file, debug);
  }

  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext* debug) override {
    IOStatus status = FileSystemWrapper::NewSequentialFile(path, options, file, debug);
    if (!status.ok() || !is_log(path)) return status;
    const auto bytes = readable_log_bytes(path);
    if (!bytes) return IOStatus::Corruption(bytes.error().message);
    *file = std::make_unique<Beginning>(std::move(*file), *bytes);
    return status;
  }

 private:
  LogFiles* const logs_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> make_environment(LogFiles* logs) {
  return rocksdb::NewCompositeEnv(std::make_shared<EngineFileSystem>(logs));
}

}  // namespace armature::storage
