#include "expression/reserved_words.h"

#include <gtest/gtest.h>

namespace armature::expression {
namespace {

TEST(ReservedWords, AreReservedInAnyCase) {
  for (const char* word : {"ABORT", "abort", "Status", "nAmE", "ZONE", "ttl", "LOCALTIMESTAMP"}) {
    EXPECT_TRUE(is_reserved_word(word)) << word;
  }
}

TEST(ReservedWords, OtherWordsAreFree) {
  for (const char* word : {"", "statu", "statuss", "zones", "AA", "ABORTED", "localtimestampx", "name1",
                           "a_very_long_name_that_is_not_reserved"}) {
    EXPECT_FALSE(is_reserved_word(word)) << word;
  }
}

}  // namespace
}  // namespace armature::expression
