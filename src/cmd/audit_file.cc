#include "cmd/audit_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/log.h"

namespace armature::cmd {
namespace {

constexpr std::size_t kMostPendingBytes = 16 * 1024 * 1024;
constexpr auto kRetryPause = std::chrono::seconds(1);

int open_for_appending(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

}  // namespace

Expected<std::unique_ptr<AuditFile>, std::string> AuditFile::open(const std::string& path) {
  const int descriptor = open_for_appending(path);
  if (descriptor < 0) return Unexpected(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  return std::unique_ptr<AuditFile>(new AuditFile(path, descriptor));
}

AuditFile::AuditFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), thread_([this] { work(); }) {}

AuditFile::~AuditFile() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
  close(descriptor_);
}

void AuditFile::write(std::string line) {
  line += '\n';
  {
    const std::lock_guard lock(mutex_);
    if (pending_.size() + line.size() > kMostPendingBytes) {
      lost_lines_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    pending_ += line;
  }
  wake_.notify_one();
}

void AuditFile::reopen() {
  {
    const std::lock_guard lock(mutex_);
    wants_reopen_ = true;
  }
  wake_.notify_one();
}

void AuditFile::reopen_now() {
  const int next = open_for_appending(path_);
  if (next < 0) {
    log(LogLevel::kError, "the audit log cannot be opened again; it goes on in the old file",
        {{"file", path_}, {"error", std::strerror(errno)}});
    return;
  }
  close(std::exchange(descriptor_, next));
}

std::string AuditFile::append(std::string lines) {
  std::size_t written = 0;
  while (written < lines.size()) {
    const ssize_t count = ::write(descriptor_, lines.data() + written, lines.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (!std::exchange(failing_, true)) {
        log(LogLevel::kError, "the audit log cannot be written", {{"file", path_}, {"error", std::strerror(errno)}});
      }
      return lines.substr(written);
    }
    written += static_cast<std::size_t>(count);
  }
  if (std::exchange(failing_, false)) log(LogLevel::kInfo, "the audit log is written again", {{"file", path_}});
  return {};
}

void AuditFile::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return !pending_.empty() || wants_reopen_ || closing_; });
    const bool reopen = std::exchange(wants_reopen_, false);
    const bool last = closing_;
    std::string lines = std::exchange(pending_, {});
    lock.unlock();
    // What came before the signal belongs to the file that was.
    std::string left = append(std::move(lines));
    if (reopen) reopen_now();
    lock.lock();
    pending_.insert(0, left);
    if (last) return;
    if (!left.empty()) wake_.wait_for(lock, kRetryPause, [this] { return wants_reopen_ || closing_; });
  }
}

}  // namespace armature::cmd
