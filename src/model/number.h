// Number: DynamoDB's exact decimal. At most 38 significant digits, magnitude between 1E-130 and
// 9.99…E+125, or zero. A value has one representation: the coefficient carries no trailing zeros.
// Source: Developer Guide, "Supported data types and naming rules"; API Reference, "AttributeValue".
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "model/error.h"

namespace armature {

class Number {
 public:
  static constexpr int kMaxDigits = 38;
  // Bounds of the power of ten of the first significant digit.
  static constexpr int kMinMagnitude = -130;
  static constexpr int kMaxMagnitude = 125;

  constexpr Number() = default;  // Zero.
  static Number from_int(std::int64_t value);

  // Parses `[+-]? (digits [. digits?]? | . digits) ([eE] [+-]? digits)?`. Errors are ValidationExceptions with
  // DynamoDB's sentences: not a number, more than 38 significant digits, overflow, underflow.
  static Result<Number> parse(std::string_view text);

  // Exact; overflow, and a result that needs more than 38 digits, are DynamoDB's "Number overflow…" error.
  static Result<Number> add(const Number& a, const Number& b);
  static Result<Number> subtract(const Number& a, const Number& b);

  bool is_zero() const { return high_ == 0 && low_ == 0; }
  bool is_negative() const { return negative_; }
  Number negated() const;

  // The integer this is, if it is one that fits; false otherwise.
  bool to_int64(std::int64_t* value) const;
  // The largest integer not above this, clamped to int64: for epoch times with fractions.
  std::int64_t floor_int64() const;
  // Lossy; for plots and metrics only.
  double to_double() const;

  // Canonical text: plain decimal, never an exponent, no superfluous zeros, no "-0".
  void append_text(Bytes* out) const;
  Bytes text() const;

  // Bytes DynamoDB counts for this number. Source: Developer Guide, "DynamoDB item sizes and formats".
  std::size_t size_bytes() const;

  // Significant decimal digits of the coefficient, 0 to 38; none for zero.
  int digit_count() const;
  // Writes those digits, most significant first, and returns how many; `out` has room for kMaxDigits.
  int write_digits(char* out) const;

  // value = (negative ? -1 : 1) * coefficient * 10^exponent; coefficient not divisible by 10 unless it is 0,
  // and then exponent is 0 and negative is false.
  unsigned __int128 coefficient() const { return (static_cast<unsigned __int128>(high_) << 64) | low_; }
  int exponent() const { return exponent_; }
  // Makes a number from its parts; they must satisfy the rules above (trailing zeros are trimmed here).
  // False when out of DynamoDB's range or over 38 digits; `*out` is then unspecified.
  static bool from_parts(bool negative, unsigned __int128 coefficient, int exponent, Number* out);

  // The same for parts known to satisfy the rules, as the number's own coefficient() and exponent() do; unchecked.
  static constexpr Number from_canonical_parts(bool negative, unsigned __int128 coefficient, int exponent) {
    Number number;
    number.high_ = static_cast<std::uint64_t>(coefficient >> 64);
    number.low_ = static_cast<std::uint64_t>(coefficient);
    number.exponent_ = static_cast<std::int16_t>(exponent);
    number.negative_ = negative;
    return number;
  }

  friend bool operator==(const Number&, const Number&) = default;
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);

 private:
  // Two words rather than a 128-bit integer: alignment 8 keeps Value at 32 bytes.
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
  std::int16_t exponent_ = 0;
  bool negative_ = false;
};

}  // namespace armature
