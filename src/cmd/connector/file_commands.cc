// `armature import` and `armature export`: tables from and to files.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "base/when_all.h"
#include "cmd/connector/context.h"
#include "cmd/connector/interrupt.h"
#include "cmd/connector/progress.h"
#include "connector/batch_write.h"
#include "connector/copy_table.h"
#include "connector/item_file.h"
#include "connector/json_text.h"
#include "connector/table_keys.h"

namespace armature::cmd {
namespace {

using connector::ItemFormat;

constexpr std::size_t kItemsAtATime = 1000;  // 40 batches side by side.

struct FileOptions {
  std::string connection, table, path = "-", format;
  int segments = 8;
  bool json = false;
  bool dry_run = false;
};

Expected<ItemFormat, Failure> format_of(const FileOptions& options) {
  if (options.format.empty()) return connector::item_format_of(options.path);
  const auto format = connector::find_item_format(options.format);
  if (!format) return failed(fmt::format("--format is '{}'; it must be dynamodb, json or csv", options.format), "", 2);
  return *format;
}

void print_count(const FileOptions& options, std::string_view name, std::uint64_t items) {
  if (!options.json) return;
  fmt::print("{{\"{}\":{}}}\n", name, items);
}

// The key of an item, to tell apart items of one batch; empty when it lacks a key attribute.
std::string key_of(const std::string& item, const connector::KeyNames& keys) {
  Arena arena;
  const auto json = wire::parse_json(item, &arena);
  std::string key;
  for (const std::string& name : {keys.partition_key, keys.sort_key}) {
    if (name.empty()) continue;
    const wire::Json* const value = json ? (*json)->find(name) : nullptr;
    if (value == nullptr) return "";
    key += connector::json_text(*value);
  }
  return key;
}

class Import {
 public:
  Import(connector::OpenConnection* connection, const FileOptions& options, connector::KeyNames keys)
      : connection_(connection), options_(options), keys_(std::move(keys)), progress_("imported", 0, "items") {}

  Expected<void, Failure> run(connector::ItemReader* reader) {
    const CatchInterrupt catch_interrupt;
    while (!CatchInterrupt::flag().load()) {
      auto item = reader->next();
      if (!item) return stopped(item.error());
      if (!*item) {
        TRY(flush());
        progress_.finish(items_);
        return {};
      }
      TRY(add(std::move(**item)));
      const auto total = static_cast<double>(reader->bytes_in_all());
      progress_.update(items_, total > 0 ? static_cast<double>(reader->bytes_read()) / total : -1);
    }
    TRY(flush());
    progress_.finish(items_, false);
    return failed(fmt::format("interrupted after {} items", items_),
                  "Importing again is harmless: items are put whole.", 130);
  }
  std::uint64_t items() const { return items_; }

 private:
  Unexpected<Failure> stopped(const std::string& why) {
    progress_.finish(items_, false);
    return failed(fmt::format("{} ({} items before it were imported)", why, items_),
                  "Correct the file and import it again: items are put whole.");
  }

  // A batch must not name a key twice; the file's later item wins, as with puts one after the other.
  Expected<void, Failure> add(std::string item) {
    std::string key = key_of(item, keys_);
    if (key.empty()) {
      return stopped(fmt::format("item {} lacks a key attribute ({}{}{})", items_ + batch_.size() + 1,
                                 keys_.partition_key, keys_.sort_key.empty() ? "" : ", ", keys_.sort_key));
    }
    const auto [at, fresh] = positions_.emplace(std::move(key), batch_.size());
    if (fresh) {
      batch_.push_back(std::move(item));
    } else {
      batch_[at->second] = std::move(item);
      ++replaced_;
    }
    return batch_.size() < kItemsAtATime ? Expected<void, Failure>() : flush();
  }

  Expected<void, Failure> flush() {
    const std::size_t count = batch_.size() + replaced_;
    if (!options_.dry_run && !batch_.empty()) {
      auto put = sync_wait(connector::put_items(connection_, options_.table, std::move(batch_)));
      if (!put) {
        progress_.finish(items_, false);
        auto failure = std::move(failed(put.error(), connection_->saved())).take();
        failure.message = fmt::format("after {} items: {}", items_, failure.message);
        return Unexpected(std::move(failure));
      }
    }
    items_ += count;
    batch_.clear();
    positions_.clear();
    replaced_ = 0;
    return {};
  }

