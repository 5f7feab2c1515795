#include "storage/rocksdb/log_head.h"

#include <bit>
#include <cstring>
#include <random>

namespace armature::storage {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr BytesView kMagic = "ARMALOG1";
constexpr std::size_t kSecondCopy = 2048;
constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;

std::uint64_t word_at(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

LogMask LogMask::random() {
  std::random_device device;
  return LogMask((std::uint64_t{device()} << 32 | device()) | kHighBits);
}

void LogMask::apply(std::uint64_t offset, BytesView in, char* out) const {
  const std::uint64_t bits = std::rotr(bits_, static_cast<int>(offset % sizeof bits_ * 8));
  std::size_t i = 0;
  for (; i + sizeof bits <= in.size(); i += sizeof bits) {
    const std::uint64_t word = word_at(in.data() + i) ^ bits;
    std::memcpy(out + i, &word, sizeof word);
  }
  for (std::size_t j = 0; i < in.size(); ++i, ++j) out[i] = static_cast<char>(in[i] ^ static_cast<char>(bits >> 8 * j));
}

std::array<char, kLogHeadBytes> make_log_head(LogMask mask) {
  std::array<char, kLogHeadBytes> head{};
  const std::uint64_t inverted = ~mask.bits_;
  for (const std::size_t copy : {std::size_t{0}, kSecondCopy}) {
    std::memcpy(head.data() + copy, kMagic.data(), kMagic.size());
    std::memcpy(head.data() + copy + 8, &mask.bits_, sizeof mask.bits_);
    std::memcpy(head.data() + copy + 16, &inverted, sizeof inverted);
  }
  return head;
}

std::optional<LogMask> mask_of_head(BytesView file) {
  if (file.size() < kLogHeadBytes) return std::nullopt;
  for (const std::size_t copy : {std::size_t{0}, kSecondCopy}) {
    const std::uint64_t bits = word_at(file.data() + copy + 8);
    if (file.substr(copy, kMagic.size()) == kMagic && word_at(file.data() + copy + 16) == ~bits) return LogMask(bits);
  }
  return std::nullopt;
}

}  // namespace armature::storage
