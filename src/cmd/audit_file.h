// The audit log as a file, --audit-log: appended to by a thread of its own, so that no event loop waits for a disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/audit_log.h"
#include "base/expected.h"

namespace armature::cmd {

// Thread-safe. Lines are handed to the operating system in the order they came, within moments. A file that cannot be
// written is told in the log once and tried again with the next lines; what does not fit in 16 MB meanwhile is lost and
// counted.
class AuditFile final : public api::AuditLog {
 public:
  // Opens `path` for appending, making it with mode 0600. The error is a sentence without an end.
  static Expected<std::unique_ptr<AuditFile>, std::string> open(const std::string& path);
  // Writes what was accepted.
  ~AuditFile() override;

  void write(std::string line) override;
  // Opens the path anew before the next line, after it was renamed for rotation. Does not wait.
  void reopen();

  std::uint64_t lost_lines() const { return lost_lines_.load(std::memory_order_relaxed); }

 private:
  AuditFile(std::string path, int descriptor);
  void work();
  void reopen_now();
  // What could not be written.
  std::string append(std::string lines);

  const std::string path_;
  int descriptor_;        // Of the thread.
  bool failing_ = false;  // Of the thread: the last attempt did not succeed.
  std::atomic<std::uint64_t> lost_lines_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::string pending_;        // Guarded by mutex_.
  bool wants_reopen_ = false;  // Guarded by mutex_.
  bool closing_ = false;       // Guarded by mutex_.
  std::thread thread_;         // Last: it uses all of the above.
};

}  // namespace armature::cmd
