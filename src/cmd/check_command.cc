#include "cmd/check_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "catalog/catalog.h"
#include "index/entry_key.h"
#include "model/item.h"
#include "storage/rocksdb/check.h"
#include "stream/record.h"
#include "stream/shard.h"
#include "table/change.h"
#include "table/collection_size.h"
#include "table/expiry_entry.h"

namespace armature::cmd {
namespace {

// What entries mean. They come in the order of spaces and key spaces, so that the definitions of tables are met before
// the entries of their local indexes, which cannot be told apart without them.
class Verifier {
 public:
  storage::EntryVerdict verify(storage::Space space, storage::KeySpaceId key_space, BytesView key, BytesView value) {
    if (key_space == storage::kCatalogKeySpace && is_definition_key(key)) return verify_definition(value);
    if (space == storage::Space::kTtl) return verify_expiry_entry(key_space, key, value);
    const bool is_user = key_space >= storage::kFirstUserKeySpace;
    if (is_user && space == storage::Space::kLsi && is_collection_size(key_space, key)) {
      return verify_collection_size(key_space, key, value);
    }
    if (is_user && space == storage::Space::kStream) return {verify_stream_entry(key, value), {}};
    const bool holds_items = space == storage::Space::kItems || space == storage::Space::kLsi;
    if (!is_user || !holds_items) return {};
    if (!is_valid_item(value)) return {fmt::format("the entry of {} key bytes is no whole item", key.size()), {}};
    const storage::KeySpaceStats size{1,
                                      static_cast<std::int64_t>(ItemView(value).size_bytes()) + kStorageOverheadBytes};
    if (space == storage::Space::kItems) {
      expect_expiry_entry(key_space, key, ItemView(value));
      count_in_collection(key_space, key, ItemView(value));
      return {{}, size};
    }
    count_in_collection(key_space, key, ItemView(value));
    return verify_local_entry(key_space, key, size);
  }

  // Of every table that deletes expired items: one entry for each item that expires, and no other. Of every table with
  // local indexes: the sizes of its item collections.
  std::vector<std::string> verify_whole() const {
    std::vector<std::string> problems;
    for (const auto& [key_space, collections] : collections_) {
      const auto wrong = std::ranges::count_if(collections, [](const auto& one) { return one.second != 0; });
      if (wrong == 0) continue;
      problems.push_back(fmt::format("table {}: {} item collections have another size than is kept",
                                     tables_.at(key_space).name, wrong));
    }
    for (const auto& [key_space, table] : tables_) {
      if (table.time_to_live.status != TimeToLiveStatus::kEnabled) continue;
      const auto sum_of = [key_space = key_space](const std::unordered_map<storage::KeySpaceId, KeySum>& sums) {
        const auto found = sums.find(key_space);
        return found == sums.end() ? KeySum{} : found->second;
      };
      const KeySum expected = sum_of(expected_expiry_);
      const KeySum found = sum_of(found_expiry_);
      if (expected == found) continue;
      problems.push_back(fmt::format("table {}: {} items expire, and {} expiry entries do not name exactly them",
                                     table.name, expected.count, found.count));
    }
    return problems;
  }

  // A crash may leave behind entries or figures of what was just removed from the catalog. They are never read again.
  bool is_in_use(storage::KeySpaceId key_space) const {
    return key_space < storage::kFirstUserKeySpace || in_use_.contains(key_space);
  }

 private:
  storage::EntryVerdict verify_definition(BytesView value) {
    Result<TableDefinition> table = decode_definition(value);
    if (!table) return {"the definition of a table cannot be read", {}};
    const storage::KeySpaceId key_space = table->key_space;
    in_use_.insert(key_space);
    for (const auto* indexes : {&table->local_indexes, &table->global_indexes}) {
      for (const IndexDefinition& index : *indexes) in_use_.insert(index.key_space);
    }
    tables_.insert_or_assign(key_space, *std::move(table));
    return {};
  }

  // Stands for a set of keys, whatever the order they come in.
  struct KeySum {
    std::uint64_t count = 0;
    std::uint64_t hashes = 0;
    void add(BytesView key) {
      ++count;
      hashes += std::hash<BytesView>()(key) | 1;
    }
    bool operator==(const KeySum&) const = default;
  };

  void expect_expiry_entry(storage::KeySpaceId key_space, BytesView item_key, const ItemView& item) {
    const auto table = tables_.find(key_space);
    if (table == tables_.end() || !keeps_expiry_entries(table->second.time_to_live)) return;
    const auto expires_s = expiry_s(item, table->second.time_to_live.attribute);
    if (expires_s) expected_expiry_[key_space].add(expiry_entry_key(*expires_s, item_key));
  }

  storage::EntryVerdict verify_expiry_entry(storage::KeySpaceId key_space, BytesView key, BytesView value) {
    if (!tables_.contains(key_space)) return {};  // Left of a table whose removal has not come to an end.
    if (!parse_expiry_entry(key)) return {"the key of an expiry entry is damaged", {}};
    if (value != BytesView(&kExpiryEntryFormat, 1)) return {"an expiry entry has a format that is not known", {}};
    found_expiry_[key_space].add(key);
    return {};
  }

  // --- Sizes of item collections. For each the bytes that are there, less the size that is kept. ---

