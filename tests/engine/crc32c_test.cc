#include "storage/rocksdb/crc32c.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.h"

namespace rocksdb::crc32c {
std::uint32_t Extend(std::uint32_t crc, const char* data, std::size_t size);
}

namespace armature::storage {
namespace {

// Source: RFC 3720, "B.4. CRC Examples".
TEST(Crc32c, OfTheExamples) {
  Bytes counting(32, '\0');
  std::iota(counting.begin(), counting.end(), '\0');
  Bytes reversed = counting;
  std::reverse(reversed.begin(), reversed.end());
  for (const auto extend : {extend_crc32c, extend_crc32c_by_table}) {
    EXPECT_EQ(extend(0, ""), 0u);
    EXPECT_EQ(extend(0, "123456789"), 0xe3069283u);
    EXPECT_EQ(extend(0, Bytes(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(extend(0, Bytes(32, '\xff')), 0x62a8ab43u);
    EXPECT_EQ(extend(0, counting), 0x46dd794eu);
    EXPECT_EQ(extend(0, reversed), 0x113fdb5cu);
  }
}

TEST(Crc32c, IsTheSameInHardwareAndByTable) {
  SeededRandom random(7);
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes(random.below(300), '\0');
    for (char& c : bytes) c = static_cast<char>(random.below(256));
    const auto before = static_cast<std::uint32_t>(random.next());
    // Wherever it begins and is cut.
    const BytesView view = BytesView(bytes).substr(random.below(bytes.size() + 1));
    const std::size_t cut = random.below(view.size() + 1);
    const std::uint32_t expected = extend_crc32c_by_table(before, view);
    EXPECT_EQ(extend_crc32c(before, view), expected);
    EXPECT_EQ(extend_crc32c(extend_crc32c(before, view.substr(0, cut)), view.substr(cut)), expected);
    EXPECT_EQ(rocksdb::crc32c::Extend(before, view.data(), view.size()), expected);
  }
}

}  // namespace
}  // namespace armature::storage
