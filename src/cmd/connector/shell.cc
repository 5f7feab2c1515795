#include "cmd/connector/shell.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "cmd/connector/interrupt.h"
#include "cmd/connector/text_table.h"
#include "connector/call_rules.h"
#include "connector/json_text.h"
#include "connector/partiql_text.h"
#include "connector/run_query.h"
#include "connector/service.h"

namespace armature::cmd {
namespace {

using connector::Piece;
using connector::PieceKind;

constexpr int kDeepestInclude = 10;
constexpr std::size_t kMostAttributes = 2000;

constexpr std::string_view kHelp =
    "SELECT … ;              a PartiQL statement, over as many lines as it takes\n"
    "Query {…} ;             an operation with its request as JSON\n"
    "\\d                      list tables\n"
    "\\d TABLE                describe one\n"
    "\\format FORMAT          table, expanded, json, dynamodb or csv\n"
    "\\x                      expanded rows, on and off\n"
    "\\timing                 capacity and time, on and off\n"
    "\\c CONNECTION           another connection\n"
    "\\i FILE                 run a file\n"
    "\\?  \\q                  this help; end; so do help, quit and exit\n";

constexpr std::string_view kKeywords[] = {
    "SELECT",       "FROM",      "WHERE",       "INSERT INTO",     "VALUE",        "UPDATE",
    "SET",          "REMOVE",    "DELETE FROM", "RETURNING",       "ORDER BY",     "AND",
    "OR",           "NOT",       "IN",          "BETWEEN",         "IS MISSING",   "IS NOT MISSING",
    "begins_with(", "contains(", "size(",       "attribute_type(", "list_append(", "set_add(",
    "set_delete(",  "ALL OLD *", "ALL NEW *",   "MODIFIED NEW *"};
constexpr std::string_view kOperations[] = {"BatchGetItem",
                                            "BatchWriteItem",
                                            "CreateTable",
                                            "DeleteItem",
                                            "DeleteTable",
                                            "DescribeLimits",
                                            "DescribeTable",
                                            "DescribeTimeToLive",
                                            "GetItem",
                                            "ListTables",
                                            "PutItem",
                                            "Query",
                                            "Scan",
                                            "TransactGetItems",
                                            "TransactWriteItems",
                                            "UpdateItem",
                                            "UpdateTable",
                                            "UpdateTimeToLive"};
constexpr std::string_view kCommands[] = {"\\d", "\\format", "\\x", "\\timing", "\\c", "\\i", "\\q", "\\?"};

// A line typed at the terminal; nullopt at its end, and when Ctrl+C gives it up. Byte by byte, because what was typed
// ahead belongs to the prompt that follows.
std::optional<std::string> read_terminal_line() {
  std::string line;
  while (true) {
    if (!CatchInterrupt::wait_for_input(STDIN_FILENO)) return std::nullopt;
    char c = 0;
    if (read(STDIN_FILENO, &c, 1) != 1) return std::nullopt;
    if (c == '\n') return line;
    line += c;
  }
}

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

// Blanks and comments at the front.
std::size_t leading_blanks(std::string_view text) {
  std::size_t at = 0;
  for (const Piece& piece : connector::cut_statement(text)) {
    if (piece.kind != PieceKind::kBlank) break;
    at += piece.text.size();
  }
  return at;
}

// Where the JSON at `at` ends; npos: it does not yet.
std::size_t json_end(std::string_view text, std::size_t at) {
  int depth = 0;
  bool inside = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (inside) {
      if (c == '\\') ++at;
      if (c == '"') inside = false;
      continue;
    }
    if (c == '"') inside = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return std::string_view::npos;
}

// Behind the name and the blanks of "Query {"; npos: the text is no operation.
std::size_t operation_json(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0) ++at;
  if (at == 0) return std::string_view::npos;
  while (at < text.size() && is_blank(text[at])) ++at;
  return at < text.size() && text[at] == '{' ? at : std::string_view::npos;
}

std::string table_body(std::string_view table) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.begin_object();
  writer.member("TableName", table);
  writer.end_object();
  return body;
}

std::string text_of(const wire::Json& holder, std::string_view name) {
  const wire::Json* const member = holder.find(name);
  if (member == nullptr) return "";
  return member->is(wire::Json::Kind::kString) || member->is(wire::Json::Kind::kNumber) ? std::string(member->text)
                                                                                        : connector::json_text(*member);
}