  connector::OpenConnection* const connection_;
  const FileOptions& options_;
  const connector::KeyNames keys_;
  Progress progress_;
  std::vector<std::string> batch_;
  std::map<std::string, std::size_t> positions_;  // Of keys in batch_.
  std::size_t replaced_ = 0;
  std::uint64_t items_ = 0;
};

Expected<connector::TableKeys, Failure> keys_of(connector::OpenConnection* connection, const std::string& table) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.member("TableName", table);
  writer.end_object();
  auto described = sync_wait(connection->call(connector::Service::kDynamoDb, "DescribeTable", body));
  if (!described) return failed(described.error(), connection->saved());
  auto keys = connector::read_table_keys(described->body);
  if (!keys) return failed(fmt::format("the description of table {} cannot be read", table));
  return std::move(*keys);
}

Expected<void, Failure> import_table(CommandContext* context, const FileOptions& options) {
  TRY_ASSIGN(const ItemFormat format, format_of(options));
  TRY_ASSIGN(const auto connection, context->open_connection(options.connection));
  TRY_ASSIGN(const connector::TableKeys keys, keys_of(connection.get(), options.table));
  auto reader = connector::open_item_reader(options.path, format);
  if (!reader) return failed(reader.error());
  Import import(connection.get(), options, keys.table);
  TRY(import.run(reader->get()));
  print_count(options, "imported", import.items());
  if (!options.json) {
    fmt::print("{} {} items {} {}.\n", options.dry_run ? "Checked" : "Imported", import.items(),
               options.dry_run ? "for" : "into", options.table);
  }
  return {};
}

Task<connector::CallResult<void>> write_items(connector::ItemWriter* writer, std::vector<std::string> items) {
  for (const std::string& item : items) {
    const auto written = writer->write(item);
    if (written) continue;
    connector::CallError error;
    error.kind = connector::CallError::Kind::kNotSent;
    error.type = "CannotWrite";
    error.message = written.error();
    co_return Unexpected(std::move(error));
  }
  co_return connector::CallResult<void>();
}

Expected<void, Failure> export_table(CommandContext* context, const FileOptions& options) {
  TRY_ASSIGN(const ItemFormat format, format_of(options));
  TRY_ASSIGN(const auto connection, context->open_connection(options.connection));
  TRY_ASSIGN(const connector::TableKeys keys, keys_of(connection.get(), options.table));
  std::vector<std::string> first{keys.table.partition_key};
  if (!keys.table.sort_key.empty()) first.push_back(keys.table.sort_key);
  // Under its name only when it is whole.
  const bool to_file = options.path != "-";
  std::string unfinished = options.path;
  if (to_file) {
    const std::size_t slash = options.path.rfind('/') + 1;
    unfinished = options.path.substr(0, slash) + ".unfinished-" + options.path.substr(slash);
  }
  auto writer = connector::open_item_writer(unfinished, format, std::move(first));
  if (!writer) return failed(writer.error());

  const CatchInterrupt catch_interrupt;
  connector::CopyState state;
  state.segments.resize(static_cast<std::size_t>(options.segments));
  Progress progress("exported", 0, "items");
  connector::TableScan scan{connection.get(),       options.table, &state, {}, [&] { progress.update(state.items()); },
                            &CatchInterrupt::flag()};
  scan.take = [&](std::vector<std::string> items) { return write_items(writer->get(), std::move(items)); };
  auto done = sync_wait(connector::scan_table(scan));
  progress.finish(state.items(), done && state.done());
  const auto give_up = [&](Unexpected<Failure> failure) {
    if (to_file) unlink(unfinished.c_str());
    return failure;
  };
  if (!done) return give_up(failed(done.error(), connection->saved()));
  if (!state.done()) return give_up(failed("interrupted; nothing was exported", "Export again.", 130));
  if (const auto finished = (*writer)->finish(); !finished) return give_up(failed(finished.error()));
  if (to_file && rename(unfinished.c_str(), options.path.c_str()) != 0)
    return give_up(failed(fmt::format("cannot rename {} to {}", unfinished, options.path)));
  if (to_file) print_count(options, "exported", state.items());
  if (!options.json) fmt::print(stderr, "Exported {} items of {}.\n", state.items(), options.table);
  return {};
}

void add_options(CLI::App* command, FileOptions* options, const char* path_help) {
  command->add_option("table", options->table, "Table")->required();
  command->add_option("file", options->path, path_help)->capture_default_str();
  command->add_option("--connection,-c", options->connection, "Connection; default as for sql");
  command->add_option(
      "--format", options->format,
      "dynamodb (JSON lines), json (plain JSON lines) or csv; default by the file's ending: .csv is CSV");
  command->add_flag("--json", options->json, "Print the result as JSON");
}

}  // namespace

void add_file_commands(CLI::App* app, CommandContext* context) {
  const auto in = std::make_shared<FileOptions>();
  CLI::App* const import_command = app->add_subcommand("import", "Put the items of a file into a table");
  add_options(import_command, in.get(), "File to read, packed with gzip or zstd or not; - is standard input");
  import_command->add_flag("--dry-run", in->dry_run, "Read and check the file, write nothing");
  context->on(import_command, [=] { return import_table(context, *in); });

  const auto out = std::make_shared<FileOptions>();
  CLI::App* const export_command = app->add_subcommand("export", "Write the items of a table to a file");
  add_options(export_command, out.get(), "File to write; .gz and .zst are packed; - is standard output");
  export_command->add_option("--segments", out->segments, "Parts read side by side")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  context->on(export_command, [=] { return export_table(context, *out); });
}

}  // namespace armature::cmd
