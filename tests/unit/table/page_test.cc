// Query and Scan through the whole store, over the engine in memory.
#include "table/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/item_store.h"
#include "support/storage_probe.h"
#include "support/tables.h"

namespace armature {
namespace {

using namespace armature::test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TableDefinition events() { return table("Events").pk("p", 'S').sk("s", 'N'); }

// `count` items of partition key `partition` with sort keys 1, 2, …
void fill(TestStore* store, const char* partition, int count, std::size_t payload_bytes = 0) {
  for (int i = 1; i <= count; ++i) {
    ASSERT_TRUE(store->put({{"p", S(partition)}, {"s", N(i)}, {"x", S(std::string(payload_bytes, 'x'))}}));
  }
}

TEST(Query, ReturnsACollectionInTheOrderOfItsSortKey) {
  TestStore store(events());
  for (const char* number : {"10", "-1", "2.5", "100", "2"}) {
    ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(number)}}));
  }
  ASSERT_TRUE(store.put({{"p", S("b")}, {"s", N(1)}}));
  EXPECT_THAT(TestStore::column(store.query("p = :p", {{":p", S("a")}}), "s"),
              ElementsAre("N -1", "N 2", "N 2.5", "N 10", "N 100"));
}

TEST(Query, GoesBackwardWhenToldTo) {
  TestStore store(events());
  fill(&store, "a", 4);
  QueryIntent query = store.query_intent("p = :p AND s < :s", {{":p", S("a")}, {":s", N(4)}});
  query.forward = false;
  EXPECT_THAT(TestStore::column(store.query(query), "s"), ElementsAre("N 3", "N 2", "N 1"));
}

TEST(Query, OfNothingIsAnEmptyPageForOneBlock) {
  TestStore store(events());
  const auto page = store.query("p = :p", {{":p", S("a")}});
  EXPECT_EQ(page->count, 0u);
  EXPECT_EQ(page->scanned_count, 0u);
  EXPECT_FALSE(page->last_evaluated_key);
  EXPECT_EQ(page->consumed.table.read_half_units, 1);
}

TEST(Query, WithALimitStopsThereAndSaysWhere) {
  TestStore store(events());
  fill(&store, "a", 5);
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.limit = 2;
  const auto page = store.query(query);
  EXPECT_THAT(TestStore::column(page, "s"), ElementsAre("N 1", "N 2"));
  ASSERT_TRUE(page->last_evaluated_key);
  EXPECT_EQ(to_text(*page->last_evaluated_key), R"({p: S "a", s: N 2})");
  query.exclusive_start_key = page->last_evaluated_key;
  EXPECT_THAT(TestStore::column(store.query(query), "s"), ElementsAre("N 3", "N 4"));
}

TEST(Query, WithALimitOfWhatIsLeftStillSaysWhere) {
  TestStore store(events());
  fill(&store, "a", 2);
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.limit = 2;
  auto page = store.query(query);
  ASSERT_TRUE(page->last_evaluated_key);
  query.exclusive_start_key = page->last_evaluated_key;
  page = store.query(query);
  EXPECT_EQ(page->count, 0u);
  EXPECT_FALSE(page->last_evaluated_key);
}

TEST(Query, ContinuesFromAKeyThatDoesNotExist) {
  TestStore store(events());
  fill(&store, "a", 4);
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.exclusive_start_key = attributes({{"p", S("a")}, {"s", N("2.5")}});
  EXPECT_THAT(TestStore::column(store.query(query), "s"), ElementsAre("N 3", "N 4"));
  query.forward = false;
  EXPECT_THAT(TestStore::column(store.query(query), "s"), ElementsAre("N 2", "N 1"));
}

TEST(Query, LimitCountsWhatTheFilterDrops) {
  TestStore store(events());
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(i)}, {"even", BOOL(i % 2 == 0)}}));
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.limit = 3;
  query.filter = store.condition("even = :t", {{":t", BOOL(true)}}, expression::Parameter::kFilter);
  const auto page = store.query(query);
  EXPECT_THAT(TestStore::column(page, "s"), ElementsAre("N 2"));
  EXPECT_EQ(page->count, 1u);
  EXPECT_EQ(page->scanned_count, 3u);
  EXPECT_EQ(to_text(*page->last_evaluated_key), R"({p: S "a", s: N 3})");
}