std::string key_text(const wire::Json& holder) {
  std::string text;
  const wire::Json* const schema = holder.find("KeySchema");
  for (const wire::Json& element : schema != nullptr ? schema->elements : std::span<const wire::Json>()) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", text_of(element, "AttributeName"),
                        text_of(element, "KeyType") == "RANGE" ? "sort key" : "partition key");
  }
  return text;
}

std::string type_text(const wire::Json& table, const std::string& attribute) {
  const wire::Json* const definitions = table.find("AttributeDefinitions");
  for (const wire::Json& definition : definitions != nullptr ? definitions->elements : std::span<const wire::Json>()) {
    if (text_of(definition, "AttributeName") == attribute) return text_of(definition, "AttributeType");
  }
  return "";
}

void print_description(const wire::Json& table) {
  fmt::print("Table {}  {}\n", text_of(table, "TableName"), text_of(table, "TableStatus"));
  const wire::Json* const billing = table.find("BillingModeSummary");
  const std::string mode = billing != nullptr ? text_of(*billing, "BillingMode") : "PROVISIONED";
  fmt::print("{} items, {} bytes, {}\n", text_of(table, "ItemCount"), text_of(table, "TableSizeBytes"), mode);
  TextTable attributes({"ATTRIBUTE", "TYPE", "KEY"});
  const wire::Json* const definitions = table.find("AttributeDefinitions");
  const wire::Json* const schema = table.find("KeySchema");
  for (const wire::Json& element : schema != nullptr ? schema->elements : std::span<const wire::Json>()) {
    const std::string name = text_of(element, "AttributeName");
    attributes.add(
        {printable(name), type_text(table, name), text_of(element, "KeyType") == "RANGE" ? "sort" : "partition"});
  }
  for (const wire::Json& definition : definitions != nullptr ? definitions->elements : std::span<const wire::Json>()) {
    const std::string name = text_of(definition, "AttributeName");
    if (key_text(table).find(name + " (") == std::string::npos)
      attributes.add({printable(name), text_of(definition, "AttributeType"), ""});
  }
  fmt::print("{}", attributes.text(terminal_width()));
  for (const std::string_view kind :
       {std::string_view("LocalSecondaryIndexes"), std::string_view("GlobalSecondaryIndexes")}) {
    const wire::Json* const indexes = table.find(kind);
    for (const wire::Json& index : indexes != nullptr ? indexes->elements : std::span<const wire::Json>()) {
      const wire::Json* const projection = index.find("Projection");
      fmt::print("{} index {}: {}; projects {}\n", kind.starts_with("Local") ? "Local" : "Global",
                 text_of(index, "IndexName"), key_text(index),
                 projection != nullptr ? text_of(*projection, "ProjectionType") : "");
    }
  }
}

// The tables an operation's JSON names so far.
std::vector<std::string> tables_in_json(std::string_view text) {
  constexpr std::string_view kMember = "\"TableName\"";
  std::vector<std::string> names;
  for (std::size_t at = text.find(kMember); at != std::string_view::npos; at = text.find(kMember, at)) {
    at = std::min(text.find_first_not_of(" \t\n:", at + kMember.size()), text.size());
    if (at == text.size() || text[at] != '"') continue;
    const std::size_t end = text.find('"', ++at);
    if (end == std::string_view::npos) break;
    names.emplace_back(text.substr(at, end - at));
  }
  return names;
}

// Whether a value of that member is about to begin: `… "TableName": "`.
bool awaits_member(std::string_view text, std::string_view member) {
  if (text.ends_with('"')) text.remove_suffix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == ':')) text.remove_suffix(1);
  return text.ends_with(fmt::format("\"{}\"", member));
}

bool same_start(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

}  // namespace

std::optional<std::string> take_statement(std::string* text) {
  text->erase(0, leading_blanks(*text));
  if (text->empty()) return std::nullopt;
  std::size_t end = 0;
  if (const std::size_t json = operation_json(*text); json != std::string_view::npos) {
    end = json_end(*text, json);
    if (end == std::string_view::npos) return std::nullopt;
  } else {
    end = connector::statement_end(*text);
    if (end == std::string_view::npos) return std::nullopt;
    std::string statement = trimmed(std::string_view(*text).substr(0, end - 1));
    text->erase(0, end);
    return statement;
  }
  std::string statement = text->substr(0, end);
  text->erase(0, end);
  const std::size_t blanks = leading_blanks(*text);
  if (blanks < text->size() && (*text)[blanks] == ';') text->erase(0, blanks + 1);
  return statement;
}

