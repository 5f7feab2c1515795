// An index equals the projection of its table, whatever was written, and so do the figures kept about both.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "index/entry_key.h"
#include "index/projection.h"
#include "property/table/random_items.h"
#include "table/change.h"

namespace armature {
namespace {

using namespace armature::test;

using Entries = std::map<Bytes, Bytes>;

Entries stored(TestStore* store, storage::KeySpaceId key_space, storage::Space space) {
  Entries entries;
  const auto page = sync_wait(store->storage().range(
      {.key_space = key_space, .space = space, .limit_entries = 100'000, .limit_bytes = std::size_t{1} << 30}));
  EXPECT_TRUE(page && !page->more);
  for (const storage::Entry& entry : page->entries) entries.emplace(entry.key, entry.value);
  return entries;
}

// What the index should hold, from nothing but the items.
Entries projection(const TableDefinition& definition, const IndexDefinition& index, const Entries& items) {
  Entries entries;
  for (const auto& [item_key, encoded] : items) {
    const ItemView item(encoded);
    const std::optional<Bytes> key = entry_key(definition, index, item_key, item, arena());
    Bytes buffer;
    if (key) entries.emplace(*key, project_entry(definition, index, item, arena(), &buffer));
  }
  return entries;
}

storage::KeySpaceStats figures(const Entries& entries) {
  storage::KeySpaceStats stats;
  for (const auto& [key, encoded] : entries) {
    ++stats.entries;
    stats.bytes += static_cast<std::int64_t>(ItemView(encoded).size_bytes()) + kStorageOverheadBytes;
  }
  return stats;
}

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

void check(TestStore* store) {
  const TableDefinition& definition = store->definition();
  const Entries items = stored(store, definition.key_space, storage::Space::kItems);
  const auto check_figures = [&](storage::KeySpaceId key_space, const Entries& entries) {
    const storage::KeySpaceStats expected = figures(entries);
    EXPECT_EQ(store->stats(key_space).entries, expected.entries);
    EXPECT_EQ(store->stats(key_space).bytes, expected.bytes);
  };
  check_figures(definition.key_space, items);

  Entries local;
  for (const IndexDefinition& index : definition.local_indexes) {
    Entries expected = projection(definition, index, items);
    check_figures(index.key_space, expected);
    local.merge(expected);
  }
  EXPECT_EQ(stored(store, definition.key_space, storage::Space::kLsi), local);
  for (const IndexDefinition& index : definition.global_indexes) {
    const Entries expected = projection(definition, index, items);
    EXPECT_EQ(stored(store, index.key_space, storage::Space::kItems), expected) << index.name;
    check_figures(index.key_space, expected);
  }
}

TEST(Indexes, EqualTheProjectionOfTheirTable) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomItems random(seed);
    TestStore store(random_table());
    for (int round = 0; round < 10; ++round) {
      for (int i = 0; i < 20; ++i) write_randomly(&store, &random);
      check(&store);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace armature
