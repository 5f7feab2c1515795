#include "storage/rocksdb/data_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace armature::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirstLine = "armature-data";
constexpr const char* kEngine = "rocksdb";

Unexpected<StorageError> refuse(StorageErrorCode code, std::string message) {
  return Unexpected(StorageError{code, std::move(message)});
}

StorageErrorCode code_of_errno(int error) {
  return error == ENOSPC || error == EDQUOT ? StorageErrorCode::kNoSpace : StorageErrorCode::kIo;
}

constexpr const char* kDatabase = "rocksdb";

std::string format_path(const std::string& directory) { return directory + "/FORMAT"; }
std::string new_format_path(const std::string& directory) { return directory + "/FORMAT.new"; }

std::string value_of(const std::string& line, std::string_view name) {
  return line.starts_with(name) ? line.substr(name.size()) : std::string();
}

// Judges the text of a FORMAT file; the format it names.
StorageResult<int> check_format(const std::string& directory, const std::string& text) {
  std::istringstream lines(text);
  std::string first, format_line, engine_line;
  std::getline(lines, first);
  std::getline(lines, format_line);
  std::getline(lines, engine_line);
  const std::string number = value_of(format_line, "format: ");
  const std::string engine = value_of(engine_line, "engine: ");
  int format = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), format);
  if (first != kFirstLine || parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || format < 1) {
    return refuse(StorageErrorCode::kCorruption, format_path(directory) +
                                                     " is damaged: it does not name a data format. " +
                                                     "Restore the directory from a backup.");
  }
  if (format > kDataFormat) {
    return refuse(StorageErrorCode::kCorruption,
                  directory + " was written by a newer version of Armature (data format " + number +
                      ", this version reads up to " + std::to_string(kDataFormat) +
                      "). Use that version; nothing was changed.");
  }
  if (engine != kEngine) {
    return refuse(StorageErrorCode::kCorruption,
                  directory + " belongs to the storage engine '" + engine + "', not to '" + kEngine + "'.");
  }
  return format;
}

StorageResult<std::optional<std::string>> read_format(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(format_path(directory), error)) {
    if (error) return refuse(StorageErrorCode::kIo, "cannot look into " + directory + ": " + error.message());
    return std::optional<std::string>();
  }
  std::ifstream file(format_path(directory));
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    return refuse(StorageErrorCode::kIo, "cannot read " + format_path(directory) + ": " + std::strerror(errno));
  return std::optional<std::string>(text.str());
}

// The name of a file that shows the directory is in use for something else; empty if there is none.
StorageResult<std::string> foreign_file(const std::string& directory) {
  std::error_code error;
  const bool begun = fs::exists(new_format_path(directory), error);
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    if (name == "lost+found") continue;  // A fresh file system.
    if (begun && (name == kDatabase || name == "FORMAT.new")) continue;
    return name;
  }
  if (error) return refuse(StorageErrorCode::kIo, "cannot list " + directory + ": " + error.message());
  return std::string();
}

bool sync_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = ::fsync(fd) == 0;
  ::close(fd);
  return ok;
}

bool write_durably(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const bool ok = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  return ok;
}

StorageResult<void> write_new_format(const std::string& directory) {
  const std::string text =
      std::string(kFirstLine) + "\nformat: " + std::to_string(kDataFormat) + "\nengine: " + kEngine + "\n";
  if (!write_durably(new_format_path(directory), text) || !sync_directory(directory)) {
    return refuse(code_of_errno(errno), "cannot write to " + directory + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace

std::string rocksdb_directory(const std::string& directory) { return directory + "/" + kDatabase; }

StorageResult<void> check_data_directory(const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return refuse(StorageErrorCode::kIo, directory + " is not a directory.");
  }
  TRY_ASSIGN(const std::optional<std::string> format, read_format(directory));
  if (!format.has_value()) {
    return refuse(StorageErrorCode::kCorruption,
                  directory + " is not an Armature data directory: it has no FORMAT file.");
  }
  TRY(check_format(directory, *format));
  return {};
}

StorageResult<DataDirectory> prepare_data_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return refuse(code_of_errno(error.value()), "cannot create " + directory + ": " + error.message());
  TRY_ASSIGN(const std::optional<std::string> format, read_format(directory));
  if (format.has_value()) {
    TRY_ASSIGN(const int found, check_format(directory, *format));
    if (found == kDataFormat) return DataDirectory::kExisting;
    TRY(write_new_format(directory));
    return DataDirectory::kOlder;
  }
  TRY_ASSIGN(const std::string foreign, foreign_file(directory));
  if (!foreign.empty()) {
    return refuse(StorageErrorCode::kCorruption,
                  directory + " is not an Armature data directory: it holds '" + foreign +
                      "' but no FORMAT file. Name an empty directory; nothing was changed.");
  }
  TRY(write_new_format(directory));
  return DataDirectory::kNew;
}

StorageResult<void> finish_data_directory(const std::string& directory) {
  if (::rename(new_format_path(directory).c_str(), format_path(directory).c_str()) != 0 || !sync_directory(directory)) {
    return refuse(code_of_errno(errno), "cannot write to " + directory + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace armature::storage