Shell::Shell(CommandContext* context, std::unique_ptr<connector::OpenConnection> connection, RowFormat format,
             bool interactive)
    : context_(context), connection_(std::move(connection)), format_(format), interactive_(interactive) {}

std::string Shell::prompt(bool continued) const {
  return fmt::format("{}{} ", connection_->saved().name, continued ? "->" : "=>");
}

std::optional<Shell::Operation> Shell::as_operation(const std::string& statement) {
  const std::size_t json = operation_json(statement);
  if (json == std::string::npos) return std::nullopt;
  return Operation{trimmed(std::string_view(statement).substr(0, json)), statement.substr(json)};
}

Expected<void, Failure> Shell::run_statement(const std::string& statement) {
  if (statement.empty()) return {};
  connector::SavedQuery query;
  query.name = "statement";
  if (const auto operation = as_operation(statement)) {
    query.operation = operation->name;
    query.body = operation->body;
  } else {
    query.language = connector::QueryLanguage::kPartiQl;
    query.body = statement;
  }
  return run_query(std::move(query));
}

Expected<void, Failure> Shell::run_query(connector::SavedQuery query) {
  const bool changes_tables = query.operation.ends_with("Table");
  connector::QueryRun run;
  run.query = std::move(query);
  const CatchInterrupt catch_interrupt;
  all_pages_ = false;
  std::size_t items = 0;
  int pages = 0;
  while (true) {
    auto result = sync_wait(connector::run_query(connection_.get(), run));
    if (!result) return failed(result.error().error, connection_->saved());
    const connector::QueryPage page = std::move(*result);
    ++pages;
    items += page.items.size();
    learn(page);
    print_page(page);
    for (const std::string& warning : page.warnings) fmt::print(stderr, "note: {}\n", warning);
    const bool last = page.next_page.empty();
    if (last || pages == 1 || interactive_) {
      if (timing_ && interactive_) fmt::print(stderr, "{}\n", run_summary(page, items, pages));
    }
    if (last) break;
    if (CatchInterrupt::flag().load()) return failed("interrupted", "", 130);
    const auto& settings = connection_->settings();
    if (interactive_ && !all_pages_) {
      if (!wants_more()) break;
    } else if (pages >= settings.max_pages_per_run || items >= static_cast<std::size_t>(settings.max_items_per_run)) {
      fmt::print(
          stderr,
          "note: stopped after {} pages and {} items; connection options maxPagesPerRun and maxItemsPerRun set that\n",
          pages, items);
      break;
    }
    run.page = page.next_page;
  }
  if (changes_tables) tables_.reset(), keys_.clear();
  return {};
}

// Asked on a terminal between pages.
bool Shell::wants_more() {
  fmt::print(stderr, "More? Enter: next page, a: all, q: stop ");
  std::fflush(stderr);
  const std::optional<std::string> answered = read_terminal_line();
  if (!answered) fmt::print(stderr, "\n");
  const std::string answer = answered.value_or("q");
  all_pages_ = answer == "a";
  return answer.empty() || answer == "a" || answer == "y";
}

void Shell::print_page(const connector::QueryPage& page) {
  if (page.has_items) {
    const bool table = format_ == RowFormat::kTable || format_ == RowFormat::kExpanded;
    fmt::print("{}",
               format_rows(page.items, format_, connection_->settings().numbers, {}, table ? terminal_width() : 0));
  } else if (!page.output.empty() && page.output != "{}") {
    Arena arena;
    const auto json = wire::parse_json(page.output, &arena);
    const bool only_capacity = json && (*json)->members.size() == 1 && (*json)->members[0].name == "ConsumedCapacity";
    if (!only_capacity)
      fmt::print("{}\n", json && format_ != RowFormat::kDynamoDb ? connector::pretty_json(**json) : page.output);
  }
  std::fflush(stdout);
}

// Attributes of results complete later statements.
void Shell::learn(const connector::QueryPage& page) {
  if (!interactive_) return;
  for (const std::string& item : page.items) {
    Arena arena;
    const auto json = wire::parse_json(item, &arena);
    if (!json) continue;
    for (const wire::JsonMember& member : (*json)->members) {
      if (attributes_.size() >= kMostAttributes) return;
      if (std::find(attributes_.begin(), attributes_.end(), member.name) == attributes_.end())
        attributes_.emplace_back(member.name);
    }
  }
}

