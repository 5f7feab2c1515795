#include "storage/rocksdb/log_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/assert.h"

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
// The first spare file. Where logs outgrow it, later ones are larger.
constexpr std::uint64_t kFirstSpareBytes = 64 * kMebibyte;
constexpr std::uint64_t kLargestSpareBytes = 256 * kMebibyte;
// What disks and file systems want of memory and offsets.
constexpr std::size_t kAlignment = 4096;
constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
// Zeros reach the disk one such piece after the other, with a pause, so that commits do not wait behind them.
constexpr std::uint64_t kPieceBytes = kMebibyte;
constexpr std::chrono::milliseconds kPause{5};
// Where a spare file could not be made, for want of space most likely, the next try comes after this.
constexpr std::chrono::seconds kPauseAfterFailure{10};
// The spare file takes no more than this part of what is free.
constexpr std::uint64_t kShareOfFreeSpace = 16;

IOStatus failed(const std::string& what, const std::string& path, int error) {
  const std::string text = what + " " + path;
  return error == ENOSPC ? IOStatus::NoSpace(text, std::strerror(error))
                         : IOStatus::IOError(text, std::strerror(error));
}

bool write_at(int descriptor, std::uint64_t offset, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::pwrite(descriptor, data, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    offset += static_cast<std::uint64_t>(written);
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// Memory as files without the page cache want it.
class AlignedBuffer {
 public:
  // Zeros.
  explicit AlignedBuffer(std::size_t bytes) : data_(static_cast<char*>(std::aligned_alloc(kAlignment, bytes))) {
    ARMATURE_ASSERT(data_ != nullptr);
    std::memset(data_.get(), 0, bytes);
  }
  char* data() { return data_.get(); }

 private:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  std::unique_ptr<char, Free> data_;
};

// A log that was not made ahead: the first one after a start.
class GrowingLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GrowingLog(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<SpareLog> spare)
      : FSWritableFileOwnerWrapper(std::move(file)), spare_(std::move(spare)) {}

  using FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* debug) override {
    size_ += data.size();
    if (size_ >= kUsedBytes) spare_->prepare(kFirstSpareBytes);
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }

 private:
  const std::shared_ptr<SpareLog> spare_;
  std::uint64_t size_ = 0;
};

// Goes on growing where it outgrows what was made.
class LogMadeAhead final : public rocksdb::FSWritableFile {
 public:
  LogMadeAhead(std::string path, int descriptor, std::uint64_t bytes, std::shared_ptr<SpareLog> spare)
      : path_(std::move(path)), descriptor_(descriptor), bytes_(bytes), spare_(std::move(spare)) {}
  ~LogMadeAhead() override {
    if (descriptor_ >= 0) static_cast<void>(close());
  }
  LogMadeAhead(const LogMadeAhead&) = delete;
  LogMadeAhead& operator=(const LogMadeAhead&) = delete;

  using FSWritableFile::Append;
  IOStatus Append(const rocksdb::Slice& data, const IOOptions&, IODebugContext*) override {
    for (std::size_t done = 0; done < data.size();) {
      const std::size_t used = size_ % kAlignment;  // The beginning of the last block is written again with its rest.
      const std::size_t taken = std::min(data.size() - done, kBufferBytes - used);
      std::memcpy(buffer_.data() + used, data.data() + done, taken);
      const std::size_t blocks = round_up(used + taken);
      std::memset(buffer_.data() + used + taken, 0, blocks - used - taken);
      if (!write_at(descriptor_, size_ - used, buffer_.data(), blocks)) return failed("cannot write", path_, errno);
      size_ += taken;
      done += taken;
      const std::size_t rest = size_ % kAlignment;
      std::memmove(buffer_.data(), buffer_.data() + (used + taken - rest), rest);
    }
    if (size_ >= bytes_ / kUsedShare) spare_->prepare(spare_bytes());
    return IOStatus::OK();
  }

  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return ::fdatasync(descriptor_) == 0 ? IOStatus::OK() : failed("cannot sync", path_, errno);
  }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return ::fsync(descriptor_) == 0 ? IOStatus::OK() : failed("cannot sync", path_, errno);
  }
  bool IsSyncThreadSafe() const override { return true; }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return close(); }

 private:
  static std::size_t round_up(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

  std::uint64_t spare_bytes() const {
    return std::clamp((size_ / kMebibyte + 1) * kMebibyte, bytes_, std::max(bytes_, kLargestSpareBytes));
  }

  IOStatus close() {
    IOStatus status;
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) status = failed("cannot truncate", path_, errno);
    if (::close(std::exchange(descriptor_, -1)) != 0 && status.ok()) status = failed("cannot close", path_, errno);
    return status;
  }

  const std::string path_;
  int descriptor_;
  const std::uint64_t bytes_;
  const std::shared_ptr<SpareLog> spare_;
  std::uint64_t size_ = 0;
  AlignedBuffer buffer_{kBufferBytes};  // Begins with the last block's bytes.
};

}  // namespace

