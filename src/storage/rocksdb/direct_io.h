// Writing past the page cache (O_DIRECT): offsets, sizes and memory in whole blocks.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/assert.h"

namespace armature::storage {

// What disks and file systems want of memory and offsets, in bytes.
inline constexpr std::size_t kDirectAlignment = 4096;

constexpr std::size_t round_up_to_blocks(std::size_t bytes) {
  return (bytes + kDirectAlignment - 1) / kDirectAlignment * kDirectAlignment;
}

// Zeros, until something else is written there.
class AlignedBuffer {
 public:
  // `bytes` is a number of whole blocks.
  explicit AlignedBuffer(std::size_t bytes) : data_(static_cast<char*>(std::aligned_alloc(kDirectAlignment, bytes))) {
    ARMATURE_ASSERT(data_ != nullptr);
    std::memset(data_.get(), 0, bytes);
  }
  char* data() { return data_.get(); }

 private:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  std::unique_ptr<char, Free> data_;
};

// All of it, or false and errno.
inline bool write_at(int descriptor, std::uint64_t offset, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::pwrite(descriptor, data, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    offset += static_cast<std::uint64_t>(written);
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace armature::storage
