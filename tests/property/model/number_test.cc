// Numbers against arbitrary precision integers: every decimal becomes coefficient * 10^exponent of a cpp_int, where
// nothing rounds.

#include "model/number.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>
#include <string>

#include "generators.h"
#include "number_draw.h"

namespace armature {
namespace {

using namespace test;
using boost::multiprecision::cpp_int;

// The exponent below which no valid number has digits: every number is an integer in units of 10^kUnit.
constexpr int kUnit = Number::kMinMagnitude - (Number::kMaxDigits - 1);

const cpp_int& power_of_ten(int exponent) {
  static const std::vector<cpp_int> powers = [] {
    std::vector<cpp_int> made{1};
    while (made.size() < 400) made.push_back(made.back() * 10);
    return made;
  }();
  return powers.at(static_cast<std::size_t>(exponent));
}

cpp_int exact(const Number& number) {
  cpp_int value = static_cast<std::uint64_t>(number.coefficient() >> 64);
  value = (value << 64) + static_cast<std::uint64_t>(number.coefficient());
  value *= power_of_ten(number.exponent() - kUnit);
  return number.is_negative() ? cpp_int(-value) : value;
}

// Whether DynamoDB can hold `value`, in units of 10^kUnit, and if not, why.
enum class Fit { kFits, kTooLarge, kTooSmall, kTooManyDigits };
Fit fit(const cpp_int& value) {
  if (value == 0) return Fit::kFits;
  std::string digits = cpp_int(abs(value)).str();
  const int magnitude = kUnit + static_cast<int>(digits.size()) - 1;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (magnitude > Number::kMaxMagnitude) return Fit::kTooLarge;
  if (magnitude < Number::kMinMagnitude) return Fit::kTooSmall;
  return digits.size() > Number::kMaxDigits ? Fit::kTooManyDigits : Fit::kFits;
}

constexpr int kCases = 100'000;

class NumberAgainstOracle : public testing::Test {
 protected:
  NumberAgainstOracle() : seed_(std::random_device{}()), draw_(seed_) { RecordProperty("seed", std::to_string(seed_)); }

  const std::uint64_t seed_;
  NumberDraw draw_;
};

TEST_F(NumberAgainstOracle, SumsAndDifferencesAreExactOrRefused) {
  for (int i = 0; i < kCases; ++i) {
    const Number a = draw_.number();
    const Number b = draw_.number();
    const bool subtract = i % 2 == 0;
    const Result<Number> result = subtract ? Number::subtract(a, b) : Number::add(a, b);
    const cpp_int expected = subtract ? cpp_int(exact(a) - exact(b)) : cpp_int(exact(a) + exact(b));
    const Fit fits = fit(expected);
    ASSERT_EQ(result.has_value(), fits == Fit::kFits)
        << a.text() << (subtract ? " - " : " + ") << b.text() << ", seed " << seed_;
    if (result) {
      ASSERT_EQ(exact(*result), expected) << a.text() << (subtract ? " - " : " + ") << b.text() << ", seed " << seed_;
    } else {
      ASSERT_EQ(result.error().message.starts_with("Number underflow"), fits == Fit::kTooSmall)
          << a.text() << " " << b.text();
    }
  }
}

TEST_F(NumberAgainstOracle, OrderIsTheOrderOfTheIntegers) {
  for (int i = 0; i < kCases; ++i) {
    const Number a = draw_.number();
    const Number b = i % 10 == 0 ? a : draw_.number();
    const int expected = exact(a).compare(exact(b));
    const auto order = a <=> b;
    ASSERT_EQ(order < 0, expected < 0) << a.text() << " " << b.text() << ", seed " << seed_;
    ASSERT_EQ(order == 0, expected == 0) << a.text() << " " << b.text() << ", seed " << seed_;
    ASSERT_EQ(a == b, expected == 0) << a.text() << " " << b.text() << ", seed " << seed_;
  }
}

// The value of canonical text, read the slow way.
cpp_int read_plain(std::string text) {
  const bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  const std::size_t point = text.find('.');
  int decimals = 0;
  if (point != std::string::npos) {
    decimals = static_cast<int>(text.size() - point - 1);
    text.erase(point, 1);
  }
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));  // cpp_int takes a leading zero for octal.
  const cpp_int value = cpp_int(text) * power_of_ten(-decimals - kUnit);
  return negative ? cpp_int(-value) : value;
}

TEST_F(NumberAgainstOracle, TextReadsAsTheValueAndParsesBack) {
  for (int i = 0; i < kCases; ++i) {
    const Number number = draw_.number();
    const std::string text = number.text();
    ASSERT_EQ(read_plain(text), exact(number)) << text << ", seed " << seed_;
    const Result<Number> back = Number::parse(text);
    ASSERT_TRUE(back.has_value()) << text << ", seed " << seed_;
    ASSERT_EQ(*back, number) << text << ", seed " << seed_;
  }
}

TEST(NumberProperty, EveryWayToWriteANumberParsesToIt) {
  EXPECT_TRUE(rc::check([](const Number& number) {
    const std::string zeros(*rc::gen::inRange<std::size_t>(0, 50), '0');
    std::string digits(Number::kMaxDigits, '0');
    digits.resize(static_cast<std::size_t>(number.write_digits(digits.data())));
    const auto point = *rc::gen::inRange<std::size_t>(0, digits.size() + 1);
    const int exponent = number.exponent() + static_cast<int>(digits.size() - point);
    const std::string text = std::string(number.is_negative() ? "-" : *rc::gen::element("", "+")) + zeros + "0" +
                             digits.substr(0, point) + "." + digits.substr(point) + zeros +
                             *rc::gen::element("e", "E") + std::to_string(exponent);
    const Result<Number> parsed = Number::parse(text);
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == number);
  }));
}

TEST(NumberProperty, SizeCountsTheDigitsOfTheText) {
  EXPECT_TRUE(rc::check([](const Number& number) {
    if (number.is_zero()) {
      RC_ASSERT(number.size_bytes() == 1u);
      return;
    }
    std::string text = number.text();
    std::size_t expected = 1;
    if (text.front() == '-') {
      ++expected;
      text.erase(0, 1);
    }
    std::string left = text.substr(0, text.find('.'));
    std::string right = text.find('.') == std::string::npos ? "" : text.substr(text.find('.') + 1);
    left.erase(0, left.find_first_not_of('0'));
    if (right.empty()) left.erase(left.find_last_not_of('0') + 1);
    if (left.empty()) right.erase(0, right.find_first_not_of('0'));
    RC_ASSERT(number.size_bytes() == expected + (left.size() + 1) / 2 + (right.size() + 1) / 2);
  }));
}

TEST(NumberProperty, SubtractingIsAddingTheNegation) {
  EXPECT_TRUE(rc::check([](const Number& a, const Number& b) {
    const auto difference = Number::subtract(a, b);
    const auto sum = Number::add(b.negated(), a);
    RC_ASSERT(difference.has_value() == sum.has_value());
    if (sum) RC_ASSERT(*difference == *sum);
  }));
}

TEST(NumberProperty, RandomTextIsRefusedOrRoundTrips) {
  EXPECT_TRUE(rc::check([] {
    const std::string text =
        *rc::gen::container<std::string>(rc::gen::element('0', '1', '9', '.', '-', '+', 'e', 'E', 'x'));
    const Result<Number> parsed = Number::parse(text);
    if (parsed) RC_ASSERT(*Number::parse(parsed->text()) == *parsed);
  }));
}

}  // namespace
}  // namespace armature
