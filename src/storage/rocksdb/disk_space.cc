#include "storage/rocksdb/disk_space.h"

#include <algorithm>
#include <filesystem>

#include "base/log.h"

namespace armature::storage {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{100};

}  // namespace

DiskSpace::DiskSpace(rocksdb::Env* env, std::string directory, std::uint64_t reserve_bytes)
    : env_(env), directory_(std::move(directory)), reserve_bytes_(reserve_bytes) {
  std::error_code error;
  const auto space = std::filesystem::space(directory_, error);
  if (!error) reserve_bytes_ = std::min<std::uint64_t>(reserve_bytes_, space.capacity / 20);
}

bool DiskSpace::is_short(std::chrono::steady_clock::time_point now) {
  if (now < next_look_) return short_;
  next_look_ = now + kBetweenLooks;
  std::uint64_t free_bytes = 0;
  const bool is_short = env_->GetFreeSpace(directory_, &free_bytes).ok() && free_bytes < reserve_bytes_;
  if (is_short != short_) {
    log(is_short ? LogLevel::kError : LogLevel::kInfo,
        is_short ? "the disk is almost full; commits are refused until there is space" : "the disk has space again",
        {{"directory", std::string_view(directory_)},
         {"free_bytes", static_cast<std::int64_t>(free_bytes)},
         {"reserve_bytes", static_cast<std::int64_t>(reserve_bytes_)}});
  }
  short_ = is_short;
  return short_;
}

}  // namespace armature::storage
