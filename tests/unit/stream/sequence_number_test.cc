#include "stream/sequence_number.h"

#include <gtest/gtest.h>

namespace armature::stream {
namespace {

constexpr storage::Stamp kLast = std::numeric_limits<storage::Stamp>::max();

SequenceNumber parsed(std::string_view text) {
  SequenceNumber number;
  EXPECT_TRUE(parse_sequence_number(text, &number)) << text;
  return number;
}

TEST(SequenceNumber, HasSoManyDigitsAsDynamoDbAllows) {
  EXPECT_EQ(to_text({0, 0}), "10000000000000000000000000");
  EXPECT_EQ(to_text({1'795'000'000'000'123, 7}), "10000179500000000012300007");
  EXPECT_EQ(to_text({kLast, 65535}).size(), to_text({0, 0}).size());
}

TEST(SequenceNumber, ReadsWhatItWrites) {
  for (const SequenceNumber number : {SequenceNumber{0, 0}, {1, 65535}, {1'795'000'000'000'123, 7}, {kLast, 65535}}) {
    EXPECT_EQ(parsed(to_text(number)), number);
  }
}

TEST(SequenceNumber, ComparesAsItsText) {
  const SequenceNumber numbers[] = {{0, 0}, {0, 9}, {0, 10}, {9, 65535}, {10, 0}, {kLast, 0}};
  for (const SequenceNumber& a : numbers) {
    for (const SequenceNumber& b : numbers) EXPECT_EQ(a < b, to_text(a) < to_text(b));
  }
}

TEST(SequenceNumber, TakesNumbersNoRecordHasAsTheNearestAbove) {
  EXPECT_EQ(parsed("000000000000000000001"), (SequenceNumber{0, 0}));
  EXPECT_EQ(parsed("00010000000000000000000000012"), (SequenceNumber{0, 12}));
  EXPECT_EQ(parsed("10000000000000000000799999"), (SequenceNumber{8, 0}));
  EXPECT_EQ(parsed("20000000000000000000000000"), (SequenceNumber{kLast, 65535}));
  EXPECT_EQ(parsed("19999999999999999999900000"), (SequenceNumber{kLast, 65535}));
  EXPECT_EQ(parsed(std::string(40, '9')), (SequenceNumber{kLast, 65535}));
}

TEST(SequenceNumber, RefusesWhatIsNoNumber) {
  SequenceNumber number;
  for (const std::string_view text : {"", "-10000000000000000000000000", "1000000000000000000000000x", " 1"}) {
    EXPECT_FALSE(parse_sequence_number(text, &number)) << text;
  }
}

TEST(SequenceNumber, StepsOverTheEdgeOfACommit) {
  EXPECT_EQ((SequenceNumber{7, 65535}.next()), (SequenceNumber{8, 0}));
  EXPECT_EQ((SequenceNumber{8, 0}.previous()), (SequenceNumber{7, 65535}));
  EXPECT_EQ((SequenceNumber{8, 3}.next().previous()), (SequenceNumber{8, 3}));
}

}  // namespace
}  // namespace armature::stream