TEST(Query, CountOnlyReturnsNoItems) {
  TestStore store(events());
  fill(&store, "a", 3);
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.count_only = true;
  const auto page = store.query(query);
  EXPECT_THAT(page->items, IsEmpty());
  EXPECT_EQ(page->count, 3u);
}

TEST(Query, ProjectionLeavesTheNamedPaths) {
  TestStore store(events());
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(1)}, {"x", M({{"y", N(2)}, {"z", N(3)}})}}));
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.projection = store.projection("x.y");
  const auto page = store.query(query);
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(to_text(*page->items[0].projected), "{x: {y: N 2}}");
}

TEST(Query, CostsItsEvaluatedBytesRoundedOnce) {
  TestStore store(events());
  fill(&store, "a", 10, 1000);  // Each 1 + 1 + 1 + 2 + 1 + 1000 bytes.
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  EXPECT_EQ(store.query(query)->consumed.table.read_half_units, 3);
  query.consistent = true;
  query.filter = store.condition("s = :none", {{":none", N(-1)}}, expression::Parameter::kFilter);
  EXPECT_EQ(store.query(query)->consumed.table.read_half_units, 6);
}

TEST(Query, PageEndsWithTheItemThatReachesOneMegabyte) {
  TestStore store(events());
  fill(&store, "a", 5, 300'000);
  const auto page = store.query("p = :p", {{":p", S("a")}});
  EXPECT_EQ(page->count, 4u);
  ASSERT_TRUE(page->last_evaluated_key);
  EXPECT_EQ(to_text(*page->last_evaluated_key), R"({p: S "a", s: N 4})");
}

TEST(Query, PageOfSmallItemsHoldsAMegabyteOfThem) {
  TestStore store(events());
  fill(&store, "a", 1200, 1000);
  const auto page = store.query("p = :p", {{":p", S("a")}});
  // A key p, s of 1 + 1 + 1 + 2 bytes (3 from 101 on, but 2 for 200, 300, …) and x of 1 + 1000.
  EXPECT_EQ(page->count, 1042u);
  EXPECT_TRUE(page->last_evaluated_key);
}

TEST(Query, SmallLimitReadsLittle) {
  TestStore store(events(), std::make_unique<StorageProbe>());
  fill(&store, "a", 200);
  auto& probe = static_cast<StorageProbe&>(store.storage());
  QueryIntent query = store.query_intent("p = :p", {{":p", S("a")}});
  query.limit = 3;
  ASSERT_TRUE(store.query(query));
  EXPECT_EQ(probe.ranges, 1);
  EXPECT_EQ(probe.range_entries, 3u);
}

TEST(Query, WithAnEmptyRangeReadsNothing) {
  TestStore store(events(), std::make_unique<StorageProbe>());
  fill(&store, "a", 2);
  QueryIntent query = store.query_intent("p = :p AND s < :s", {{":p", S("a")}, {":s", N(2)}});
  query.exclusive_start_key = attributes({{"p", S("a")}, {"s", N(1)}});
  EXPECT_EQ(store.query(query)->count, 0u);
}

// --- Global indexes ---

TableDefinition orders() {
  return table("Orders").pk("id", 'S').gsi("by_day", {{"customer", 'S'}}, {{"day", 'N'}}).include({"note"});
}

void fill_orders(TestStore* store) {
  ASSERT_TRUE(store->put({{"id", S("1")}, {"customer", S("ann")}, {"day", N(2)}, {"note", S("x")}, {"big", S("y")}}));
  ASSERT_TRUE(store->put({{"id", S("2")}, {"customer", S("ann")}, {"day", N(1)}}));
  ASSERT_TRUE(store->put({{"id", S("3")}, {"customer", S("ann")}, {"day", N(2)}}));
  ASSERT_TRUE(store->put({{"id", S("4")}, {"customer", S("bob")}, {"day", N(1)}}));
  ASSERT_TRUE(store->put({{"id", S("5")}, {"customer", S("ann")}}));
}

TEST(GlobalIndex, QueryFindsWhatIsInTheIndexWithWhatItProjects) {
  TestStore store(orders());
  fill_orders(&store);
  const auto page = store.query(store.query_intent(store.index("by_day"), "customer = :c", {{":c", S("ann")}}));
  ASSERT_EQ(page->count, 3u);
  EXPECT_EQ(to_text(page->items[0].view), R"({customer: S "ann", day: N 1, id: S "2"})");
  EXPECT_EQ(to_text(page->items[1].view), R"({customer: S "ann", day: N 2, id: S "1", note: S "x"})");
}

TEST(GlobalIndex, PagesThroughEqualIndexKeys) {
  TestStore store(orders());
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(store.put({{"id", S(std::to_string(i))}, {"customer", S("ann")}, {"day", N(1)}}));
  }
  QueryIntent query = store.query_intent(store.index("by_day"), "customer = :c", {{":c", S("ann")}});
  query.limit = 2;
  std::vector<std::string> ids;
  for (const PageOutcome& page : store.all_pages(query)) {
    for (const std::string& id : TestStore::column(page, "id")) ids.push_back(id);
  }
  EXPECT_THAT(ids, ElementsAre("S \"0\"", "S \"1\"", "S \"2\"", "S \"3\"", "S \"4\"", "S \"5\"", "S \"6\""));
}

