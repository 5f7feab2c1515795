// What `armature check` finds in a directory whose entries are each whole, but do not agree with one another.
#include "cmd/check_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "index/entry_key.h"
#include "storage/rocksdb/rocksdb_storage.h"
#include "support/item_store.h"
#include "support/tables.h"
#include "support/temporary_directory.h"
#include "table/collection_size.h"

namespace armature::cmd {
namespace {

using namespace armature::test;
using testing::HasSubstr;

// A table with a local index and two item collections: "a" of 2 items, "b" of 1.
class CheckCommand : public testing::Test {
 protected:
  CheckCommand() {
    const auto storage = open();
    const ManualClock clock{1'700'000'000'000};
    Catalog catalog(storage.get(), &clock, "000000000000");
    const TableDefinition draft = test::table("t").pk("p", 'S').sk("s", 'N').lsi("l", "x", 'S');
    const auto created = sync_wait(catalog.create(draft));
    EXPECT_EQ(error_text(created), "ok");
    table_ = **created;
    ItemStore items(storage.get(), &clock, {});
    for (const auto& [p, s] : {std::pair("a", 1), std::pair("a", 2), std::pair("b", 1)}) {
      const auto item = attributes({{"p", S(p)}, {"s", N(s)}, {"x", S("1")}});
      const ItemKey key = *bind_item_key(table_, item, &arena_);
      EXPECT_EQ(error_text(sync_wait(items.put(table_, {.key = key, .item = item}, &arena_))), "ok");
    }
  }

  std::unique_ptr<storage::RocksdbStorage> open() {
    storage::RocksdbOptions options;
    options.directory = path_;
    return std::move(storage::open_rocksdb(options)).value();
  }

  // The key of the size that is kept of the collection of `p`.
  Bytes size_key(std::string_view p) {
    const auto key = attributes({{"p", S(p)}, {"s", N(1)}});
    return collection_size_key(*find_item_collection_prefix(table_, bind_key(table_, key, &arena_)->encoded, &arena_));
  }
  std::int64_t kept_size(BytesView key) {
    const auto storage = open();
    const storage::ReadKey read{{table_.key_space, key}, storage::Space::kLsi, key};
    return *decode_collection_size(sync_wait(storage->get(read, storage::ReadMode::kCommitted))->value);
  }
  // Writes behind the server's back; no value erases.
  void overwrite(const Bytes& key, const std::optional<Bytes>& value) {
    const auto storage = open();
    storage::Batch batch;
    batch.writes.push_back({.home = {table_.key_space, key},
                            .space = storage::Space::kLsi,
                            .key = key,
                            .erase = !value,
                            .value = value.value_or("")});
    ASSERT_TRUE(sync_wait(storage->commit(std::move(batch), storage::Durability::kDurable)).has_value());
  }
  // The exit status; what was said is in errors_.
  int check() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = cmd::check({.directory = path_});
    errors_ = testing::internal::GetCapturedStderr();
    testing::internal::GetCapturedStdout();
    return status;
  }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_ / "data";
  Arena arena_;
  TableDefinition table_;
  std::string errors_;
};

TEST_F(CheckCommand, FindsACollectionSizeThatIsWrong) {
  const Bytes key = size_key("a");
  const std::int64_t size_bytes = kept_size(key);
  overwrite(key, encode_collection_size(size_bytes + 1));
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(errors_, HasSubstr("table t: 1 item collections have another size than is kept"));
  overwrite(key, encode_collection_size(size_bytes));
  EXPECT_EQ(check(), 0) << errors_;
}

TEST_F(CheckCommand, FindsACollectionWhoseSizeIsMissing) {
  overwrite(size_key("b"), std::nullopt);
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(errors_, HasSubstr("table t: 1 item collections have another size than is kept"));
}

TEST_F(CheckCommand, FindsTheSizeOfACollectionThatIsNotThere) {
  overwrite(size_key("nobody"), encode_collection_size(100));
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(errors_, HasSubstr("table t: 1 item collections have another size than is kept"));
}

TEST_F(CheckCommand, CountsEveryCollectionWithAWrongSize) {
  // Of one and the same sum, so that only a look at each finds them.
  const std::int64_t a = kept_size(size_key("a"));
  const std::int64_t b = kept_size(size_key("b"));
  ASSERT_NE(a, b);
  overwrite(size_key("a"), encode_collection_size(b));
  overwrite(size_key("b"), encode_collection_size(a));
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(errors_, HasSubstr("table t: 2 item collections have another size than is kept"));
}

TEST_F(CheckCommand, FindsASizeThatCannotBeRead) {
  overwrite(size_key("a"), "damaged");
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(errors_, HasSubstr("the size of an item collection is damaged"));
}

}  // namespace
}  // namespace armature::cmd
