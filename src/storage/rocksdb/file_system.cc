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

// A log's bytes as RocksDB wrote them, up to where they end.
class LogReader final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  LogReader(std::unique_ptr<rocksdb::FSSequentialFile> file, const ReadableLog& log)
      : FSSequentialFileOwnerWrapper(std::move(file)), log_(log) {}

  IOStatus Read(std::size_t size, const IOOptions& options, rocksdb::Slice* result, char* scratch,
                IODebugContext* debug) override {
    const auto allowed = static_cast<std::size_t>(std::min<std::uint64_t>(size, log_.bytes - offset_));
    IOStatus status = FSSequentialFileOwnerWrapper::Read(allowed, options, result, scratch, debug);
    if (!status.ok()) return status;
    log_.mask.apply(offset_, {result->data(), result->size()}, scratch);
    *result = rocksdb::Slice(scratch, result->size());
    offset_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t bytes) override {
    const std::uint64_t allowed = std::min(bytes, log_.bytes - offset_);
    offset_ += allowed;
    return FSSequentialFileOwnerWrapper::Skip(allowed);
  }
  // For files that are read past the page cache, which logs are not.
  IOStatus PositionedRead(std::uint64_t, std::size_t, const IOOptions&, rocksdb::Slice*, char*,
                          IODebugContext*) override {
    return IOStatus::NotSupported("a log is read from its beginning");
  }

 private:
  const ReadableLog log_;
  std::uint64_t offset_ = 0;
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
    const auto log = readable_log(path);
    if (!log) return IOStatus::Corruption(log.error().message);
    status = (*file)->Skip(log->begin);
    *file = std::make_unique<LogReader>(std::move(*file), *log);
    return status;
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    if (logs_ == nullptr || !is_log(path)) return FileSystemWrapper::DeleteFile(path, options, debug);
    return logs_->remove(*target(), path, options, debug);
  }

 private:
  LogFiles* const logs_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> make_environment(LogFiles* logs) {
  return rocksdb::NewCompositeEnv(std::make_shared<EngineFileSystem>(logs));
}

}  // namespace armature::storage
