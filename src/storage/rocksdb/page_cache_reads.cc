#include "storage/rocksdb/page_cache_reads.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/assert.h"

namespace armature::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

thread_local PageCacheOnly* active = nullptr;

IOStatus failed(const std::string& what, const std::string& path, int error) {
  return IOStatus::IOError(what + " " + path, std::strerror(error));
}

class File final : public rocksdb::FSRandomAccessFile {
 public:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  ~File() override { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, rocksdb::Slice* result, char* scratch,
                IODebugContext*) const override {
    return active != nullptr ? read_resident(offset, size, result, scratch) : read(offset, size, result, scratch);
  }

  IOStatus Prefetch(std::uint64_t offset, std::size_t size, const IOOptions&, IODebugContext*) override {
    // Only a hint: what does not come early is read when it is needed.
    static_cast<void>(
        ::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_WILLNEED));
    return IOStatus::OK();
  }

  void Hint(AccessPattern pattern) override { static_cast<void>(::posix_fadvise(descriptor_, 0, 0, advice(pattern))); }

  IOStatus InvalidateCache(std::size_t offset, std::size_t length) override {
    static_cast<void>(
        ::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(length), POSIX_FADV_DONTNEED));
    return IOStatus::OK();
  }

 private:
  static int advice(AccessPattern pattern) {
    switch (pattern) {
      case kNormal: return POSIX_FADV_NORMAL;
      case kRandom: return POSIX_FADV_RANDOM;
      case kSequential: return POSIX_FADV_SEQUENTIAL;
      case kWillNeed: return POSIX_FADV_WILLNEED;
      case kWontNeed: return POSIX_FADV_DONTNEED;
    }
    return POSIX_FADV_NORMAL;
  }

  IOStatus read(std::uint64_t offset, std::size_t size, rocksdb::Slice* result, char* scratch) const {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got = ::pread(descriptor_, scratch + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("cannot read", path_, errno);
      if (got == 0) break;  // The file ends here.
      done += static_cast<std::size_t>(got);
    }
    *result = rocksdb::Slice(scratch, done);
    return IOStatus::OK();
  }

  // A part of what was asked for may be the end of the file or the end of what is in memory: whoever may wait finds
  // out.
  IOStatus read_resident(std::uint64_t offset, std::size_t size, rocksdb::Slice* result, char* scratch) const {
    iovec room{scratch, size};
    const ssize_t got = ::preadv2(descriptor_, &room, 1, static_cast<off_t>(offset), RWF_NOWAIT);
    if (got < 0 || static_cast<std::size_t>(got) != size) {
      active->count_miss();
      return IOStatus::Busy("not in the page cache");
    }
    *result = rocksdb::Slice(scratch, size);
    return IOStatus::OK();
  }

  const std::string path_;
  const int descriptor_;
};

}  // namespace

PageCacheOnly::PageCacheOnly() {
  ARMATURE_ASSERT(active == nullptr);
  active = this;
}

PageCacheOnly::~PageCacheOnly() { active = nullptr; }

IOStatus open_page_cache_file(const std::string& path, std::unique_ptr<rocksdb::FSRandomAccessFile>* file) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return errno == ENOENT ? IOStatus::PathNotFound(path, std::strerror(errno)) : failed("cannot open", path, errno);
  }
  *file = std::make_unique<File>(path, descriptor);
  return IOStatus::OK();
}

}  // namespace armature::storage
