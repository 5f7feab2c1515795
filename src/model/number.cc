#include "model/number.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>

namespace armature {
namespace {

using Uint128 = unsigned __int128;

// The coefficient of a Number is below 10^38, hence below 2^127: sums of two and a factor of two more stay in 128 bits.
constexpr auto kPowersOfTen = [] {
  std::array<Uint128, Number::kMaxDigits + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

// Decimal digits that always fit in 64 bits.
constexpr int kDigitsPerWord = 19;

constexpr std::string_view kNotANumber = "The parameter cannot be converted to a numeric value";
constexpr std::string_view kTooManyDigits = "Attempting to store more than 38 significant digits in a Number";
constexpr std::string_view kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr std::string_view kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";

Unexpected<Error> refuse(std::string_view sentence) { return invalid(std::string(sentence)); }

Unexpected<Error> not_a_number(std::string_view text) {
  std::string message(kNotANumber);
  if (!text.empty()) message.append(": ").append(text);
  return invalid(std::move(message));
}

int count_digits(Uint128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const int bits = high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<std::uint64_t>(value));
  const int guess = bits * 1233 >> 12;  // bits * log10(2), exact enough up to 128 bits.
  return guess + (value >= kPowersOfTen[guess] ? 1 : 0);
}

// Divides out the powers of ten, adding them to `*exponent`. Steps that halve need few divisions, and most of those are
// ruled out first: 10^n only divides what 2^n divides.
template <class Word>
Word trim_trailing_zeros(Word coefficient, std::initializer_list<int> halving_steps, int* exponent) {
  int twos = std::countr_zero(static_cast<std::uint64_t>(coefficient));
  for (const int step : halving_steps) {
    if (step > twos) continue;
    const Word power = static_cast<Word>(kPowersOfTen[step]);
    if (coefficient % power != 0) continue;
    coefficient /= power;
    twos -= step;
    *exponent += step;
  }
  return coefficient;
}

// `*coefficient` is not 0.
void trim_trailing_zeros(Uint128* coefficient, int* exponent) {
  if ((*coefficient & 1) != 0) return;
  if (*coefficient >> 64 == 0) {
    *coefficient = trim_trailing_zeros(static_cast<std::uint64_t>(*coefficient), {16, 8, 4, 2, 1}, exponent);
  } else {
    *coefficient = trim_trailing_zeros(*coefficient, {32, 16, 8, 4, 2, 1}, exponent);
  }
}

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// A number's text taken apart, without looking at what the digits amount to. Positions point into the text.
struct Literal {
  bool negative = false;
  const char* integer_begin;
  const char* integer_end;
  const char* fraction_begin;
  const char* fraction_end;
  std::int64_t exponent = 0;
};

// Reads `[+-]? digits` up to the end. Saturates far outside what any text's length could bring back into range.
bool scan_exponent(const char* cursor, const char* end, std::int64_t* exponent) {
  constexpr std::int64_t kSaturated = std::int64_t{1} << 56;
  bool negative = false;
  if (cursor != end && (*cursor == '+' || *cursor == '-')) negative = *cursor++ == '-';
  if (cursor == end) return false;
  std::int64_t value = 0;
  for (; cursor != end; ++cursor) {
    if (!is_digit(*cursor)) return false;
    value = std::min(value * 10 + (*cursor - '0'), kSaturated);
  }
  *exponent = negative ? -value : value;
  return true;
}

bool scan(std::string_view text, Literal* literal) {
  const char* cursor = text.data();
  const char* const end = cursor + text.size();
  if (cursor != end && (*cursor == '+' || *cursor == '-')) literal->negative = *cursor++ == '-';
  literal->integer_begin = cursor;
  while (cursor != end && is_digit(*cursor)) ++cursor;
  literal->integer_end = cursor;
  if (cursor != end && *cursor == '.') ++cursor;
  literal->fraction_begin = cursor;
  if (literal->fraction_begin != literal->integer_end) {
    while (cursor != end && is_digit(*cursor)) ++cursor;
  }
  literal->fraction_end = cursor;
  if (literal->integer_begin == literal->integer_end && literal->fraction_begin == literal->fraction_end) return false;
  if (cursor == end) return true;
  if (*cursor != 'e' && *cursor != 'E') return false;
  return scan_exponent(cursor + 1, end, &literal->exponent);
}

// Takes the zeros at both ends off and puts the scale of the last remaining digit into the exponent.
void trim(Literal* literal) {
  const char* const fraction_origin = literal->fraction_begin;
  while (literal->integer_begin != literal->integer_end && *literal->integer_begin == '0') ++literal->integer_begin;
  const bool below_one = literal->integer_begin == literal->integer_end;
  if (below_one) {
    while (literal->fraction_begin != literal->fraction_end && *literal->fraction_begin == '0') {
      ++literal->fraction_begin;
    }
  }
  while (literal->fraction_end != literal->fraction_begin && literal->fraction_end[-1] == '0') --literal->fraction_end;
  if (literal->fraction_begin != literal->fraction_end) {
    literal->exponent -= literal->fraction_end - fraction_origin;
    return;
  }
  const char* const integer_origin = literal->integer_end;
  while (literal->integer_end != literal->integer_begin && literal->integer_end[-1] == '0') --literal->integer_end;
  literal->exponent += integer_origin - literal->integer_end;
}

// Eight digits at once: neighbours are joined to pairs, pairs to fours, fours to the whole, each step for all in
// parallel.
std::uint64_t read_eight_digits(const char* digits) {
  std::uint64_t word;
  std::memcpy(&word, digits, sizeof word);  // The first digit is the lowest byte.
  word -= 0x3030303030303030;               // '0' in every byte.
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffff;
  return (word * 10'000 + (word >> 32)) & 0xffffffff;
}

// The value of at most 19 digits.
std::uint64_t read_word(const char* digits, int count) {
  std::uint64_t value = 0;
  for (; count >= 8; count -= 8, digits += 8) value = value * 100'000'000 + read_eight_digits(digits);
  for (; count > 0; --count, ++digits) value = value * 10 + static_cast<std::uint64_t>(*digits - '0');
  return value;
}

// The value of at most 38 digits, in two words because 128-bit multiplication costs more than 64-bit.
Uint128 read_digits(const char* digits, int count) {
  if (count <= kDigitsPerWord) return read_word(digits, count);
  const int rest = count - kDigitsPerWord;
  return static_cast<Uint128>(read_word(digits, kDigitsPerWord)) * kPowersOfTen[rest] +
         read_word(digits + kDigitsPerWord, rest);
}

Uint128 read_coefficient(const Literal& literal) {
  const auto integer_digits = static_cast<int>(literal.integer_end - literal.integer_begin);
  const auto fraction_digits = static_cast<int>(literal.fraction_end - literal.fraction_begin);
  if (fraction_digits == 0) return read_digits(literal.integer_begin, integer_digits);
  if (integer_digits == 0) return read_digits(literal.fraction_begin, fraction_digits);
  char digits[Number::kMaxDigits];
  std::copy_n(literal.integer_begin, integer_digits, digits);
  std::copy_n(literal.fraction_begin, fraction_digits, digits + integer_digits);
  return read_digits(digits, integer_digits + fraction_digits);
}

}  // namespace

Number Number::from_int(std::int64_t value) {
  if (value == 0) return Number();
  const bool negative = value < 0;
  Uint128 coefficient = negative ? ~static_cast<std::uint64_t>(value) + Uint128{1} : static_cast<std::uint64_t>(value);
  int exponent = 0;
  trim_trailing_zeros(&coefficient, &exponent);
  return from_canonical_parts(negative, coefficient, exponent);
}

Result<Number> Number::parse(std::string_view text) {
  Literal literal;
  if (!scan(text, &literal)) return not_a_number(text);
  trim(&literal);
  const std::int64_t digits =
      (literal.integer_end - literal.integer_begin) + (literal.fraction_end - literal.fraction_begin);
  if (digits == 0) return Number();
  const std::int64_t magnitude = literal.exponent + digits - 1;
  if (magnitude > kMaxMagnitude) return refuse(kOverflow);
  if (magnitude < kMinMagnitude) return refuse(kUnderflow);
  if (digits > kMaxDigits) return refuse(kTooManyDigits);
  return from_canonical_parts(literal.negative, read_coefficient(literal), static_cast<int>(literal.exponent));
}

bool Number::from_parts(bool negative, unsigned __int128 coefficient, int exponent, Number* out) {
  if (coefficient == 0) {
    *out = Number();
    return true;
  }
  if (exponent > kMaxMagnitude || exponent < kMinMagnitude - 2 * kMaxDigits) return false;
  trim_trailing_zeros(&coefficient, &exponent);
  const int digits = count_digits(coefficient);
  const int magnitude = exponent + digits - 1;
  if (digits > kMaxDigits || magnitude > kMaxMagnitude || magnitude < kMinMagnitude) return false;
  *out = from_canonical_parts(negative, coefficient, exponent);
  return true;
}

Number Number::negated() const {
  Number result = *this;
  result.negative_ = !negative_ && !is_zero();
  return result;
}

Result<Number> Number::add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;

