#include "base/random.h"

#include <sys/random.h>

#include "base/assert.h"

namespace armature {
namespace {

std::uint64_t rotate_left(std::uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }

// Spreads a small seed over the whole state.
std::uint64_t split_mix(std::uint64_t* state) {
  std::uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (auto& word : state_) word = split_mix(&seed);
}

std::uint64_t SeededRandom::next() {
  const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  ARMATURE_ASSERT(bound != 0);
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
}

double SeededRandom::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

Bytes secure_random_bytes(std::size_t count) {
  Bytes bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    ARMATURE_ASSERT(got > 0);
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

Bytes secure_random_text(std::string_view alphabet, std::size_t length) {
  ARMATURE_ASSERT(alphabet.size() >= 2 && alphabet.size() <= 256);
  Bytes text;
  while (text.size() < length) {
    for (const char byte : secure_random_bytes(length)) {
      // Bytes past the last whole multiple of the alphabet would favour its first letters.
      const auto value = static_cast<unsigned char>(byte);
      if (value < 256 / alphabet.size() * alphabet.size() && text.size() < length) {
        text.push_back(alphabet[value % alphabet.size()]);
      }
    }
  }
  return text;
}

Bytes random_uuid() {
  Bytes raw = secure_random_bytes(16);
  raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
  constexpr char kHex[] = "0123456789abcdef";
  Bytes text;
  text.reserve(36);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[static_cast<unsigned char>(raw[i]) >> 4]);
    text.push_back(kHex[raw[i] & 0x0f]);
  }
  return text;
}

}  // namespace armature
