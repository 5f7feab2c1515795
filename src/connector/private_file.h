// Files that are their owner's alone: read and replaced whole.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/expected.h"

namespace armature::connector {

// nullopt: there is no such file. The error says what went wrong, with the path.
Expected<std::optional<Bytes>, std::string> read_file(const std::string& path);

// Replaces the file by one with mode 0600, at once: whoever reads sees the old bytes or the new ones. Makes its
// directory (0700) when missing.
Expected<void, std::string> replace_file(const std::string& path, BytesView bytes);

// Makes the file with mode 0600; false when it exists already.
Expected<bool, std::string> create_file(const std::string& path, BytesView bytes);

// An exclusive lock on `path`, a file of its own, among all programs; released when it dies.
class FileLock {
 public:
  static Expected<FileLock, std::string> take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;
};

}  // namespace armature::connector
