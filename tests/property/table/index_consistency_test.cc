// An index equals the projection of its table, whatever was written, and so do the figures kept about both.
#include <gtest/gtest.h>

#include <string>

#include "property/table/consistency.h"
#include "property/table/random_items.h"

namespace armature {
namespace {

using namespace armature::test;

void write_randomly(TestStore* store, RandomItems* random) {
  const std::span<const Attribute> key = random->key();
  switch (random->below(5)) {
    case 0: {
      const DeleteIntent remove{.key = store->put_intent(key).key};
      ASSERT_TRUE(store->remove(remove));
      break;
    }
    case 1: {
      UpdateIntent update{.key = store->put_intent(key).key};
      update.program = store->program("REMOVE a");
      ASSERT_TRUE(store->update(update));
      break;
    }
    case 2: {
      UpdateIntent update{.key = store->put_intent(key).key};
      update.program = store->program("SET n = :n, extra = :e", {{":n", random->number()}, {":e", random->number()}});
      ASSERT_TRUE(store->update(update));
      break;
    }
    default: ASSERT_TRUE(store->put(random->item_of(key)));
  }
}

TEST(Indexes, EqualTheProjectionOfTheirTable) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomItems random(seed);
    TestStore store(random_table());
    if (seed % 2 == 0) {
      store.definition().time_to_live = {.status = TimeToLiveStatus::kEnabled, .attribute = "n", .build_position = {}};
    }
    for (int round = 0; round < 10; ++round) {
      for (int i = 0; i < 20; ++i) write_randomly(&store, &random);
      check_consistency(&store.storage(), store.definition());
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace armature
