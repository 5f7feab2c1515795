// `armature query`: save, run, list, show, remove.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cmd/connector/context.h"
#include "cmd/connector/rows.h"
#include "cmd/connector/text_table.h"
#include "connector/bind_query.h"
#include "connector/json_text.h"
#include "connector/near_names.h"
#include "connector/query_code.h"
#include "connector/run_query.h"

namespace armature::cmd {
namespace {

using connector::SavedQuery;

struct SaveOptions {
  std::string name, connection, folder, description, operation, body, statement;
  std::vector<std::string> variables;
  bool plain = false;
  bool replace = false;
};

struct RunOptions {
  std::string name, connection, format = "table", output, code;
  std::vector<std::string> values;
  bool all = false;
  int pages = 1;
  bool json = false;
};

Expected<std::string, Failure> read_text(const std::string& source) {
  if (source != "-" && !source.starts_with('@')) return source;
  if (source == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  const std::string path = source.substr(1);
  std::ifstream file(path);
  if (!file) return failed(fmt::format("cannot read {}", path), "", 2);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// NAME[:TYPE][=DEFAULT]; the default is JSON, or else a text.
Expected<connector::QueryVariable, Failure> parse_variable(const std::string& text) {
  connector::QueryVariable variable;
  const std::size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  const std::size_t colon = name.find(':');
  if (colon != std::string::npos) {
    const std::string type = name.substr(colon + 1);
    const auto found = connector::find_variable_type(type);
    if (!found)
      return failed(fmt::format("--var {}: '{}' is no type; there are S, N, B, BOOL, NULL, L, M, SS, NS, BS and name",
                                text, type),
                    "", 2);
    variable.type = *found;
    name.resize(colon);
  }
  variable.name = name;
  if (equals != std::string::npos) {
    variable.default_json = value_json(text.substr(equals + 1), variable.type);
    variable.required = false;
  }
  return variable;
}

Expected<SavedQuery, Failure> find_query(CommandContext* context, const std::string& name) {
  TRY_ASSIGN(auto store, context->queries());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  std::vector<std::string_view> names;
  for (SavedQuery& query : *all) {
    if (query.name == name || query.id == name) return std::move(query);
    names.push_back(query.name);
  }
  return failed(fmt::format("there is no query '{}'; {}", name, connector::did_you_mean(name, names)),
                "`armature query list` shows them.");
}

Expected<void, Failure> save(CommandContext* context, const SaveOptions& options) {
  SavedQuery query;
  query.name = options.name;
  query.connection = options.connection;
  query.folder = options.folder;
  query.description = options.description;
  query.updated_at_s = context->clock().now_s();
  query.value_format = options.plain ? connector::ValueFormat::kPlain : connector::ValueFormat::kDynamoDb;
  if (options.statement.empty() == options.operation.empty())
    return failed("give either --operation with --body, or --partiql", "", 2);
  if (!options.statement.empty()) {
    query.language = connector::QueryLanguage::kPartiQl;
    TRY_ASSIGN(query.body, read_text(options.statement));
  } else {
    query.operation = options.operation;
    TRY_ASSIGN(query.body, read_text(options.body));
  }
  for (const std::string& text : options.variables) {
    TRY_ASSIGN(connector::QueryVariable variable, parse_variable(text));
    query.variables.push_back(std::move(variable));
  }
  if (!query.connection.empty()) TRY(context->find_connection(query.connection));
  if (const auto errors = connector::validate(query); !errors.empty()) {
    return failed(fmt::format("{}: {}", errors.front().field, errors.front().message), "", 2);
  }
  TRY_ASSIGN(auto store, context->queries());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  for (const SavedQuery& other : *all) {
    if (other.name != query.name) continue;
    if (!options.replace)
      return failed(fmt::format("there is a query '{}' already", query.name),
                    "Save it with --replace, or under another name.");
    query.id = other.id;
  }
  auto stored = sync_wait(store.put(query));
  if (!stored) return failed(std::move(stored.error()));
  fmt::print("Saved query '{0}'. Run it: armature query run {0}\n", query.name);
  return {};
}

Expected<void, Failure> list(CommandContext* context, bool json) {
  TRY_ASSIGN(auto store, context->queries());
  auto all = sync_wait(store.list());
  if (!all) return failed(std::move(all.error()));
  if (json) {
    std::string text;
    wire::JsonWriter writer(&text);
    writer.begin_array();
    for (const SavedQuery& query : *all) connector::write_query(query, &writer);
    writer.end_array();
    fmt::print("{}\n", text);
    return {};
  }
  if (all->empty())
    fmt::print("No queries are saved. Save one: armature query save NAME --connection C --partiql 'SELECT …'\n");
  if (all->empty()) return {};
  TextTable table({"NAME", "CONNECTION", "KIND", "VARIABLES", "DESCRIPTION"});
  for (const SavedQuery& query : *all) {
    table.add({query.name, query.connection,
               query.language == connector::QueryLanguage::kPartiQl ? "PartiQL" : query.operation,
               fmt::format("{}", fmt::join(connector::used_variables(query.body), ", ")), query.description});
  }
  fmt::print("{}", table.text(terminal_width()));
  return {};
}

Expected<void, Failure> show(CommandContext* context, const RunOptions& options) {
  TRY_ASSIGN(const SavedQuery query, find_query(context, options.name));
  Arena arena;
  const std::string text = connector::query_json(query);
  const auto json = wire::parse_json(text, &arena);
  fmt::print("{}\n", options.json || !json ? text : connector::pretty_json(**json));
  return {};
}

Expected<void, Failure> remove(CommandContext* context, const std::string& name) {
  TRY_ASSIGN(const SavedQuery query, find_query(context, name));
  TRY_ASSIGN(auto store, context->queries());
  auto removed = sync_wait(store.remove(query.id));
  if (!removed) return failed(std::move(removed.error()));
  fmt::print("Removed query '{}'.\n", query.name);
  return {};
}

Expected<std::map<std::string, std::string>, Failure> parse_values(const SavedQuery& query,
                                                                   const std::vector<std::string>& texts) {
  std::map<std::string, std::string> values;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return failed(fmt::format("--var is '{}'; it must be NAME=VALUE", text), "", 2);
    const std::string name = text.substr(0, equals);
    auto type = connector::VariableType::kString;
    for (const connector::QueryVariable& variable : query.variables) {
      if (variable.name == name) type = variable.type;
    }
    values[name] = value_json(text.substr(equals + 1), type);
  }
  return values;
}

std::string current_user() {
  const char* const user = std::getenv("USER");
  return user != nullptr ? user : "";
}

Expected<void, Failure> print_code(const connector::SavedConnection& connection, const SavedQuery& query,
                                   const std::map<std::string, std::string>& values, const std::string& language,
                                   const Clock& clock) {
  connector::BindContext bind;
  bind.now_ms = clock.now_ms();
  bind.user = current_user();
  const auto bound = connector::bind_query(query, values, bind);
  if (!bound) return failed(bound.error().message, "", 2);
  const auto code = connector::query_code(connection, *bound, language);
  if (!code) return failed(code.error(), "", 2);
  fmt::print("{}", *code);
  return {};
}

// One page as JSON, for scripts: what the console's API answers.
std::string page_json(const connector::QueryPage& page) {
  std::string text;
  wire::JsonWriter writer(&text);
  writer.begin_object();
  connector::write_page_members(page, &writer);
  writer.end_object();
  return text;
}

Expected<void, Failure> run(CommandContext* context, const RunOptions& options) {
  TRY_ASSIGN(SavedQuery query, find_query(context, options.name));
  TRY_ASSIGN(const auto values, parse_values(query, options.values));
  const std::string named = options.connection.empty() ? query.connection : options.connection;
  if (!options.code.empty()) {
    TRY_ASSIGN(const auto saved, context->find_connection(named));
    return print_code(saved, query, values, options.code, context->clock());
  }
  const auto format = find_row_format(options.format);
  if (!format) return failed(fmt::format("--format is '{}'; it must be {}", options.format, kRowFormats), "", 2);
  TRY_ASSIGN(const auto connection, context->open_connection(named));

  connector::QueryRun request;
  request.query = query;
  request.variables = values;
  request.user = current_user();
  const int most_pages = options.all ? connection->settings().max_pages_per_run : options.pages;
  std::vector<std::string> items;
  bool has_items = false;
  connector::QueryPage page;
  int pages = 0;
  while (true) {
    auto result = sync_wait(connector::run_query(connection.get(), request));
    if (!result) return failed(result.error().error, connection->saved());
    page = std::move(*result);
    ++pages;
    for (const std::string& warning : page.warnings) fmt::print(stderr, "note: {}\n", warning);
    if (options.json) fmt::print("{}\n", page_json(page));
    has_items = page.has_items;
    items.insert(items.end(), page.items.begin(), page.items.end());
    const bool full = items.size() >= static_cast<std::size_t>(connection->settings().max_items_per_run);
    if (page.next_page.empty() || pages >= most_pages || full) break;
    request.page = page.next_page;
  }
  if (options.json) return {};
  const std::string text = has_items ? format_rows(items, *format, connection->settings().numbers, {},
                                                   options.output.empty() ? terminal_width() : 0)
                                     : page.output + "\n";
  if (!options.output.empty()) {
    std::ofstream file(options.output);
    file << text;
    if (!file.flush()) return failed(fmt::format("cannot write {}", options.output));
  } else {
    fmt::print("{}", text);
  }
  fmt::print(stderr, "{}\n", run_summary(page, items.size(), pages));
  if (!page.next_page.empty()) fmt::print(stderr, "There is more: run it with --all, or with more --pages.\n");
  return {};
}

}  // namespace

std::string value_json(const std::string& text, connector::VariableType type) {
  const bool texts = type == connector::VariableType::kString || type == connector::VariableType::kName ||
                     type == connector::VariableType::kBinary;
  Arena arena;
  if (!texts && wire::parse_json(text, &arena)) return text;
  std::string json;
  wire::JsonWriter writer(&json);
  writer.string(text);
  return json;
}

std::string run_summary(const connector::QueryPage& page, std::size_t items, int pages) {
  std::string text;
  if (page.has_items) text = fmt::format("{} item{}", items, items == 1 ? "" : "s");
  if (page.scanned_count && page.count && *page.scanned_count != *page.count)
    text += fmt::format(" of {} read", *page.scanned_count);
  if (pages > 1) text += fmt::format(", {} pages", pages);
  Arena arena;
  const auto capacity = wire::parse_json(page.consumed_capacity, &arena);
  if (!page.consumed_capacity.empty() && capacity) {
    const wire::Json* const units = (*capacity)->find("CapacityUnits");
    if (units != nullptr) text += fmt::format("{}{} units", text.empty() ? "" : ", ", units->text);
  }
  text += fmt::format("{}{:.1f} ms", text.empty() ? "" : ", ", page.round_trip_ms);
  if (page.server_ms) text += fmt::format(" ({:.1f} ms in the server)", *page.server_ms);
  return text;
}

void add_query_command(CLI::App* app, CommandContext* context) {
  CLI::App* const command = app->add_subcommand("query", "Saved queries");
  command->require_subcommand(1);

  const auto saved = std::make_shared<SaveOptions>();
  CLI::App* const save_command = command->add_subcommand("save", "Save a query");
  save_command->add_option("name", saved->name, "Name of the query")->required();
  save_command->add_option("--connection,-c", saved->connection, "Connection it is for");
  save_command->add_option("--operation", saved->operation, "Operation, such as Query or PutItem, with --body");
  save_command->add_option("--body", saved->body, "Its request, JSON; @FILE, or - for standard input");
  save_command->add_option("--partiql", saved->statement, "PartiQL statement; @FILE, or - for standard input");
  save_command->add_option("--var", saved->variables, "NAME[:TYPE][=DEFAULT] of a {{variable}}, repeatable");
  save_command->add_option("--folder", saved->folder, "Folder");
  save_command->add_option("--description", saved->description, "What it is for");
  save_command->add_flag("--plain", saved->plain, "Values of the body are plain JSON");
  save_command->add_flag("--replace", saved->replace, "Replace the one of that name");
  context->on(save_command, [=] { return save(context, *saved); });

  const auto options = std::make_shared<RunOptions>();
  CLI::App* const run_command = command->add_subcommand("run", "Run one");
  run_command->add_option("name", options->name, "Name of the query")->required();
  run_command->add_option("--var", options->values, "NAME=VALUE, repeatable");
  run_command->add_option("--connection,-c", options->connection, "Connection, instead of the query's own");
  run_command->add_option("--format", options->format, kRowFormats)->capture_default_str();
  run_command->add_option("--output,-o", options->output, "Write the items to this file");
  run_command->add_option("--pages", options->pages, "Pages to read")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  run_command->add_flag("--all", options->all,
                        "Read all pages, up to the connection's maxPagesPerRun and maxItemsPerRun");
  run_command->add_flag("--json", options->json, "Print one JSON object a page");
  run_command->add_option("--code", options->code,
                          "Print it as code instead: cli, curl, python, javascript, java or go");
  context->on(run_command, [=] { return run(context, *options); });

  const auto json = std::make_shared<bool>(false);
  CLI::App* const list_command = command->add_subcommand("list", "Show what is saved");
  list_command->add_flag("--json", *json, "Print JSON");
  context->on(list_command, [=] { return list(context, *json); });

  CLI::App* const show_command = command->add_subcommand("show", "Show one");
  show_command->add_option("name", options->name, "Name of the query")->required();
  show_command->add_flag("--json", options->json, "On one line");
  context->on(show_command, [=] { return show(context, *options); });

  CLI::App* const remove_command = command->add_subcommand("remove", "Forget one");
  remove_command->add_option("name", options->name, "Name of the query")->required();
  context->on(remove_command, [=] { return remove(context, options->name); });
}

}  // namespace armature::cmd
