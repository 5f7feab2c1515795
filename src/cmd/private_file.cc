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

}  // namespace

Expected<void, std::string> write_private_file(const std::string& file, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return cannot_write(file);
  const bool written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && fsync(descriptor) == 0;
  if (close(descriptor) != 0 || !synced || !sync_directory_of(file)) return cannot_write(file);
  return {};
}

Expected<void, std::string> replace_private_file(const std::string& file, std::string_view text) {
  const std::string next = file + ".new";
  unlink(next.c_str());  // Left of an attempt that did not come to its end.
  TRY(write_private_file(next, text));
  if (rename(next.c_str(), file.c_str()) != 0 || !sync_directory_of(file)) return cannot_write(file);
  return {};
}

}  // namespace armature::cmd
