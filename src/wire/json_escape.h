// Which bytes of a string JSON wants escaped: the quote, the backslash and control characters. Everything else, UTF-8
// included, goes through as it is. Internal to wire/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/byte_tail.h"

namespace armature::wire {

inline bool needs_json_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

inline constexpr std::size_t kMaxJsonEscapeBytes = 6;  // "\u001f".

// Writes the escape of a byte for which needs_json_escape() holds; returns the end.
inline char* write_json_escape(char c, char* out) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto short_form = [&](char letter) { return *out++ = '\\', *out++ = letter, out; };
  switch (c) {
    case '"': return short_form('"');
    case '\\': return short_form('\\');
    case '\b': return short_form('b');
    case '\f': return short_form('f');
    case '\n': return short_form('n');
    case '\r': return short_form('r');
    case '\t': return short_form('t');
    default: break;
  }
  std::memcpy(out, "\\u00", 4);
  out[4] = kHex[static_cast<unsigned char>(c) >> 4];
  out[5] = kHex[static_cast<unsigned char>(c) & 15];
  return out + kMaxJsonEscapeBytes;
}

// Bytes copy_plain_json() may write behind what it reports.
inline constexpr std::size_t kPlainCopySlack = 16;

// Copies `text` to `out` up to its first byte that needs an escape and returns how many that were. `out` must have room
// for text.size() + kPlainCopySlack bytes.
inline std::size_t copy_plain_json(std::string_view text, char* out) {
  std::size_t i = 0;
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  for (; i + 16 <= text.size(); i += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), block);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, last_control), block);
    const __m128i special =
        _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
    const int mask = _mm_movemask_epi8(special);
    if (mask != 0) return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  for (; i < text.size(); ++i) {
    if (needs_json_escape(text[i])) return i;
    out[i] = text[i];
  }
  return i;
}

// Appends a JSON string with its quotes.
inline void append_json_string(std::string_view text, ByteTail* out) {
  out->byte('"');
  for (;;) {
    out->ensure(text.size() + kPlainCopySlack + kMaxJsonEscapeBytes);
    const std::size_t plain = copy_plain_json(text, out->cursor());
    out->advance_to(out->cursor() + plain);
    if (plain == text.size()) break;
    out->advance_to(write_json_escape(text[plain], out->cursor()));
    text.remove_prefix(plain + 1);
  }
  out->byte('"');
}

}  // namespace armature::wire
