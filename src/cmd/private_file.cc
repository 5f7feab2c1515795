#include "cmd/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace armature::cmd {
namespace {

Unexpected<std::string> cannot_write(const std::string& file) {
  return Unexpected(fmt::format("cannot write {}: {}", file, std::strerror(errno)));
}

// The name of a new file is durable once its directory is.
bool sync_directory_of(const std::string& file) {
  std::filesystem::path directory = std::filesystem::path(file).parent_path();
  if (directory.empty()) directory = ".";
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

bool write_all(int descriptor, std::string_view text) {
  const ssize_t written = write(descriptor, text.data(), text.size());
  if (written >= 0 && written != static_cast<ssize_t>(text.size())) errno = ENOSPC;  // What a disk takes a part of.
  return written == static_cast<ssize_t>(text.size());
}

// The whole text under a name of its own, or nothing.
Expected<std::string, std::string> write_beside(const std::string& file, std::string_view text) {
  const std::string next = file + ".new";
  unlink(next.c_str());  // Left of an attempt that did not come to its end.
  const int descriptor = open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return cannot_write(file);
  const bool written = write_all(descriptor, text) && fsync(descriptor) == 0;
  const int error = errno;
  if (close(descriptor) == 0 && written) return next;
  unlink(next.c_str());
  if (!written) errno = error;
  return cannot_write(file);
}

// As rename(), but fails when `file` exists. Not every file system has links.
bool rename_to_new(const std::string& next, const std::string& file) {
  if (link(next.c_str(), file.c_str()) == 0) return unlink(next.c_str()) == 0;
  if (errno == EEXIST) return false;
  struct stat status {};
  return stat(file.c_str(), &status) != 0 && rename(next.c_str(), file.c_str()) == 0;
}

}  // namespace

// Half a file of secrets could not be told from one that was damaged, so the name comes when the text is there.
Expected<void, std::string> write_private_file(const std::string& file, std::string_view text) {
  TRY_ASSIGN(const std::string next, write_beside(file, text));
  if (rename_to_new(next, file) && sync_directory_of(file)) return {};
  const auto error = cannot_write(file);
  unlink(next.c_str());
  return error;
}

Expected<void, std::string> replace_private_file(const std::string& file, std::string_view text) {
  TRY_ASSIGN(const std::string next, write_beside(file, text));
  if (rename(next.c_str(), file.c_str()) != 0 || !sync_directory_of(file)) return cannot_write(file);
  return {};
}

}  // namespace armature::cmd
