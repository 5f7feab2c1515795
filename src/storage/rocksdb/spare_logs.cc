#include "storage/rocksdb/spare_logs.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "storage/rocksdb/direct_io.h"

namespace armature::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "spare-log-";
// More are kept only while that many logs wait for their commits to reach other files.
constexpr std::size_t kMostSpares = 4;
// A log that one burst made huge is not kept, nor is one that was cut when the database was closed.
constexpr std::uint64_t kLargestSpareBytes = std::uint64_t{256} << 20;
// A spare file takes no more than this part of what is free.
constexpr std::uint64_t kShareOfFreeSpace = 16;
// Zeros reach the disk one such piece after the other, with a pause, so that commits do not wait behind them.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kPause{5};
// Where a file could not be made, for want of space most likely, the next try comes after this.
constexpr std::chrono::seconds kPauseAfterFailure{10};

void remove_spares(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().native().starts_with(kPrefix)) ::unlink(it->path().c_str());
  }
}

// Until this is done the file must not have a log's name: its old bytes are sound under its old mask.
bool write_head(int descriptor, LogMask mask, AlignedBuffer* buffer) {
  const auto head = make_log_head(mask);
  std::copy(head.begin(), head.end(), buffer->data());
  return write_at(descriptor, 0, buffer->data(), kLogHeadBytes) && ::fdatasync(descriptor) == 0;
}

}  // namespace

SpareLogs::SpareLogs(std::string directory) : directory_(std::move(directory)) { remove_spares(directory_); }

SpareLogs::~SpareLogs() { close(); }

void SpareLogs::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (const Spare& spare : spares_) ::unlink(spare.path.c_str());
  spares_.clear();
  ready_ = false;
}

void SpareLogs::prepare(std::uint64_t bytes) {
  if (is_ready()) return;
  const std::lock_guard lock(mutex_);
  if (is_ready() || closed_ || wanted_bytes_ != 0) return;
  const std::uint64_t pieces = (bytes + kPieceBytes - 1) / kPieceBytes;
  wanted_bytes_ = std::clamp(pieces * kPieceBytes, kSmallestSpareBytes, kLargestSpareBytes);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  wake_.notify_one();
}

std::optional<SpareLogs::Log> SpareLogs::take(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (spares_.empty()) return std::nullopt;
  const Spare spare = spares_.back();
  spares_.pop_back();
  ready_.store(!spares_.empty(), std::memory_order_release);
  const int descriptor = ::open(spare.path.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
  if (descriptor < 0 || ::rename(spare.path.c_str(), path.c_str()) != 0) {
    if (descriptor >= 0) ::close(descriptor);
    ::unlink(spare.path.c_str());
    return std::nullopt;
  }
  return Log{descriptor, spare.bytes, spare.mask};
}

bool SpareLogs::keep(const std::string& path) {
  if (closed_) return false;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_DIRECT | O_CLOEXEC);
  if (descriptor < 0) return false;
  AlignedBuffer head(kLogHeadBytes);
  const bool made_ahead = ::pread(descriptor, head.data(), kLogHeadBytes, 0) == ssize_t{kLogHeadBytes} &&
                          mask_of_head({head.data(), kLogHeadBytes}).has_value();
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  const std::uint64_t bytes = made_ahead ? static_cast<std::uint64_t>(size) - kLogHeadBytes : 0;
  const Spare spare{new_path(), bytes, LogMask::random()};
  const bool good = bytes >= kSmallestSpareBytes && bytes <= kLargestSpareBytes && has_space_for(bytes) &&
                    write_head(descriptor, spare.mask, &head) && ::rename(path.c_str(), spare.path.c_str()) == 0;
  ::close(descriptor);
  if (!good) return false;
  if (!add(spare)) ::unlink(spare.path.c_str());
  return true;
}

bool SpareLogs::add(Spare spare) {
  const std::lock_guard lock(mutex_);
  if (closed_ || spares_.size() >= kMostSpares) return false;
  spares_.push_back(std::move(spare));
  ready_.store(true, std::memory_order_release);
  return true;
}

std::string SpareLogs::new_path() {
  return directory_ + "/" + std::string(kPrefix) + std::to_string(named_.fetch_add(1, std::memory_order_relaxed));
}

bool SpareLogs::has_space_for(std::uint64_t bytes) const {
  struct statvfs disk {};
  return ::statvfs(directory_.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize / kShareOfFreeSpace >= bytes;
}

void SpareLogs::run() {
  ::pthread_setname_np(::pthread_self(), "spare-logs");
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closed_ || wanted_bytes_ != 0; });
    if (closed_) return;
    const std::uint64_t bytes = wanted_bytes_;
    lock.unlock();
    std::optional<Spare> made = fill(bytes);
    const bool failed = !made;
    if (made && !add(*made)) ::unlink(made->path.c_str());
    lock.lock();
    if (failed) wake_.wait_for(lock, kPauseAfterFailure, [this] { return closed_.load(); });
    wanted_bytes_ = 0;
  }
}

std::optional<SpareLogs::Spare> SpareLogs::fill(std::uint64_t bytes) {
  if (!has_space_for(bytes)) return std::nullopt;
  Spare spare{new_path(), bytes, LogMask::random()};
  const int descriptor = ::open(spare.path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT | O_CLOEXEC, 0644);
  if (descriptor < 0) return std::nullopt;
  AlignedBuffer zeros(kPieceBytes);
  bool good = true;
  for (std::uint64_t offset = 0; good && offset < bytes && !closed_; offset += kPieceBytes) {
    good = write_at(descriptor, kLogHeadBytes + offset, zeros.data(), kPieceBytes);
    std::this_thread::sleep_for(kPause);
  }
  good = good && !closed_ && write_head(descriptor, spare.mask, &zeros);
  ::close(descriptor);
  if (good) return spare;
  ::unlink(spare.path.c_str());
  return std::nullopt;
}

}  // namespace armature::storage
