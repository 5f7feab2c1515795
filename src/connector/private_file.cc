#include "connector/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace armature::connector {
namespace {

constexpr mode_t kOwnerOnly = 0600;

std::string problem(std::string_view what, const std::string& path) {
  return fmt::format("cannot {} {}: {}", what, path, std::strerror(errno));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool write_all(int file, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

Expected<void, std::string> make_directory_of(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (directory.empty() || std::filesystem::exists(directory)) return {};
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return Unexpected(fmt::format("cannot make directory {}: {}", directory.string(), error.message()));
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  return {};
}

}  // namespace

Expected<std::optional<Bytes>, std::string> read_file(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<Bytes>();
    return Unexpected(problem("read", path));
  }
  Bytes bytes;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t got = read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unexpected(problem("read", path));
    if (got == 0) return std::optional<Bytes>(std::move(bytes));
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

Expected<void, std::string> replace_file(const std::string& path, BytesView bytes) {
  TRY(make_directory_of(path));
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  {
    const File file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
    if (!file.is_open() || !write_all(file.get(), bytes)) {
      std::string why = problem("write", fresh);
      unlink(fresh.c_str());
      return Unexpected(std::move(why));
    }
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return Unexpected(problem("replace", path));
  return {};
}

Expected<bool, std::string> create_file(const std::string& path, BytesView bytes) {
  TRY(make_directory_of(path));
  // Linked into place when complete, so that nobody reads half a key.
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  {
    const File file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
    if (!file.is_open() || !write_all(file.get(), bytes)) return Unexpected(problem("write", fresh));
  }
  const bool linked = link(fresh.c_str(), path.c_str()) == 0;
  const int error = errno;
  unlink(fresh.c_str());
  errno = error;
  if (!linked && error != EEXIST) return Unexpected(problem("make", path));
  return linked;
}

Expected<FileLock, std::string> FileLock::take(const std::string& path) {
  TRY(make_directory_of(path));
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (file < 0) return Unexpected(problem("open", path));
  while (flock(file, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    std::string why = problem("lock", path);
    close(file);
    return Unexpected(std::move(why));
  }
  return FileLock(file);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace armature::connector
