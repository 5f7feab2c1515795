#include "model/number.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "support/values.h"

namespace armature {
namespace {

using test::number;

std::string parse_error(std::string_view text) {
  const Result<Number> parsed = Number::parse(text);
  return parsed ? "accepted as " + parsed->text() : parsed.error().message;
}

std::string canonical(std::string_view text) { return number(text).text(); }

constexpr char kTooManyDigits[] = "Attempting to store more than 38 significant digits in a Number";
constexpr char kOverflow[] = "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr char kUnderflow[] =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";

TEST(NumberText, IsCanonicalPlainDecimal) {
  EXPECT_EQ(canonical("1e3"), "1000");
  EXPECT_EQ(canonical("1.0"), "1");
  EXPECT_EQ(canonical("1.10"), "1.1");
  EXPECT_EQ(canonical("+3"), "3");
  EXPECT_EQ(canonical("007"), "7");
  EXPECT_EQ(canonical(".5"), "0.5");
  EXPECT_EQ(canonical("5."), "5");
  EXPECT_EQ(canonical("1e-3"), "0.001");
  EXPECT_EQ(canonical("-12.345E+1"), "-123.45");
  EXPECT_EQ(canonical("100"), "100");
  EXPECT_EQ(canonical("1e125"), "1" + std::string(125, '0'));
  EXPECT_EQ(canonical("1e-130"), "0." + std::string(129, '0') + "1");
}

TEST(NumberText, OfEveryZeroIsZero) {
  for (const char* text :
       {"0", "-0", "+0", "0e5", "0.000", ".0", "0.", "0e126", "0e-131", "0e999999999999999999999999", "000"}) {
    EXPECT_EQ(canonical(text), "0") << text;
    EXPECT_EQ(number(text), Number()) << text;
  }
}

TEST(NumberText, KeepsAllThirtyEightDigits) {
  const std::string nines(38, '9');
  EXPECT_EQ(canonical(nines), nines);
  EXPECT_EQ(canonical("1.2345678901234567890123456789012345678"), "1.2345678901234567890123456789012345678");
  EXPECT_EQ(canonical("-0.00012345678901234567890123456789012345678"), "-0.00012345678901234567890123456789012345678");
  EXPECT_EQ(canonical("10000000000000000000000000000000000001"), "10000000000000000000000000000000000001");
  EXPECT_EQ(canonical("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(canonical("18446744073709551616"), "18446744073709551616");
}

TEST(NumberParse, RefusesWhatIsNotANumber) {
  for (const char* text : {"abc", "NaN", "Infinity", " 1", "1 ",  "1_000", "1+2",  "1e",    "1e+",  "+e2",
                           ".",   "+",   "-",        "e5", "--1", "1.2.3", "0x10", "1e5.0", "1e 5", ".e1"}) {
    EXPECT_EQ(parse_error(text), std::string("The parameter cannot be converted to a numeric value: ") + text);
  }
  EXPECT_EQ(parse_error(""), "The parameter cannot be converted to a numeric value");
  EXPECT_FALSE(Number::parse(std::string_view("1\0", 2)).has_value());
}

TEST(NumberParse, RefusesMoreThanThirtyEightSignificantDigits) {
  EXPECT_EQ(parse_error(std::string(39, '9')), kTooManyDigits);
  EXPECT_EQ(parse_error("0." + std::string(39, '9')), kTooManyDigits);
  EXPECT_EQ(parse_error("1" + std::string(38, '0') + "1"), kTooManyDigits);
}

TEST(NumberParse, DoesNotCountZerosAtTheEndsAsDigits) {
  EXPECT_EQ(canonical("000" + std::string(38, '7') + "000"), std::string(38, '7') + "000");
  EXPECT_EQ(canonical("0.000" + std::string(38, '7') + "000"), "0.000" + std::string(38, '7'));
  EXPECT_EQ(canonical("1" + std::string(60, '0') + "." + std::string(60, '0')), "1" + std::string(60, '0'));
}

TEST(NumberParse, KnowsTheEndsOfTheRange) {
  const std::string largest = "9.9999999999999999999999999999999999999E+125";
  EXPECT_EQ(canonical(largest), std::string(38, '9') + std::string(88, '0'));
  EXPECT_EQ(canonical("-" + largest), "-" + std::string(38, '9') + std::string(88, '0'));
  EXPECT_EQ(parse_error("1e126"), kOverflow);
  EXPECT_EQ(parse_error("-1e126"), kOverflow);
  EXPECT_EQ(parse_error("1e-131"), kUnderflow);
  EXPECT_EQ(parse_error("9.9e-131"), kUnderflow);
  EXPECT_EQ(parse_error("1e99999999999999999999999999999"), kOverflow);
  EXPECT_EQ(parse_error("1e-99999999999999999999999999999"), kUnderflow);
  EXPECT_EQ(canonical("0.1e-129"), canonical("1e-130"));
  EXPECT_EQ(canonical("10e124"), canonical("1e125"));
}

TEST(NumberParse, TakesVeryLongTextsWhoseValueIsInRange) {
  const std::string zeros(400'000, '0');
  EXPECT_EQ(canonical("0." + zeros + "1e400001"), "1");
  EXPECT_EQ(canonical("1" + zeros + "e-400000"), "1");
  EXPECT_EQ(canonical(zeros + "42." + zeros), "42");
  EXPECT_EQ(canonical("1e" + zeros + "2"), "100");
  EXPECT_EQ(parse_error("1" + zeros), kOverflow);
  EXPECT_EQ(parse_error("0." + zeros + "1"), kUnderflow);
  EXPECT_EQ(parse_error("1." + std::string(400'000, '3')), kTooManyDigits);
}

TEST(NumberSize, CountsPairsOfDigitsOnEachSideOfThePoint) {
  const auto size = [](std::string_view text) { return number(text).size_bytes(); };
  EXPECT_EQ(size("0"), 1u);
  EXPECT_EQ(size("1"), 2u);
  EXPECT_EQ(size("12"), 2u);
  EXPECT_EQ(size("123"), 3u);
  EXPECT_EQ(size("12345"), 4u);
  EXPECT_EQ(size(std::string(38, '1')), 20u);
  EXPECT_EQ(size("100"), 2u);
  EXPECT_EQ(size("1010"), 3u);
  EXPECT_EQ(size("0.0000001"), 2u);
  EXPECT_EQ(size("1E125"), 2u);
  EXPECT_EQ(size("-1"), 3u);
  EXPECT_EQ(size("1.5"), 3u);
  EXPECT_EQ(size("10.01"), 3u);
  EXPECT_EQ(size("100.5"), 4u);
}

TEST(NumberOrder, IsByValueAcrossSignsAndScales) {
  const char* const ascending[] = {"-9.9e125", "-1e38", "-12", "-10", "-9.5", "-1",   "-1e-130", "0",
                                   "1e-130",   "0.5",   "1",   "1.5", "2",    "1e19", "1.1e19",  "9.9e125"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(number(ascending[i]) <=> number(ascending[j]), i <=> j) << ascending[i] << " against " << ascending[j];
    }
  }
}

TEST(NumberOrder, OneValueHasOneRepresentation) {
  EXPECT_EQ(number("1000"), number("1e3"));
  EXPECT_EQ(number("1.0"), number("1"));
  EXPECT_EQ(number("1000"), Number::from_int(1000));
  EXPECT_EQ(number("-0.50"), number("-5e-1"));
}

std::string sum(std::string_view a, std::string_view b) {
  const Result<Number> result = Number::add(number(a), number(b));
  return result ? result->text() : result.error().message;
}
std::string difference(std::string_view a, std::string_view b) {
  const Result<Number> result = Number::subtract(number(a), number(b));
  return result ? result->text() : result.error().message;
}

TEST(NumberArithmetic, IsExact) {
  EXPECT_EQ(sum("0.1", "0.2"), "0.3");
  EXPECT_EQ(sum("99", "1"), "100");
  EXPECT_EQ(sum("5", "-5"), "0");
  EXPECT_EQ(sum("0", "-7"), "-7");
  EXPECT_EQ(sum("-1.5", "1"), "-0.5");
  EXPECT_EQ(difference("1", "0.9999"), "0.0001");
  EXPECT_EQ(difference("3", "10"), "-7");
  EXPECT_EQ(sum("1e20", "1e-17"), "100000000000000000000.00000000000000001");
}

TEST(NumberArithmetic, ReportsResultsThatDoNotFitAsOverflow) {
  EXPECT_EQ(sum("1e38", "0.1"), kOverflow);
  EXPECT_EQ(sum("1e125", "1e-130"), kOverflow);
  EXPECT_EQ(sum("9e125", "1e125"), kOverflow);
  EXPECT_EQ(sum("1e38", "1"), kOverflow);
  EXPECT_EQ(difference("2e38", "1"), kOverflow);
}

TEST(NumberArithmetic, AcceptsResultsThatComeBackUnderThirtyEightDigits) {
  EXPECT_EQ(difference("1e38", "1"), std::string(38, '9'));
  EXPECT_EQ(difference("1" + std::string(38, '0'), std::string(38, '9')), "1");
  EXPECT_EQ(sum(std::string(38, '9'), "1"), "1" + std::string(38, '0'));
}

TEST(NumberArithmetic, ReportsATooSmallResultAsUnderflow) {
  EXPECT_EQ(difference("1.5e-130", "1.4e-130"), kUnderflow);
  EXPECT_EQ(difference("1.5e-130", "0.5e-129"), "-0." + std::string(129, '0') + "35");
}

TEST(NumberInteger, RoundTripsTheWholeRange) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1000},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    std::int64_t back = 17;
    EXPECT_TRUE(Number::from_int(value).to_int64(&back));
    EXPECT_EQ(back, value);
    EXPECT_EQ(Number::from_int(value).text(), std::to_string(value));
    EXPECT_EQ(Number::from_int(value).floor_int64(), value);
  }
}

TEST(NumberInteger, IsRefusedForFractionsAndBeyondTheRange) {
  std::int64_t ignored;
  EXPECT_FALSE(number("1.5").to_int64(&ignored));
  EXPECT_FALSE(number("9223372036854775808").to_int64(&ignored));
  EXPECT_FALSE(number("-9223372036854775809").to_int64(&ignored));
  EXPECT_FALSE(number("1e19").to_int64(&ignored));
  EXPECT_FALSE(number("1e125").to_int64(&ignored));
}

TEST(NumberInteger, FloorsFractionsAndClampsTheRest) {
  EXPECT_EQ(number("1700000000.999").floor_int64(), 1'700'000'000);
  EXPECT_EQ(number("-0.5").floor_int64(), -1);
  EXPECT_EQ(number("-2.5").floor_int64(), -3);
  EXPECT_EQ(number("1e-130").floor_int64(), 0);
  EXPECT_EQ(number("-1e-130").floor_int64(), -1);
  EXPECT_EQ(number("1e30").floor_int64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(number("-1e30").floor_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(number("9223372036854775807.5").floor_int64(), std::numeric_limits<std::int64_t>::max());
}

TEST(NumberParts, AreTrimmedAndChecked) {
  Number made;
  ASSERT_TRUE(Number::from_parts(true, 1200, 3, &made));
  EXPECT_EQ(made.text(), "-1200000");
  EXPECT_EQ(made.exponent(), 5);
  EXPECT_EQ(static_cast<std::uint64_t>(made.coefficient()), 12u);
  ASSERT_TRUE(Number::from_parts(true, 0, 77, &made));
  EXPECT_EQ(made, Number());
  EXPECT_FALSE(Number::from_parts(false, 1, 126, &made));
  EXPECT_FALSE(Number::from_parts(false, 1, -131, &made));
  EXPECT_FALSE(Number::from_parts(false, ~static_cast<unsigned __int128>(0), 0, &made));
  EXPECT_FALSE(Number::from_parts(false, 1, std::numeric_limits<int>::max(), &made));
  EXPECT_FALSE(Number::from_parts(false, 1, std::numeric_limits<int>::min(), &made));
}

TEST(NumberConversion, ToDoubleIsClose) {
  EXPECT_DOUBLE_EQ(number("-1234.5").to_double(), -1234.5);
  EXPECT_DOUBLE_EQ(number("1e100").to_double(), 1e100);
}

TEST(NumberSign, NegationOfZeroIsZero) {
  EXPECT_EQ(Number().negated(), Number());
  EXPECT_EQ(number("2").negated(), number("-2"));
  EXPECT_EQ(number("-2").negated(), number("2"));
}

}  // namespace
}  // namespace armature