TEST(GlobalIndex, LastEvaluatedKeyHasIndexAndTableKey) {
  TestStore store(orders());
  fill_orders(&store);
  QueryIntent query = store.query_intent(store.index("by_day"), "customer = :c", {{":c", S("ann")}});
  query.limit = 1;
  EXPECT_EQ(to_text(*store.query(query)->last_evaluated_key), R"({customer: S "ann", day: N 1, id: S "2"})");
}

TEST(GlobalIndex, ChargesItsOwnArmOnly) {
  TestStore store(orders());
  fill_orders(&store);
  const auto page = store.query(store.query_intent(store.index("by_day"), "customer = :c", {{":c", S("ann")}}));
  EXPECT_EQ(page->consumed.table.read_half_units, 0);
  ASSERT_EQ(page->consumed.indexes.size(), 1u);
  EXPECT_TRUE(page->consumed.indexes[0].global);
  EXPECT_EQ(page->consumed.indexes[0].amount.read_half_units, 1);
}

TEST(GlobalIndex, ScanReturnsEveryEntryOnce) {
  TestStore store(orders());
  fill_orders(&store);
  ScanIntent scan;
  scan.index = store.index("by_day");
  std::vector<std::string> ids = TestStore::column(store.scan(scan), "id");
  std::sort(ids.begin(), ids.end());
  EXPECT_THAT(ids, ElementsAre("S \"1\"", "S \"2\"", "S \"3\"", "S \"4\""));
}

// --- Local indexes ---

TableDefinition songs() {
  return table("Songs")
      .pk("artist", 'S')
      .sk("title", 'S')
      .lsi("by_year", "year", 'N')
      .keys_only()
      .lsi("by_genre", "genre", 'S')
      .lsi("by_label", "label", 'S')
      .keys_only();
}

void fill_songs(TestStore* store) {
  int number = 0;
  for (const char* artist : {"ann", "bob", "cat"}) {
    for (const char* title : {"u", "v", "w", "x"}) {
      ++number;
      ASSERT_TRUE(store->put({{"artist", S(artist)},
                              {"title", S(title)},
                              {"year", N(2000 - number)},
                              {"genre", S("jazz")},
                              {"len", N(3)}}));
    }
    ASSERT_TRUE(store->put({{"artist", S(artist)}, {"title", S("y")}, {"genre", S("rock")}}));
  }
}

