// The sizes of item collections, and the limit of them, over the engine in memory.
#include "table/collection_size.h"

#include <gtest/gtest.h>

#include "support/item_store.h"
#include "support/tables.h"

namespace armature {
namespace {

using namespace armature::test;

// Items of 5 bytes and more; entries of 5 bytes and the index key's.
TableDefinition with_local_index() { return table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S').keys_only(); }

std::size_t local_entries(TestStore& store) {
  const storage::RangeRequest everything{
      .key_space = store.definition().key_space, .space = storage::Space::kLsi, .limit_entries = 100};
  return sync_wait(store.storage().range(everything))->entries.size();
}

ErrorCode code(const Result<WriteOutcome>& outcome) { return outcome.error().code; }

TEST(CollectionSize, CoversItemsAndLocalEntriesOfOnePartitionKey) {
  TestStore store(with_local_index());
  const auto first = store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}, {"y", S("12345678")}});
  EXPECT_EQ(first->collection_size_bytes, 16 + 7);
  EXPECT_EQ(store.put({{"p", S("b")}, {"s", N(1)}})->collection_size_bytes, 5);
  EXPECT_EQ(store.put({{"p", S("a")}, {"s", N(2)}})->collection_size_bytes, 16 + 7 + 5);
}

TEST(CollectionSize, FollowsUpdatesAndDeletes) {
  TestStore store(with_local_index());
  const Values key = {{"p", S("a")}, {"s", N(1)}};
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}}));
  EXPECT_EQ(store.update(key, "SET y = :y", {{":y", S("123")}})->collection_size_bytes, 11 + 7);
  EXPECT_EQ(store.update(key, "REMOVE x")->collection_size_bytes, 9);
  EXPECT_EQ(store.remove(key)->collection_size_bytes, 0);
  EXPECT_EQ(store.remove(key)->collection_size_bytes, 0);
}

TEST(CollectionSize, IsToldOfWritesThatChangeNothing) {
  TestStore store(with_local_index());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}}));
  EXPECT_EQ(store.put({{"p", S("a")}, {"s", N(1)}})->collection_size_bytes, 5);
}

TEST(CollectionSize, OfAnEmptyCollectionTakesNoRoom) {
  TestStore store(with_local_index());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}}));
  EXPECT_EQ(local_entries(store), 2u);
  ASSERT_TRUE(store.remove({{"p", S("a")}, {"s", N(1)}}));
  EXPECT_EQ(local_entries(store), 0u);
}

TEST(CollectionSize, IsNoEntryOfAnIndex) {
  TestStore store(with_local_index());
  for (const char* p : {"a", "b", "c"}) ASSERT_TRUE(store.put({{"p", S(p)}, {"s", N(1)}, {"x", S("1")}}));
  ScanIntent scan;
  scan.index = store.index("l");
  scan.limit = 1;
  std::size_t found = 0;
  for (const PageOutcome& page : store.all_pages(scan)) found += page.items.size();
  EXPECT_EQ(found, 3u);
}

TEST(CollectionSize, IsAbsentWithoutLocalIndexes) {
  TestStore store(table("t").pk("p", 'S').sk("s", 'N').gsi("g", {{"x", 'S'}}));
  EXPECT_FALSE(store.put({{"p", S("a")}, {"s", N(1)}})->collection_size_bytes);
  EXPECT_EQ(local_entries(store), 0u);
}

TEST(CollectionSize, OfATableOlderThanTheKeepingOfSizesIsUnknown) {
  TableDefinition definition = with_local_index();
  definition.keeps_collection_sizes = false;
  TestStore store(std::move(definition), nullptr, {.collection_limit_bytes = 1});
  const auto outcome = store.put({{"p", S("a")}, {"s", N(1)}});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->collection_size_bytes);
}

TEST(CollectionLimit, IsReachedByItemsAndEntriesTogether) {
  TestStore store(with_local_index(), nullptr, {.collection_limit_bytes = 20});
  EXPECT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"x", S("1")}}));  // 7 and 7.
  const auto refused = store.put({{"p", S("a")}, {"s", N(2)}, {"y", S("1")}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(code(refused), ErrorCode::kItemCollectionSizeLimitExceeded);
  EXPECT_EQ(refused.error().message, "Collection size exceeded.");
  EXPECT_EQ(store.get_text({{"p", S("a")}, {"s", N(2)}}), "none");
  EXPECT_EQ(store.stats().entries, 1);
  EXPECT_TRUE(store.put({{"p", S("b")}, {"s", N(2)}})) << "another collection";
}

TEST(CollectionLimit, LetsALargeCollectionShrinkAndStay) {
  auto shared = storage::make_memory_storage();
  storage::Storage* const engine = shared.get();
  TestStore store(with_local_index(), std::move(shared));
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"y", S("123456")}}));
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(2)}, {"y", S("123456")}}));
  const ManualClock clock{1'700'000'000'000};
  ItemStore lowered(engine, &clock, {.collection_limit_bytes = 10});
  const auto put = [&](Values item) {
    const PutIntent intent = store.put_intent(attributes(item));
    return sync_wait(lowered.put(store.definition(), intent, store.arena()));
  };
  EXPECT_TRUE(put({{"p", S("a")}, {"s", N(1)}, {"y", S("654321")}})) << "as large as before";
  EXPECT_TRUE(put({{"p", S("a")}, {"s", N(1)}, {"y", S("1")}})) << "smaller";
  EXPECT_FALSE(put({{"p", S("a")}, {"s", N(1)}, {"y", S("12")}})) << "larger";
}

TEST(CollectionSizeValue, SurvivesItsEncoding) {
  EXPECT_EQ(decode_collection_size(encode_collection_size(1)), 1);
  EXPECT_EQ(decode_collection_size(encode_collection_size(kCollectionLimitBytes)), kCollectionLimitBytes);
}

TEST(CollectionSizeValue, ThatIsDamagedIsSeen) {
  const Bytes whole = encode_collection_size(7);
  EXPECT_FALSE(decode_collection_size(BytesView(whole).substr(1)));
  EXPECT_FALSE(decode_collection_size(whole + '\0'));
  EXPECT_FALSE(decode_collection_size('\x02' + whole.substr(1)));
  EXPECT_FALSE(decode_collection_size(encode_collection_size(0)));
  EXPECT_FALSE(decode_collection_size(encode_collection_size(-1)));
}

}  // namespace
}  // namespace armature
