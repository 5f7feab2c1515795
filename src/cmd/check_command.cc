#include "cmd/check_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/arena.h"
#include "catalog/catalog.h"
#include "index/entry_key.h"
#include "model/item.h"
#include "storage/rocksdb/check.h"
#include "table/change.h"

namespace armature::cmd {
namespace {

// What entries mean. They come in the order of spaces and key spaces, so that the definitions of tables are met before
// the entries of their local indexes, which cannot be told apart without them.
class Verifier {
 public:
  storage::EntryVerdict verify(storage::Space space, storage::KeySpaceId key_space, BytesView key, BytesView value) {
    if (key_space == storage::kCatalogKeySpace && is_definition_key(key)) return verify_definition(value);
    const bool is_user = key_space >= storage::kFirstUserKeySpace;
    const bool holds_items = space == storage::Space::kItems || space == storage::Space::kLsi;
    if (!is_user || !holds_items) return {};
    if (!is_valid_item(value)) return {fmt::format("the entry of {} key bytes is no whole item", key.size()), {}};
    const storage::KeySpaceStats size{1,
                                      static_cast<std::int64_t>(ItemView(value).size_bytes()) + kStorageOverheadBytes};
    if (space == storage::Space::kItems) return {{}, size};
    return verify_local_entry(key_space, key, size);
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