TEST(LocalIndex, QueryFollowsTheIndexSortKey) {
  TestStore store(songs());
  fill_songs(&store);
  const auto page = store.query(store.query_intent(store.index("by_year"), "artist = :a", {{":a", S("ann")}}));
  EXPECT_THAT(TestStore::column(page, "title"), ElementsAre("S \"x\"", "S \"w\"", "S \"v\"", "S \"u\""));
  EXPECT_EQ(to_text(page->items[0].view), R"({artist: S "ann", title: S "x", year: N 1996})");
}

TEST(LocalIndex, FetchBringsTheWholeItemAndIsChargedToTheTable) {
  TestStore store(songs());
  fill_songs(&store);
  QueryIntent query = store.query_intent(store.index("by_year"), "artist = :a", {{":a", S("ann")}});
  query.fetch_from_table = true;
  query.limit = 3;
  const auto page = store.query(query);
  EXPECT_EQ(to_text(page->items[0].view),
            R"({artist: S "ann", genre: S "jazz", len: N 3, title: S "x", year: N 1996})");
  EXPECT_EQ(page->consumed.table.read_half_units, 3);
  EXPECT_EQ(page->consumed.indexes[0].amount.read_half_units, 1);
}

TEST(LocalIndex, FilterSeesWhatWasFetched) {
  TestStore store(songs());
  fill_songs(&store);
  QueryIntent query = store.query_intent(store.index("by_year"), "artist = :a", {{":a", S("ann")}});
  query.filter = store.condition("len = :l", {{":l", N(3)}}, expression::Parameter::kFilter);
  EXPECT_EQ(store.query(query)->count, 0u);
  query.fetch_from_table = true;
  EXPECT_EQ(store.query(query)->count, 4u);
}

TEST(LocalIndex, FetchedItemsCountTowardsThePage) {
  TestStore store(table("t").pk("p", 'S').sk("s", 'N').lsi("l", "k", 'N').keys_only());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(i)}, {"k", N(i)}, {"x", S(std::string(300'000, 'x'))}}));
  }
  QueryIntent query = store.query_intent(store.index("l"), "p = :p", {{":p", S("a")}});
  EXPECT_FALSE(store.query(query)->last_evaluated_key);
  query.fetch_from_table = true;
  const auto page = store.query(query);
  EXPECT_EQ(page->count, 4u);
  EXPECT_TRUE(page->last_evaluated_key);
}

TEST(LocalIndex, ScanReturnsTheEntriesOfOneIndexOnly) {
  TestStore store(songs());
  fill_songs(&store);
  for (const auto& [name, count] : {std::pair("by_year", 12u), std::pair("by_genre", 15u), std::pair("by_label", 0u)}) {
    for (const std::uint32_t limit : {1u, 2u, 5u, 100u}) {
      ScanIntent scan;
      scan.index = store.index(name);
      scan.limit = limit;
      std::set<std::string> seen;
      std::uint32_t scanned = 0;
      for (const PageOutcome& page : store.all_pages(scan)) {
        scanned += page.scanned_count;
        for (const PageItem& item : page.items) seen.insert(to_text(item.view));
      }
      EXPECT_EQ(scanned, count) << name << " by " << limit;
      EXPECT_EQ(seen.size(), count) << name << " by " << limit;
    }
  }
}

TEST(LocalIndex, ScanOfASparseIndexSkipsLongRunsOfOtherEntries) {
  TestStore store(
      table("t").pk("p", 'S').sk("s", 'N').lsi("full", "s", 'N').lsi("sparse", "x", 'N').lsi("also", "s", 'N'),
      std::make_unique<StorageProbe>());
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(i)}}));
  ASSERT_TRUE(store.put({{"p", S("a")}, {"s", N(-1)}, {"x", N(1)}}));
  auto& probe = static_cast<StorageProbe&>(store.storage());
  ScanIntent scan;
  scan.index = store.index("sparse");
  scan.limit = 2;
  EXPECT_EQ(store.scan(scan)->scanned_count, 1u);
  EXPECT_LT(probe.range_entries, 400u);
}

// --- Scans ---

