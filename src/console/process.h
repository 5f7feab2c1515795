// What the operating system knows about this process and where its data lies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace armature::console {

// Memory in use, in bytes; 0 when it cannot be told.
std::int64_t resident_bytes();

struct DiskSpace {
  std::int64_t free_bytes = 0;
  std::int64_t total_bytes = 0;
};
// Of the file system that holds `directory`; nullopt when it cannot be told.
std::optional<DiskSpace> disk_space(const std::string& directory);

// When the first certificate of a PEM file expires, in seconds since 1970; nullopt when it cannot be read.
std::optional<std::int64_t> certificate_expiry_s(const std::string& file);

}  // namespace armature::console
