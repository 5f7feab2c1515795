// `armature copy`: a table from one connection to another.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cmd/connector/context.h"
#include "cmd/connector/interrupt.h"
#include "cmd/connector/progress.h"
#include "connector/batch_write.h"
#include "connector/copy_table.h"
#include "connector/json_text.h"
#include "connector/private_file.h"
#include "wire/json_reader.h"

namespace armature::cmd {
namespace {

using connector::CopyState;
using connector::OpenConnection;
using connector::Service;

struct CopyOptions {
  std::string from, to;  // CONNECTION/TABLE.
  int segments = 8;
  bool create = false;
  bool restart = false;
  bool verify = true;
  bool json = false;
  std::string state_file;
};

struct TableAt {
  std::string connection;
  std::string table;
};

Expected<TableAt, Failure> parse_place(const std::string& text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string::npos || slash + 1 == text.size()) {
    return failed(fmt::format("'{}' names no table; write CONNECTION/TABLE", text), "", 2);
  }
  return TableAt{text.substr(0, slash), text.substr(slash + 1)};
}

// Where an interrupted copy keeps what it has done: one file for each pair of tables.
Expected<std::string, Failure> default_state_file(const TableAt& from, const TableAt& to) {
  const auto directory = connector::config_directory();
  if (!directory) return failed(directory.error());
  std::string name = fmt::format("{}.{}.{}.{}", from.connection, from.table, to.connection, to.table);
  for (char& c : name) {
    if (c == '/' || c == ' ') c = '_';
  }
  return fmt::format("{}/copies/{}.json", *directory, name);
}

// `anew`: what an earlier copy has done is gone.
Expected<CopyState, Failure> begin_state(const CopyOptions& options, const std::string& path, bool anew) {
  const auto text = connector::read_file(path);
  if (!text) return failed(text.error());
  if (!*text || anew) {
    CopyState fresh;
    fresh.segments.resize(static_cast<std::size_t>(options.segments));
    return fresh;
  }
  auto state = connector::read_copy_state(**text);
  if (!state)
    return failed(fmt::format("{} cannot be used: {}", path, state.error().message),
                  "Remove it, or copy with --restart.");
  fmt::print(stderr, "Going on with an earlier copy: {} items are done (--restart begins anew).\n", state->items());
  return std::move(*state);
}

std::uint64_t item_count_of(const std::string& description) {
  Arena arena;
  const auto json = wire::parse_json(description, &arena);
  const wire::Json* const table = json ? (*json)->find("Table") : nullptr;
  const wire::Json* const count = table != nullptr ? table->find("ItemCount") : nullptr;
  const auto value = count != nullptr ? wire::as_long(*count) : Result<std::int64_t>(0);
  return value ? static_cast<std::uint64_t>(*value) : 0;
}

std::string table_body(const std::string& table) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.member("TableName", table);
  writer.end_object();
  return body;
}

Task<connector::CallResult<void>> wait_until_active(OpenConnection* connection, std::string table) {
  constexpr auto kPause = std::chrono::milliseconds(200);
  while (true) {
    auto reply = co_await connection->call(Service::kDynamoDb, "DescribeTable", table_body(table));
    if (!reply) co_return Unexpected(std::move(reply.error()));
    Arena arena;
    const auto json = wire::parse_json(reply->body, &arena);
    const wire::Json* const described = json ? (*json)->find("Table") : nullptr;
    const wire::Json* const status = described != nullptr ? described->find("TableStatus") : nullptr;
    if (status == nullptr || status->text == "ACTIVE") co_return connector::CallResult<void>();
    co_await SleepFor(kPause);
  }
}

// The target has to be there, or is made like the source. Returns whether it was made.
Expected<bool, Failure> prepare_target(OpenConnection* target, const std::string& table,
                                       const std::string& source_description, bool create) {
  auto described = sync_wait(target->call(Service::kDynamoDb, "DescribeTable", table_body(table)));
  if (described) return false;
  if (!described.error().is("ResourceNotFoundException")) return failed(described.error(), target->saved());
  if (!create)
    return failed(fmt::format("connection '{}' has no table {}", target->saved().name, table),
                  "Make it, or copy with --create.");
  auto request = connector::create_request_like(source_description, table);
  if (!request) return failed(request.error().message);
  auto created = sync_wait(target->call(Service::kDynamoDb, "CreateTable", std::move(*request)));
  if (!created) return failed(created.error(), target->saved());
  auto active = sync_wait(wait_until_active(target, table));
  if (!active) return failed(active.error(), target->saved());
  fmt::print(stderr, "Created table {} on '{}'.\n", table, target->saved().name);
  return true;
}

void print_result(const CopyOptions& options, std::uint64_t copied, const std::optional<std::uint64_t>& source,
                  const std::optional<std::uint64_t>& target) {
  if (!options.json) {
    fmt::print("Copied {} items from {} to {}.", copied, options.from, options.to);
    fmt::print("{}\n", target ? fmt::format(" Both tables have {} items.", *target) : "");
    return;
  }
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  writer.member("copied", static_cast<std::int64_t>(copied));
  if (source) writer.member("sourceItems", static_cast<std::int64_t>(*source));
  if (target) writer.member("targetItems", static_cast<std::int64_t>(*target));
  writer.end_object();
  fmt::print("{}\n", text);
}