TEST(Scan, ReturnsEveryItemWithItsCollectionInOrder) {
  TestStore store(events());
  for (const char* partition : {"a", "b", "c", "d"}) fill(&store, partition, 3);
  const std::vector<std::string> sort_keys = TestStore::column(store.scan({}), "s");
  ASSERT_EQ(sort_keys.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(sort_keys[i], "N " + std::to_string(i % 3 + 1));
}

TEST(Scan, SegmentsAreDisjointAndCoverTheTable) {
  TestStore store(table("t").pk("p", 'N'));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(store.put({{"p", N(i)}}));
  std::multiset<std::string> seen;
  for (std::uint32_t segment = 0; segment < 7; ++segment) {
    ScanIntent scan;
    scan.segment = segment;
    scan.total_segments = 7;
    scan.limit = 9;
    std::size_t in_segment = 0;
    for (const PageOutcome& page : store.all_pages(scan)) {
      for (const std::string& key : TestStore::column(page, "p")) {
        seen.insert(key);
        ++in_segment;
      }
    }
    EXPECT_GT(in_segment, 5u);
  }
  EXPECT_EQ(seen.size(), 200u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 200u);
}

TEST(Throttling, OfReadsHoldsForIndexAndTableApart) {
  TestStore store(table("t").pk("p", 'S').provisioned(1, 1000).gsi("g", {{"x", 'S'}}).provisioned(1, 1000));
  ScanIntent scan;
  for (int i = 0; i < 600; ++i) ASSERT_TRUE(store.scan(scan));
  EXPECT_EQ(store.scan(scan).error().code, ErrorCode::kProvisionedThroughputExceeded);
  EXPECT_EQ(store.get(store.get_intent({{"p", S("a")}})).error().code, ErrorCode::kProvisionedThroughputExceeded);
  scan.index = store.index("g");
  EXPECT_TRUE(store.scan(scan));
  store.clock().advance_ms(1);
  EXPECT_TRUE(store.get(store.get_intent({{"p", S("a")}})));
}

// --- Reads by key ---

TEST(Get, CostsBlocksOfFourKilobytes) {
  TestStore store(table("t").pk("p", 'S'));
  ASSERT_TRUE(store.put({{"p", S("a")}, {"x", S(std::string(5000, 'x'))}}));
  GetIntent get = store.get_intent({{"p", S("a")}});
  EXPECT_EQ(store.get(get)->consumed.table.read_half_units, 2);
  get.consistent = true;
  EXPECT_EQ(store.get(get)->consumed.table.read_half_units, 4);
  EXPECT_EQ(store.get(store.get_intent({{"p", S("none")}}))->consumed.table.read_half_units, 1);
}

TEST(GetMany, AnswersInTheOrderOfTheKeys) {
  TestStore store(table("t").pk("p", 'S'));
  ASSERT_TRUE(store.put({{"p", S("a")}}));
  ASSERT_TRUE(store.put({{"p", S("c")}}));
  std::vector<GetIntent> gets;
  for (const char* key : {"c", "b", "a"}) gets.push_back(store.get_intent({{"p", S(key)}}));
  const auto results = sync_wait(store.items().get_many(store.definition(), gets));
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(to_text(ItemView(*results[0]->item)), "{p: S \"c\"}");
  EXPECT_FALSE(results[1]->item);
  EXPECT_EQ(to_text(ItemView(*results[2]->item)), "{p: S \"a\"}");
}

TEST(GetMany, ThrottlesTheRestOfABatchAndServesItsBeginning) {
  TestStore store(table("t").pk("p", 'S').provisioned(1, 1));
  const GetIntent get = store.get_intent({{"p", S("a")}});
  for (int i = 0; i < 598; ++i) ASSERT_TRUE(store.get(get));
  const std::vector<GetIntent> gets(4, get);
  const auto results = sync_wait(store.items().get_many(store.definition(), gets));
  EXPECT_TRUE(results[0]);
  EXPECT_TRUE(results[1]);
  EXPECT_EQ(results[2].error().code, ErrorCode::kProvisionedThroughputExceeded);
  EXPECT_EQ(results[3].error().code, ErrorCode::kProvisionedThroughputExceeded);
}

}  // namespace
}  // namespace armature
