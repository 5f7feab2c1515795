#include "storage/rocksdb/log_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "storage/rocksdb/direct_io.h"

namespace armature::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
// A log of this size is in use, and its successor is worth making.
constexpr std::uint64_t kUsedBytes = kMebibyte;
// So is one of which this part is written.
constexpr std::uint64_t kUsedShare = 4;
constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

IOStatus failed(const std::string& what, const std::string& path, int error) {
  const std::string text = what + " " + path;
  return error == ENOSPC ? IOStatus::NoSpace(text, std::strerror(error))
                         : IOStatus::IOError(text, std::strerror(error));
}

// A log that was not made ahead: the first one after a start.
class GrowingLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GrowingLog(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<SpareLogs> spares)
      : FSWritableFileOwnerWrapper(std::move(file)), spares_(std::move(spares)) {}

  using FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* debug) override {
    size_ += data.size();
    if (size_ >= kUsedBytes) spares_->prepare(kSmallestSpareBytes);
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }

 private:
  const std::shared_ptr<SpareLogs> spares_;
  std::uint64_t size_ = 0;
};

// Goes on growing where it outgrows what was there.
class LogMadeAhead final : public rocksdb::FSWritableFile {
 public:
  LogMadeAhead(std::string path, const SpareLogs::Log& log, std::shared_ptr<SpareLogs> spares)
      : path_(std::move(path)), log_(log), spares_(std::move(spares)) {}
  ~LogMadeAhead() override {
    if (log_.descriptor >= 0) static_cast<void>(close());
  }
  LogMadeAhead(const LogMadeAhead&) = delete;
  LogMadeAhead& operator=(const LogMadeAhead&) = delete;

  using FSWritableFile::Append;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions&, IODebugContext*) override {
    for (std::size_t done = 0; done < data.size();) {
      const std::size_t used = size_ % kDirectAlignment;  // The last block's beginning is written again with its rest.
      const std::size_t taken = std::min(data.size() - done, kBufferBytes - used);
      log_.mask.apply(size_, {data.data() + done, taken}, buffer_.data() + used);
      const std::size_t blocks = round_up_to_blocks(used + taken);
      std::memset(buffer_.data() + used + taken, 0, blocks - used - taken);
      if (!write_at(log_.descriptor, kLogHeadBytes + size_ - used, buffer_.data(), blocks)) {
        return failed("cannot write", path_, errno);
      }
      size_ += taken;
      done += taken;
      const std::size_t rest = size_ % kDirectAlignment;
      std::memmove(buffer_.data(), buffer_.data() + (used + taken - rest), rest);
    }
    if (size_ >= log_.bytes / kUsedShare) spares_->prepare(std::max(log_.bytes, size_));
    return IOStatus::OK();
  }

  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return ::fdatasync(log_.descriptor) == 0 ? IOStatus::OK() : failed("cannot sync", path_, errno);
  }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return ::fsync(log_.descriptor) == 0 ? IOStatus::OK() : failed("cannot sync", path_, errno);
  }
  bool IsSyncThreadSafe() const override { return true; }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return close(); }

 private:
  IOStatus close() {
    IOStatus status;
    if (spares_->is_closed() && ::ftruncate(log_.descriptor, static_cast<off_t>(kLogHeadBytes + size_)) != 0) {
      status = failed("cannot truncate", path_, errno);
    }
    if (::close(std::exchange(log_.descriptor, -1)) != 0 && status.ok()) status = failed("cannot close", path_, errno);
    return status;
  }

  const std::string path_;
  SpareLogs::Log log_;
  const std::shared_ptr<SpareLogs> spares_;
  std::uint64_t size_ = 0;              // Without the head.
  AlignedBuffer buffer_{kBufferBytes};  // Begins with the last block's bytes, masked.
};

}  // namespace

IOStatus LogFiles::create(rocksdb::FileSystem& files, const std::string& path, const rocksdb::FileOptions& options,
                          std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  const std::optional<SpareLogs::Log> log = spares_->take(path);
  grows_.store(!log, std::memory_order_relaxed);
  if (log) {
    *file = std::make_unique<LogMadeAhead>(path, *log, spares_);
    return IOStatus::OK();
  }
  IOStatus status = files.NewWritableFile(path, options, file, debug);
  if (status.ok()) *file = std::make_unique<GrowingLog>(std::move(*file), spares_);
  return status;
}

IOStatus LogFiles::remove(rocksdb::FileSystem& files, const std::string& path, const IOOptions& options,
                          IODebugContext* debug) {
  return spares_->keep(path) ? IOStatus::OK() : files.DeleteFile(path, options, debug);
}

}  // namespace armature::storage