Expected<void, Failure> Shell::run_command(const std::string& line, bool* quit) {
  const std::string text = trimmed(line);
  const std::size_t space = text.find_first_of(" \t");
  const std::string command = text.substr(0, space);
  std::string argument = space == std::string::npos ? "" : trimmed(text.substr(space));
  if (argument.ends_with(';')) argument.pop_back();
  if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"')
    argument = argument.substr(1, argument.size() - 2);
  if (command == "\\q") {
    *quit = true;
    return {};
  }
  if (command == "\\?") return fmt::print("{}", kHelp), Expected<void, Failure>();
  if (command == "\\d") return argument.empty() ? list_tables() : describe(argument);
  if (command == "\\c") return connect(argument);
  if (command == "\\i") return include(argument);
  if (command == "\\timing") {
    timing_ = !timing_;
    fmt::print("Timing is {}.\n", timing_ ? "on" : "off");
    return {};
  }
  if (command == "\\x") {
    format_ = format_ == RowFormat::kExpanded ? RowFormat::kTable : RowFormat::kExpanded;
    fmt::print("Rows are {}.\n", format_ == RowFormat::kExpanded ? "expanded" : "a table");
    return {};
  }
  if (command == "\\format") {
    const auto format = find_row_format(argument);
    if (!format) return failed(fmt::format("\\format takes {}", kRowFormats));
    format_ = *format;
    return {};
  }
  return failed(fmt::format("there is no command {}", command), "\\? lists them.");
}

Expected<std::vector<std::string>, Failure> Shell::table_names() {
  std::vector<std::string> names;
  std::string start;
  while (true) {
    std::string body;
    wire::JsonWriter writer(&body);
    writer.begin_object();
    if (!start.empty()) writer.member("ExclusiveStartTableName", start);
    writer.end_object();
    auto reply = sync_wait(connection_->call(connector::Service::kDynamoDb, "ListTables", body));
    if (!reply) return failed(reply.error(), connection_->saved());
    Arena arena;
    const auto json = wire::parse_json(reply->body, &arena);
    const wire::Json* const page = json ? (*json)->find("TableNames") : nullptr;
    for (const wire::Json& name : page != nullptr ? page->elements : std::span<const wire::Json>())
      names.emplace_back(name.text);
    const wire::Json* const last = json ? (*json)->find("LastEvaluatedTableName") : nullptr;
    if (last == nullptr) break;
    start = last->text;
  }
  tables_ = names;
  return names;
}

Expected<void, Failure> Shell::list_tables() {
  TRY_ASSIGN(const std::vector<std::string> names, table_names());
  for (const std::string& name : names) fmt::print("{}\n", printable(name));
  if (names.empty()) fmt::print(stderr, "No tables in region {}.\n", connection_->saved().region);
  return {};
}

Expected<void, Failure> Shell::describe(const std::string& table) {
  auto reply = sync_wait(connection_->call(connector::Service::kDynamoDb, "DescribeTable", table_body(table)));
  if (!reply) return failed(reply.error(), connection_->saved());
  Arena arena;
  const auto json = wire::parse_json(reply->body, &arena);
  const wire::Json* const description = json ? (*json)->find("Table") : nullptr;
  if (description == nullptr) return failed("the description cannot be read");
  format_ == RowFormat::kJson || format_ == RowFormat::kDynamoDb
      ? fmt::print("{}\n", connector::pretty_json(*description))
      : print_description(*description);
  return {};
}

std::vector<std::string> Shell::connection_names() const {
  std::vector<std::string> names;
  auto store = context_->connections();
  if (!store) return names;
  const auto saved = sync_wait(store->list());
  if (!saved) return names;
  for (const connector::SavedConnection& connection : *saved) names.push_back(connection.name);
  return names;
}

Expected<void, Failure> Shell::connect(const std::string& name) {
  TRY_ASSIGN(connection_, context_->open_connection(name));
  tables_.reset();
  keys_.clear();
  attributes_.clear();
  if (interactive_) fmt::print("Now on '{}', region {}.\n", connection_->saved().name, connection_->saved().region);
  return {};
}