Expected<void, Failure> verify(const CopyOptions& options, OpenConnection* source, const TableAt& from,
                               OpenConnection* target, const TableAt& to, std::uint64_t copied) {
  auto in_source = sync_wait(connector::count_items(source, from.table, options.segments));
  if (!in_source) return failed(in_source.error(), source->saved());
  auto in_target = sync_wait(connector::count_items(target, to.table, options.segments));
  if (!in_target) return failed(in_target.error(), target->saved());
  if (*in_source != *in_target) {
    if (options.json) print_result(options, copied, *in_source, *in_target);
    return failed(
        fmt::format("the counts differ: {} has {} items, {} has {}", options.from, *in_source, options.to, *in_target),
        "Either table was written to meanwhile, or the target was not empty before. Copy again with --restart.");
  }
  print_result(options, copied, *in_source, *in_target);
  return {};
}

// Remembers which side an error came from.
Task<connector::CallResult<void>> put(OpenConnection* target, std::string table, std::vector<std::string> items,
                                      bool* failed) {
  auto done = co_await connector::put_items(target, std::move(table), std::move(items));
  if (!done) *failed = true;
  co_return done;
}

Expected<void, Failure> copy(CommandContext* context, const CopyOptions& options) {
  TRY_ASSIGN(const TableAt from, parse_place(options.from));
  TRY_ASSIGN(const TableAt to, parse_place(options.to));
  if (from.connection == to.connection && from.table == to.table)
    return failed("source and target are the same table", "", 2);
  TRY_ASSIGN(const auto source, context->open_connection(from.connection));
  TRY_ASSIGN(const auto target, context->open_connection(to.connection));
  std::string path = options.state_file;
  if (path.empty()) {
    TRY_ASSIGN(path, default_state_file(from, to));
  }

  auto described = sync_wait(source->call(Service::kDynamoDb, "DescribeTable", table_body(from.table)));
  if (!described) return failed(described.error(), source->saved());
  TRY_ASSIGN(const bool created, prepare_target(target.get(), to.table, described->body, options.create));
  TRY_ASSIGN(CopyState state, begin_state(options, path, options.restart || created));

  const CatchInterrupt catch_interrupt;
  Progress progress("copied", item_count_of(described->body), "items");
  progress.update(state.items());
  std::optional<std::string> state_problem;
  connector::TableScan scan{source.get(), from.table, &state, {}, {}, &CatchInterrupt::flag()};
  bool target_failed = false;
  scan.take = [&](std::vector<std::string> items) {
    return put(target.get(), to.table, std::move(items), &target_failed);
  };
  scan.changed = [&] {
    progress.update(state.items());
    const auto saved = connector::replace_file(path, connector::copy_state_json(state));
    if (!saved && !state_problem) state_problem = saved.error();
  };
  auto copied = sync_wait(connector::scan_table(scan));
  progress.finish(state.items(), copied && state.done());
  if (state_problem) fmt::print(stderr, "note: {}; an interrupted copy would begin anew\n", *state_problem);
  if (!copied) {
    auto failure = failed(copied.error(), (target_failed ? target : source)->saved());
    Failure told = std::move(failure).take();
    told.message = fmt::format("after {} items: {}", state.items(), told.message);
    told.remedy += fmt::format("{}The same command goes on from here.", told.remedy.empty() ? "" : " ");
    return Unexpected(std::move(told));
  }
  if (!state.done()) {
    return failed(fmt::format("interrupted after {} items", state.items()), "The same command goes on from here.", 130);
  }
  unlink(path.c_str());
  if (options.verify) return verify(options, source.get(), from, target.get(), to, state.items());
  print_result(options, state.items(), std::nullopt, std::nullopt);
  return {};
}

}  // namespace

void add_copy_command(CLI::App* app, CommandContext* context) {
  CLI::App* const command = app->add_subcommand("copy", "Copy a table from one connection to another");
  const auto options = std::make_shared<CopyOptions>();
  command->add_option("from", options->from, "CONNECTION/TABLE to read")->required();
  command->add_option("to", options->to, "CONNECTION/TABLE to write")->required();
  command->add_option("--segments", options->segments, "Parts read side by side")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--create", options->create, "Make the target table like the source, when it is not there");
  command->add_flag("--restart", options->restart, "Begin anew, whatever an earlier copy has done");
  command->add_flag("!--no-verify", options->verify, "Do not count both tables at the end");
  command->add_option("--state-file", options->state_file,
                      "Where to keep what is done; default in the configuration directory");
  command->add_flag("--json", options->json, "Print the result as JSON");
  context->on(command, [=] { return copy(context, *options); });
}

}  // namespace armature::cmd
