#include "cmd/check_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "model/item.h"
#include "storage/rocksdb/check.h"
#include "table/change.h"

namespace armature::cmd {
namespace {

// Items, index entries and catalog rows are all items in form; only the items and global index entries of tables are counted.
storage::EntryVerdict verify_entry(storage::Space space, storage::KeySpaceId key_space, BytesView key, BytesView value) {
  const bool is_user = key_space >= storage::kFirstUserKeySpace;
  const bool holds_items = space == storage::Space::kItems || space == storage::Space::kLsi;
  if (!is_user || !holds_items) return {};
  if (!is_valid_item(value)) {
    return {fmt::format("key space {}: the entry of {} key bytes is no whole item", key_space, key.size()), {}};
  }
  if (space != storage::Space::kItems) return {};
  return {{}, {1, static_cast<std::int64_t>(ItemView(value).size_bytes()) + kStorageOverheadBytes}};
}

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
  const auto report =
      storage::check_rocksdb({.directory = options.directory, .verify_entry = verify_entry, .progress = show_progress});
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
