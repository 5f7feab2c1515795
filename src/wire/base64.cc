#include "wire/base64.h"

#include <array>
#include <cstdint>

namespace armature::wire {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kInvalid = 0xff;

constexpr std::array<std::uint8_t, 256> kSextetOf = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(kInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

std::uint8_t sextet(char c) { return kSextetOf[static_cast<unsigned char>(c)]; }

Unexpected<Error> invalid_character(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && sextet(text[at]) != kInvalid) ++at;
  // All bytes of a character beyond ASCII, or the message would not be UTF-8.
  std::size_t size = 1;
  while (at + size < text.size() && (text[at + size] & 0xc0) == 0x80) ++size;
  return fail(ErrorCode::kSerialization, "Invalid Base64 character: '" + std::string(text.substr(at, size)) + "'");
}

}  // namespace

char* write_base64(BytesView bytes, char* out) {
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, in += 3) {
    const std::uint32_t triple = in[0] << 16 | in[1] << 8 | in[2];
    *out++ = kAlphabet[triple >> 18];
    *out++ = kAlphabet[triple >> 12 & 63];
    *out++ = kAlphabet[triple >> 6 & 63];
    *out++ = kAlphabet[triple & 63];
  }
  if (left == 1) {
    *out++ = kAlphabet[in[0] >> 2];
    *out++ = kAlphabet[(in[0] & 3) << 4];
    *out++ = '=';
    *out++ = '=';
  } else if (left == 2) {
    *out++ = kAlphabet[in[0] >> 2];
    *out++ = kAlphabet[(in[0] & 3) << 4 | in[1] >> 4];
    *out++ = kAlphabet[(in[1] & 15) << 2];
    *out++ = '=';
  }
  return out;
}

void append_base64(BytesView bytes, Bytes* out) {
  const std::size_t old_size = out->size();
  out->resize(old_size + base64_size(bytes.size()));
  write_base64(bytes, out->data() + old_size);
}

Result<BytesView> decode_base64(std::string_view text, Arena* arena) {
  if (text.size() % 4 != 0) {
    return fail(ErrorCode::kSerialization,
                "Base64 encoded length is expected a multiple of 4 bytes but found: " + std::to_string(text.size()));
  }
  if (text.empty()) return BytesView();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);

  char* const begin = static_cast<char*>(arena->allocate(text.size() / 4 * 3, 1));
  char* out = begin;
  std::uint8_t seen = 0;  // Of the sextets: only kInvalid has the high bits set.
  std::size_t i = 0;
  for (; i + 4 <= digits.size(); i += 4) {
    const std::uint8_t a = sextet(digits[i]), b = sextet(digits[i + 1]), c = sextet(digits[i + 2]),
                       d = sextet(digits[i + 3]);
    seen |= a | b | c | d;
    *out++ = static_cast<char>(a << 2 | b >> 4);
    *out++ = static_cast<char>(b << 4 | c >> 2);
    *out++ = static_cast<char>(c << 6 | d);
  }
  if (i < digits.size()) {  // Two or three digits and their padding.
    const std::uint8_t a = sextet(digits[i]), b = sextet(digits[i + 1]);
    const std::uint8_t c = padding == 1 ? sextet(digits[i + 2]) : 0;
    seen |= a | b | c;
    const int stray_bits = padding == 1 ? c & 3 : b & 15;
    if ((seen & 0xc0) == 0 && stray_bits != 0) {
      return fail(ErrorCode::kSerialization, "Invalid last non-pad Base64 character dectected");
    }
    *out++ = static_cast<char>(a << 2 | b >> 4);
    if (padding == 1) *out++ = static_cast<char>(b << 4 | c >> 2);
  }
  if ((seen & 0xc0) != 0) return invalid_character(digits);
  return BytesView(begin, static_cast<std::size_t>(out - begin));
}

}  // namespace armature::wire
