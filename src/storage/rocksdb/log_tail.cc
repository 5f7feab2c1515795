#include "storage/rocksdb/log_tail.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

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

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
    table[i] = crc;
  }
  return table;
}();

std::uint32_t crc32c(BytesView bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char c : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

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
  return masked(crc32c(block.substr(offset + 6, header.length + 1))) == header.crc;
}

bool begins_write(unsigned type) { return type == kWhole || type == kFirstPart; }

bool is_zero(BytesView bytes) {
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// Reads a log block by block.
class LogBlocks {
 public:
  explicit LogBlocks(const std::string& path) : file_(path, std::ios::binary | std::ios::ate) {
    const auto size = static_cast<std::streamoff>(file_.tellg());
    if (file_) size_ = static_cast<std::uint64_t>(size);
  }

  bool good() const { return !file_.fail(); }
  std::uint64_t size() const { return size_; }

  // The block that begins at `offset`. Valid until the next call.
  BytesView at(std::uint64_t offset) {
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, size_ - offset)));
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    return block_;
  }

 private:
  std::ifstream file_;
  std::uint64_t size_ = 0;
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

  // The end of the last whole write, or of the file if that is not followed by zeros.
  std::uint64_t end() {
    if (!ends_in_zeros()) return log_.size();
    // Where only zeros follow, the last write is the one that may be incomplete although its headers are there.
    return rest_is_zero(end_) && !last_write_is_sound() ? begin_of_last_ : end_;
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
        begin_of_last_ = begin;
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

  bool ends_in_zeros() {
    if (log_.size() - end_ < kHeaderBytes) return false;
    const BytesView block = log_.at((log_.size() - 1) / kBlockBytes * kBlockBytes);
    return is_zero(block.substr(block.size() - std::min(block.size(), kHeaderBytes)));
  }

  bool rest_is_zero(std::uint64_t from) {
    for (std::uint64_t begin = from / kBlockBytes * kBlockBytes; begin < log_.size(); begin += kBlockBytes) {
      const BytesView block = log_.at(begin);
      if (!is_zero(block.substr(from > begin ? from - begin : 0))) return false;
    }
    return true;
  }

  bool last_write_is_sound() {
    std::uint64_t at = begin_of_last_;
    while (at < end_) {
      const std::uint64_t block_begin = at / kBlockBytes * kBlockBytes;
      const BytesView block = log_.at(block_begin);
      std::size_t offset = at - block_begin;
      while (offset + kHeaderBytes <= block.size() && block_begin + offset < end_) {
        const Header header = header_at(block, offset);
        if (header.length > 0 && !is_sound(block, offset)) return false;
        offset += kHeaderBytes + header.length;
      }
      at = block_begin + kBlockBytes;
    }
    return true;
  }

  LogBlocks& log_;
  std::uint64_t begin_of_last_ = 0;  // The last whole write.
  std::uint64_t end_ = 0;
  std::uint64_t break_ = 0;  // The first place that cannot be a header behind it.
};

}  // namespace

StorageResult<std::uint64_t> readable_log_bytes(const std::string& path) {
  LogBlocks log(path);
  LogScan scan(log);
  const bool damaged = scan.has_write_behind_its_end();
  const std::uint64_t end = scan.end();
  if (!log.good()) return Unexpected(StorageError{StorageErrorCode::kIo, "cannot read " + path});
  if (damaged) {
    return Unexpected(StorageError{StorageErrorCode::kCorruption,
                                   path + " is damaged: sound commits follow a broken one, and starting would lose "
                                          "them. Restore the data directory from a backup."});
  }
  return end;
}

StorageResult<void> check_log_tails(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".log") TRY(readable_log_bytes(it->path().string()));
  }
  if (error)
    return Unexpected(StorageError{StorageErrorCode::kIo, "cannot list " + directory + ": " + error.message()});
  return {};
}

}  // namespace armature::storage
