#include "storage/rocksdb/log_tail.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "storage/rocksdb/crc32c.h"

namespace armature::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 32 * 1024;
constexpr std::size_t kHeaderBytes = 7;
// Types of records.
constexpr unsigned kWhole = 1;
constexpr unsigned kFirstPart = 2;
constexpr unsigned kMiddlePart = 3;
constexpr unsigned kLastPart = 4;
// No write is larger: a group of the committer and what it may end with.
constexpr std::uint64_t kLargestWriteBytes = std::uint64_t{32} << 20;

// RocksDB masks stored checksums, so that the checksum of a file that holds checksums is worth something.
std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

struct Header {
  std::uint32_t crc;
  std::size_t length;
  unsigned type;
};

Header header_at(BytesView block, std::size_t offset) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(block[offset + i]));
  };
  return {byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24, byte(4) | byte(5) << 8, byte(6)};
}

// A record whose data is there and sound. Four bytes of checksum make it no accident.
bool is_sound(BytesView block, std::size_t offset) {
  const Header header = header_at(block, offset);
  if (header.type == 0 || header.type > kLastPart || header.length == 0) return false;
  if (offset + kHeaderBytes + header.length > block.size()) return false;
  return masked(extend_crc32c(0, block.substr(offset + 6, header.length + 1))) == header.crc;
}

bool begins_write(unsigned type) { return type == kWhole || type == kFirstPart; }

// Reads a log block by block.
class LogBlocks {
 public:
  explicit LogBlocks(const std::string& path) : file_(path, std::ios::binary | std::ios::ate) {
    const auto size = static_cast<std::streamoff>(file_.tellg());
    if (!file_) return;
    size_ = static_cast<std::uint64_t>(size);
    const std::optional<LogMask> mask = mask_of_head(at(0));
    has_head_ = mask.has_value();
    if (!has_head_) return;
    mask_ = *mask;
    size_ -= kLogHeadBytes;
  }

  bool good() const { return !file_.fail(); }
  bool has_head() const { return has_head_; }
  // Without the head.
  std::uint64_t size() const { return size_; }
  LogMask mask() const { return mask_; }

  // The block that begins at `offset`. Valid until the next call.
  BytesView at(std::uint64_t offset) {
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, size_ - offset)));
    file_.seekg(static_cast<std::streamoff>(offset + (has_head_ ? kLogHeadBytes : 0)));
    file_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    mask_.apply(offset, block_, block_.data());
    return block_;
  }

 private:
  std::ifstream file_;
  std::uint64_t size_ = 0;
  bool has_head_ = false;
  LogMask mask_;
  Bytes block_;
};

// One pass over a log.
class LogScan {
 public:
  explicit LogScan(LogBlocks& log) : log_(log) { find_break(); }

  // A sound write begins behind the place where the log breaks off.
  bool has_write_behind_its_end() {
    for (std::uint64_t begin = break_ / kBlockBytes * kBlockBytes; begin < log_.size(); begin += kBlockBytes) {
      const BytesView block = log_.at(begin);
      // In the block that breaks, a write may begin anywhere; later ones say where.
      if (begin <= break_ ? has_write_anywhere(block, break_ - begin) : has_write(block)) return true;
    }
    return false;
  }

  // No write at all begins where one has to, and it was not the first one that a crash cut.
  bool has_lost_its_beginning() const { return writes_.empty() && break_ == 0 && log_.size() > kLargestWriteBytes; }

  // The end of the last whole write of a log that was there before. The last one may be incomplete although its header
  // is there, and what follows may look like more of them.
  std::uint64_t end() {
    for (; !writes_.empty() && !is_sound_write(writes_.back(), end_); writes_.pop_back()) end_ = writes_.back();
    return end_;
  }

 private:
  // Follows the writes up to the first header that is empty, cut off, too long for its block or out of order.
  void find_break() {
    bool in_write = false;
    std::uint64_t begin = 0;
    for (std::uint64_t block_begin = 0; block_begin < log_.size(); block_begin += kBlockBytes) {
      const BytesView block = log_.at(block_begin);
      std::size_t offset = 0;
      for (; offset + kHeaderBytes <= block.size(); break_ = block_begin + offset) {
        const Header header = header_at(block, offset);
        const std::size_t next = offset + kHeaderBytes + header.length;
        if (header.type == 0 || header.type > kLastPart || next > block.size()) return;
        if (begins_write(header.type) == in_write) return;
        if (begins_write(header.type)) begin = block_begin + offset;
        in_write = header.type == kFirstPart || header.type == kMiddlePart;
        offset = next;
        if (in_write) continue;
        writes_.push_back(begin);
        end_ = block_begin + offset;
      }
      if (block.size() == kBlockBytes) break_ = block_begin + kBlockBytes;
    }
  }

  bool has_write_anywhere(BytesView block, std::size_t offset) const {
    for (; offset + kHeaderBytes < block.size(); ++offset) {
      if (begins_write(header_at(block, offset).type) && is_sound(block, offset)) return true;
    }
    return false;
  }

  bool has_write(BytesView block) const {
    std::size_t offset = 0;
    while (offset + kHeaderBytes <= block.size()) {
      const Header header = header_at(block, offset);
      if (header.type == 0) return false;
      if (begins_write(header.type) && is_sound(block, offset)) return true;
      offset += kHeaderBytes + header.length;
    }
    return false;
  }

  bool is_sound_write(std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t at = begin; at < end;) {
      const std::uint64_t block_begin = at / kBlockBytes * kBlockBytes;
      const BytesView block = log_.at(block_begin);
      std::size_t offset = at - block_begin;
      while (offset + kHeaderBytes <= block.size() && block_begin + offset < end) {
        const Header header = header_at(block, offset);
        if (header.length > 0 && !is_sound(block, offset)) return false;
        offset += kHeaderBytes + header.length;
      }
      at = block_begin + kBlockBytes;
    }
    return true;
  }

  LogBlocks& log_;
  std::vector<std::uint64_t> writes_;  // Where each whole write begins.
  std::uint64_t end_ = 0;              // Of the last of them.
  std::uint64_t break_ = 0;            // The first place that cannot be a header behind it.
};

Unexpected<StorageError> damaged(const std::string& path, const std::string& why) {
  return Unexpected(StorageError{StorageErrorCode::kCorruption, path + " is damaged: " + why +
                                                                    ", and starting would lose them. Restore the "
                                                                    "data directory from a backup."});
}

}  // namespace

StorageResult<ReadableLog> readable_log(const std::string& path) {
  LogBlocks log(path);
  LogScan scan(log);
  const bool has_write_behind_its_end = scan.has_write_behind_its_end();
  ReadableLog readable{0, log.size(), log.mask()};
  if (log.has_head()) readable = {kLogHeadBytes, scan.end(), log.mask()};
  if (!log.good()) return Unexpected(StorageError{StorageErrorCode::kIo, "cannot read " + path});
  if (has_write_behind_its_end) return damaged(path, "sound commits follow a broken one");
  if (!log.has_head() && scan.has_lost_its_beginning()) return damaged(path, "its commits do not begin as a log does");
  return readable;
}

StorageResult<void> check_log_tails(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".log") TRY(readable_log(it->path().string()));
  }
  if (error)
    return Unexpected(StorageError{StorageErrorCode::kIo, "cannot list " + directory + ": " + error.message()});
  return {};
}

}  // namespace armature::storage