  const TableDefinition* keeper_of_sizes(storage::KeySpaceId key_space) const {
    const auto table = tables_.find(key_space);
    return table != tables_.end() && table->second.keeps_collection_sizes ? &table->second : nullptr;
  }

  void count_in_collection(storage::KeySpaceId key_space, BytesView key, const ItemView& item) {
    if (keeper_of_sizes(key_space) == nullptr) return;
    if (const auto collection = hash_of_collection(key_space, key)) {
      add_to_collection(key_space, *collection, static_cast<std::int64_t>(item.size_bytes()));
    }
  }

  bool is_collection_size(storage::KeySpaceId key_space, BytesView key) {
    const TableDefinition* const table = keeper_of_sizes(key_space);
    if (table == nullptr) return false;
    arena_.reset();
    const auto position = find_local_entry_position(*table, key, &arena_);
    return position && position->index_id == kCollectionSizeId;
  }

  storage::EntryVerdict verify_collection_size(storage::KeySpaceId key_space, BytesView key, BytesView value) {
    const std::optional<std::int64_t> size_bytes = decode_collection_size(value);
    if (!size_bytes) return {"the size of an item collection is damaged", {}};
    add_to_collection(key_space, *hash_of_collection(key_space, key), -*size_bytes);
    return {};
  }

  // nullopt of a damaged key.
  std::optional<std::size_t> hash_of_collection(storage::KeySpaceId key_space, BytesView key) {
    arena_.reset();
    const auto prefix = find_item_collection_prefix(tables_.at(key_space), key, &arena_);
    if (!prefix) return std::nullopt;
    return std::hash<BytesView>()(*prefix);
  }

  void add_to_collection(storage::KeySpaceId key_space, std::size_t collection, std::int64_t bytes) {
    auto& collections = collections_[key_space];
    std::int64_t& sum = collections[collection];
    sum += bytes;
    // What has come out even needs no memory.
    if (sum == 0) collections.erase(collection);
  }

  static std::string verify_stream_entry(BytesView key, BytesView value) {
    if (stream::is_shards_guard_key(key)) return {};
    if (!stream::is_shard_key(key)) return stream::verify_record(key, value);
    return stream::is_valid_shard_row(key, value) ? "" : "the row of a shard is damaged";
  }

  // `size`: what the entry adds to the figures of its index.
  storage::EntryVerdict verify_local_entry(storage::KeySpaceId key_space, BytesView key, storage::KeySpaceStats size) {
    const auto table = tables_.find(key_space);
    if (table == tables_.end()) return {};  // Left of a table whose removal has not come to an end.
    arena_.reset();
    const auto position = find_local_entry_position(table->second, key, &arena_);
    if (!position) return {"the key of an entry of a local index is damaged", {}};
    for (const IndexDefinition& index : table->second.local_indexes) {
      if (index.id != position->index_id) continue;
      if (index.key_space == 0) return {};  // Older than the counting of local indexes.
      return {{}, size, index.key_space};
    }
    return {fmt::format("the table has no local index {}", position->index_id), {}};
  }

  std::unordered_map<storage::KeySpaceId, TableDefinition> tables_;  // By their key spaces.
  std::unordered_set<storage::KeySpaceId> in_use_;
  std::unordered_map<storage::KeySpaceId, KeySum> expected_expiry_;  // Of tables, by what their items say.
  std::unordered_map<storage::KeySpaceId, KeySum> found_expiry_;
  // By table, by the hash of what the keys of a collection share.
  std::unordered_map<storage::KeySpaceId, std::unordered_map<std::size_t, std::int64_t>> collections_;
  Arena arena_;
};

void show_progress(std::uint64_t done, std::uint64_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr, "\r{} of about {} entries", done, total);
}

}  // namespace

CLI::App* add_check_command(CLI::App* app, CheckOptions* options) {
  CLI::App* check = app->add_subcommand("check", "Verify the data directory of a stopped server");
  check->add_option("directory", options->directory, "Data directory")->required();
  return check;
}

int check(const CheckOptions& options) {
  Verifier verifier;
  const auto verify_entry = [&verifier](storage::Space space, storage::KeySpaceId key_space, BytesView key,
                                        BytesView value) { return verifier.verify(space, key_space, key, value); };
  const auto is_counted = [&verifier](storage::KeySpaceId key_space) { return verifier.is_in_use(key_space); };
  const auto report = storage::check_rocksdb({.directory = options.directory,
                                              .verify_entry = verify_entry,
                                              .verify_whole = [&verifier] { return verifier.verify_whole(); },
                                              .is_counted = is_counted,
                                              .progress = show_progress});
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
  if (!report) {
    fmt::print(stderr, "armature check: {}\n", report.error().message);
    return 1;
  }
  for (const std::string& problem : report->problems) fmt::print(stderr, "{}\n", problem);
  if (!report->sound()) {
    fmt::print(stderr, "{} has {} problems; restore it from a backup\n", options.directory, report->problem_count);
    return 1;
  }
  fmt::print("{} is sound: {} entries, {} bytes, {} key spaces\n", options.directory, report->entries, report->bytes,
             report->key_spaces);
  return 0;
}

}  // namespace armature::cmd