Expected<void, Failure> Shell::include(const std::string& path) {
  if (include_depth_ == kDeepestInclude)
    return failed(fmt::format("{}: files include each other more than {} deep", path, kDeepestInclude));
  std::ifstream file(path);
  if (!file) return failed(fmt::format("cannot read {}", path));
  ++include_depth_;
  const std::string text(std::istreambuf_iterator<char>(file), {});
  auto done = run_script(text, path);
  --include_depth_;
  return done;
}

Expected<void, Failure> Shell::run_script(std::string text, const std::string& name) {
  int line = 0, first_line = 0;  // Of the statement that is being read.
  const auto at_line = [&](Expected<void, Failure> done) -> Expected<void, Failure> {
    if (done || name.empty()) return done;
    Failure failure = std::move(done.error());
    failure.message = fmt::format("{}, line {}: {}", name, first_line, failure.message);
    return Unexpected(std::move(failure));
  };
  std::string buffer;
  bool quit = false;
  while (!text.empty() && !quit) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string next = text.substr(0, end);
    text.erase(0, std::min(end + 1, text.size()));
    ++line;
    const bool begins = leading_blanks(buffer) == buffer.size();
    if (begins) first_line = line;
    if (begins && trimmed(next).starts_with('\\')) {
      TRY(at_line(run_command(next, &quit)));
      continue;
    }
    buffer += next + '\n';
    while (auto statement = take_statement(&buffer)) {
      TRY(at_line(run_statement(*statement)));
      first_line = line;
    }
  }
  // The last statement of a script needs no ';'.
  buffer.erase(0, leading_blanks(buffer));
  if (!quit && !buffer.empty()) TRY(at_line(run_statement(trimmed(buffer))));
  return {};
}

const connector::TableKeys* Shell::keys_of(const std::string& table) {
  auto& known = keys_.try_emplace(table).first->second;
  if (!known) {
    known = sync_wait(connector::fetch_table_keys(connection_.get(), table));
    const auto learn_names = [&](const connector::KeyNames& names) {
      for (const std::string& name : {names.partition_key, names.sort_key}) {
        if (!name.empty() && std::find(attributes_.begin(), attributes_.end(), name) == attributes_.end())
          attributes_.push_back(name);
      }
    };
    if (known) {
      learn_names(known->table);
      for (const auto& [index, names] : known->indexes) learn_names(names);
    }
  }
  return known ? &*known : nullptr;
}

std::vector<std::string> Shell::complete(std::string_view before, std::string_view word) {
  std::vector<std::string> found;
  const auto offer = [&](std::string_view candidate) {
    if (same_start(candidate, word)) found.emplace_back(candidate);
  };
  const std::string trimmed_before = trimmed(before);
  if (trimmed_before.empty() && word.starts_with('\\')) {
    for (const std::string_view command : kCommands) offer(command);
    return found;
  }
  if (trimmed_before == "\\format") {
    for (const std::string_view format : {"table", "expanded", "json", "dynamodb", "csv"}) offer(format);
    return found;
  }
  if (trimmed_before == "\\c") {
    for (const std::string& name : connection_names()) offer(name);
    return found;
  }
  std::vector<Piece> pieces = connector::cut_statement(trimmed_before);
  std::erase_if(pieces, [](const Piece& piece) { return piece.kind == PieceKind::kBlank; });
  while (!pieces.empty() && pieces.back().text == "\"") pieces.pop_back();  // An identifier just begun.
  const bool table = !pieces.empty() && (is_word(pieces.back(), "FROM") || is_word(pieces.back(), "INTO") ||
                                         is_word(pieces.back(), "UPDATE"));
  if (table || trimmed_before == "\\d" || awaits_member(trimmed_before, "TableName")) {
    if (!tables_) static_cast<void>(table_names());
    for (const std::string& name : tables_.value_or(std::vector<std::string>())) offer(name);
    return found;
  }
  for (const std::string& name : connector::statement_tables(trimmed_before)) static_cast<void>(keys_of(name));
  for (const std::string& name : tables_in_json(trimmed_before)) static_cast<void>(keys_of(name));
  for (const std::string& name : attributes_) offer(name);
  if (pieces.empty()) {
    for (const std::string_view operation : kOperations) offer(operation);
  }
  if (!word.empty()) {
    for (const std::string_view keyword : kKeywords) offer(keyword);
  }
  return found;
}

}  // namespace armature::cmd