  // Bring both to the smaller exponent. Where the exponents differ, the other operand's last digit is not zero and
  // stays the last digit of the result, so a coefficient that does not fit in 128 bits can not come back under 38
  // digits: the smaller operand, below 10^38, is less than a third of 2^128.
  const Number& coarse = a.exponent_ >= b.exponent_ ? a : b;
  const Number& fine = a.exponent_ >= b.exponent_ ? b : a;
  const int shift = coarse.exponent_ - fine.exponent_;
  Uint128 x = coarse.coefficient();
  const Uint128 y = fine.coefficient();
  if (shift > kMaxDigits || __builtin_mul_overflow(x, kPowersOfTen[shift], &x)) return refuse(kOverflow);

  bool negative = coarse.negative_;
  Uint128 sum;
  if (a.negative_ == b.negative_) {
    if (__builtin_add_overflow(x, y, &sum)) return refuse(kOverflow);
  } else if (x >= y) {
    sum = x - y;
  } else {
    sum = y - x;
    negative = fine.negative_;
  }

  Number result;
  if (from_parts(negative, sum, fine.exponent_, &result)) return result;
  // Only subtraction brings a magnitude down, and the digits it leaves are few.
  const bool too_small = fine.exponent_ + count_digits(sum) - 1 < kMinMagnitude;
  return refuse(too_small ? kUnderflow : kOverflow);
}

Result<Number> Number::subtract(const Number& a, const Number& b) { return add(a, b.negated()); }

bool Number::to_int64(std::int64_t* value) const {
  if (exponent_ < 0 || exponent_ > kDigitsPerWord || high_ != 0) return false;
  const Uint128 magnitude = Uint128{low_} * kPowersOfTen[exponent_];
  const Uint128 limit = Uint128{std::uint64_t{1} << 63} - (negative_ ? 0 : 1);
  if (magnitude > limit) return false;
  const auto bits = static_cast<std::uint64_t>(magnitude);
  *value = static_cast<std::int64_t>(negative_ ? 0 - bits : bits);
  return true;
}

std::int64_t Number::floor_int64() const {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t result = 0;
  if (to_int64(&result)) return result;
  if (exponent_ >= 0) return negative_ ? kMin : kMax;
  // A fraction remains, because the coefficient has no trailing zeros to spend.
  const Uint128 whole = -exponent_ > kMaxDigits ? 0 : coefficient() / kPowersOfTen[-exponent_];
  if (whole >= Uint128{static_cast<std::uint64_t>(kMax)}) return negative_ ? kMin : kMax;
  const auto truncated = static_cast<std::int64_t>(whole);
  return negative_ ? -truncated - 1 : truncated;
}

double Number::to_double() const {
  const double magnitude = static_cast<double>(coefficient()) * std::pow(10.0, exponent_);
  return negative_ ? -magnitude : magnitude;
}

int Number::digit_count() const { return count_digits(coefficient()); }

int Number::write_digits(char* out) const {
  if (high_ == 0) {
    if (low_ == 0) return 0;
    return static_cast<int>(std::to_chars(out, out + kMaxDigits, low_).ptr - out);
  }
  const Uint128 split = kPowersOfTen[kDigitsPerWord];
  const auto upper = static_cast<std::uint64_t>(coefficient() / split);
  const auto lower = static_cast<std::uint64_t>(coefficient() % split);
  if (upper == 0) return static_cast<int>(std::to_chars(out, out + kMaxDigits, lower).ptr - out);
  char* cursor = std::to_chars(out, out + kMaxDigits, upper).ptr;
  char lower_digits[kDigitsPerWord + 1];
  const auto count = std::to_chars(lower_digits, lower_digits + sizeof lower_digits, lower).ptr - lower_digits;
  cursor = std::fill_n(cursor, kDigitsPerWord - count, '0');
  cursor = std::copy_n(lower_digits, count, cursor);
  return static_cast<int>(cursor - out);
}

void Number::append_text(Bytes* out) const {
  char digits[kMaxDigits];
  const int count = write_digits(digits);
  if (count == 0) {
    out->push_back('0');
    return;
  }
  if (negative_) out->push_back('-');
  const int integer_digits = count + exponent_;  // Left of the point; not positive when the number starts with "0.".
  if (exponent_ >= 0) {
    out->append(digits, count);
    out->append(exponent_, '0');
  } else if (integer_digits > 0) {
    out->append(digits, integer_digits);
    out->push_back('.');
    out->append(digits + integer_digits, count - integer_digits);
  } else {
    out->append("0.");
    out->append(-integer_digits, '0');
    out->append(digits, count);
  }
}

Bytes Number::text() const {
  Bytes result;
  append_text(&result);
  return result;
}

std::size_t Number::size_bytes() const {
  if (is_zero()) return 1;
  const int digits = digit_count();
  const int right = std::clamp(-int{exponent_}, 0, digits);
  const int left = digits - right;
  const int bytes = 1 + (left + 1) / 2 + (right + 1) / 2 + (negative_ ? 1 : 0);
  return static_cast<std::size_t>(bytes);
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  Uint128 x = a.coefficient();
  Uint128 y = b.coefficient();
  if (a.exponent_ != b.exponent_ && x != 0 && y != 0) {
    const int magnitude_a = a.exponent_ + count_digits(x);
    const int magnitude_b = b.exponent_ + count_digits(y);
    if (magnitude_a != magnitude_b)
      return (magnitude_a < magnitude_b) != a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
    // Of one magnitude: bringing the coarser to the finer exponent can not need more digits than the finer has.
    if (a.exponent_ > b.exponent_) {
      x *= kPowersOfTen[a.exponent_ - b.exponent_];
    } else {
      y *= kPowersOfTen[b.exponent_ - a.exponent_];
    }
  }
  return a.negative_ ? y <=> x : x <=> y;
}

}  // namespace armature