SpareLog::SpareLog(std::string directory) : path_(std::move(directory) + "/spare-log") {
  ::unlink(path_.c_str());  // A crash left it, perhaps half made.
}

SpareLog::~SpareLog() {
  closing_ = true;
  {
    const std::lock_guard lock(mutex_);
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  ::unlink(path_.c_str());
}

void SpareLog::prepare(std::uint64_t bytes) {
  if (is_ready()) return;
  const std::lock_guard lock(mutex_);
  if (is_ready() || wanted_bytes_ != 0) return;
  wanted_bytes_ = bytes;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  wake_.notify_one();
}

std::optional<std::uint64_t> SpareLog::take(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t bytes = ready_bytes_.load(std::memory_order_relaxed);
  if (bytes == 0) return std::nullopt;
  ready_bytes_.store(0, std::memory_order_release);
  return ::rename(path_.c_str(), path.c_str()) == 0 ? std::optional(bytes) : std::nullopt;
}

void SpareLog::run() {
  ::pthread_setname_np(::pthread_self(), "spare-log");
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || wanted_bytes_ != 0; });
    if (closing_) return;
    const std::uint64_t bytes = wanted_bytes_;
    lock.unlock();
    const bool made = fill(bytes);
    lock.lock();
    if (made) {
      ready_bytes_.store(bytes, std::memory_order_release);
    } else {
      wake_.wait_for(lock, kPauseAfterFailure, [this] { return closing_.load(); });
    }
    wanted_bytes_ = 0;
  }
}

bool SpareLog::fill(std::uint64_t bytes) {
  const int descriptor = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT | O_CLOEXEC, 0644);
  if (descriptor < 0) return false;
  struct statvfs disk {};
  bool good = ::fstatvfs(descriptor, &disk) == 0 && disk.f_bavail * disk.f_frsize / kShareOfFreeSpace >= bytes;
  AlignedBuffer zeros(kPieceBytes);
  for (std::uint64_t offset = 0; good && offset < bytes && !closing_; offset += kPieceBytes) {
    good = write_at(descriptor, offset, zeros.data(), kPieceBytes);
    std::this_thread::sleep_for(kPause);
  }
  good = good && !closing_ && ::fdatasync(descriptor) == 0;
  ::close(descriptor);
  if (!good) ::unlink(path_.c_str());
  return good;
}

IOStatus LogFiles::create(rocksdb::FileSystem& files, const std::string& path, const rocksdb::FileOptions& options,
                          std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  const std::optional<std::uint64_t> bytes = spare_->take(path);
  grows_.store(!bytes, std::memory_order_relaxed);
  if (!bytes) {
    IOStatus status = files.NewWritableFile(path, options, file, debug);
    if (status.ok()) *file = std::make_unique<GrowingLog>(std::move(*file), spare_);
    return status;
  }
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
  if (descriptor < 0) return failed("cannot open", path, errno);
  *file = std::make_unique<LogMadeAhead>(path, descriptor, *bytes, spare_);
  return IOStatus::OK();
}

}  // namespace armature::storage
