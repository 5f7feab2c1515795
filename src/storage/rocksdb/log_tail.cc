#include "storage/rocksdb/log_tail.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

namespace armature::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 32 * 1024;
constexpr std::size_t kHeaderBytes = 7;
constexpr unsigned kLastType = 4;

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

// The last block of a log, as far as it is there.
class LastBlock {
 public:
  explicit LastBlock(Bytes bytes) : bytes_(std::move(bytes)) {}

  bool has_record_behind_its_end() const {
    for (std::size_t offset = end() + 1; offset + kHeaderBytes < bytes_.size(); ++offset) {
      if (is_record(offset)) return true;
    }
    return false;
  }

 private:
  // Where RocksDB stops reading: at the first header that is cut off, empty, or longer than what is left.
  std::size_t end() const {
    std::size_t offset = 0;
    while (offset + kHeaderBytes <= bytes_.size()) {
      const Header header = header_at(bytes_, offset);
      if (header.type == 0 || offset + kHeaderBytes + header.length > bytes_.size()) break;
      offset += kHeaderBytes + header.length;
    }
    return offset;
  }

  // A sound record with data. Four bytes of checksum make it no accident.
  bool is_record(std::size_t offset) const {
    const Header header = header_at(bytes_, offset);
    if (header.type == 0 || header.type > kLastType || header.length == 0) return false;
    if (offset + kHeaderBytes + header.length > bytes_.size()) return false;
    return masked(crc32c(BytesView(bytes_).substr(offset + 6, header.length + 1))) == header.crc;
  }

  Bytes bytes_;
};

// Only the last block can end early without RocksDB noticing: in all others, a record that does not fit is an error.
std::optional<Bytes> read_last_block(const fs::path& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(file.tellg());
  if (!file || size == 0) return file ? std::optional<Bytes>(Bytes()) : std::nullopt;
  const std::size_t begin = (size - 1) / kBlockBytes * kBlockBytes;
  Bytes block(size - begin, '\0');
  file.seekg(static_cast<std::streamoff>(begin));
  file.read(block.data(), static_cast<std::streamsize>(block.size()));
  return file ? std::optional(std::move(block)) : std::nullopt;
}

}  // namespace

StorageResult<void> check_log_tails(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != ".log") continue;
    std::optional<Bytes> block = read_last_block(it->path());
    if (!block.has_value()) {
      return Unexpected(StorageError{StorageErrorCode::kIo, "cannot read " + it->path().string()});
    }
    if (LastBlock(std::move(*block)).has_record_behind_its_end()) {
      return Unexpected(StorageError{
          StorageErrorCode::kCorruption,
          it->path().string() + " is damaged: sound commits follow a broken one, and starting would lose them. "
                                "Restore the data directory from a backup."});
    }
  }
  if (error)
    return Unexpected(StorageError{StorageErrorCode::kIo, "cannot list " + directory + ": " + error.message()});
  return {};
}

}  // namespace armature::storage
